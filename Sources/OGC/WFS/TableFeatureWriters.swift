internal import Features
internal import Maps

/// Writes features as comma-separated values (RFC 4180).
struct CSVFeatureWriter: FeatureWriter {
    let type: FeatureType
    let place: PlaceColumns

    /// - Parameter parts: all of one type, with the same columns and in the same system.
    init(_ parts: [FeaturePart]) {
        type = parts[0].type
        place = PlaceColumns(parts[0])
    }

    /// - Throws: `InvalidParameterValue` for queries whose answers have no place in one table.
    static func check(_ questions: [FeatureQuestion]) throws(OGCException) {
        let first = questions[0]
        for question in questions.dropFirst() {
            guard question.type.name == first.type.name else {
                throw .invalid(
                    "OUTPUTFORMAT", "is CSV, which holds features of one type; the request asks for several")
            }
            guard question.type.columns.map(\.name) == first.type.columns.map(\.name),
                question.type.hasGeometry == first.type.hasGeometry
            else {
                throw .invalid(
                    "OUTPUTFORMAT",
                    "is CSV, which has one line of names; the queries ask for different properties")
            }
            guard question.projection.crs == first.projection.crs else {
                throw .invalid(
                    "OUTPUTFORMAT", "is CSV, whose places are in one system; the queries ask for several")
            }
        }
    }

    mutating func begin(_ head: FeatureHead, into text: inout ByteText) {
        text.raw(PlaceColumns.identifier(beside: type.columns))
        for name in place.names(beside: type.columns) + type.columns.map(\.name) {
            text.byte(",")
            text.csv(name)
        }
        text.raw("\r\n")
    }

    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText) {}
    mutating func endPart(into text: inout ByteText) {}

    mutating func write(_ features: [Feature], _ geometries: [Geometry?], into text: inout ByteText) {
        for (feature, geometry) in zip(features, geometries) {
            text.raw(type.name)
            text.byte(".")
            text.integer(feature.id)
            if place.hasGeometry {
                text.byte(",")
                if place.isPoint {
                    if case .point(let position)? = geometry {
                        text.fixed(position.x, place.decimals)
                        text.byte(",")
                        text.fixed(position.y, place.decimals)
                    } else {
                        text.byte(",")
                    }
                } else if let geometry {
                    text.byte("\"")
                    place.text(geometry, into: &text)
                    text.byte("\"")
                }
            }
            for (column, value) in zip(type.columns, feature.values) {
                text.byte(",")
                switch value {
                case .null: break
                case _ where column.kind == .boolean: text.raw(value.isTrue ? "true" : "false")
                case .integer(let number): text.integer(number)
                case .real(let number): text.real(number)
                case .text(let string): text.csv(string)
                case .binary(let bytes): text.hex(bytes)
                }
            }
            text.raw("\r\n")
        }
    }

    mutating func end(into text: inout ByteText) {}
}

/// Writes features as a VOTable (IVOA VOTable 1.4, `TABLEDATA`), a table for each type.
struct VOTableFeatureWriter: FeatureWriter {
    private let parts: [(type: FeatureType, place: PlaceColumns, system: String)]
    private let body: String
    private var part = 0
    private var isCut = false

    init(_ parts: [FeaturePart], body: String) {
        self.parts = parts.map { ($0.type, PlaceColumns($0), $0.system) }
        self.body = body
    }

    mutating func begin(_ head: FeatureHead, into text: inout ByteText) {
        text.raw(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VOTABLE version=\"1.4\" "
                + "xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">\n<RESOURCE type=\"results\">\n"
                + "<INFO name=\"QUERY_STATUS\" value=\"OK\"/>\n<INFO name=\"numberMatched\" value=\"\(head.matched)\"/>\n"
        )
        isCut = head.isCut
        if parts.count == 1 { openTable(&text) }
    }

    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText) { openTable(&text) }

    mutating func endPart(into text: inout ByteText) {
        closeTable(&text)
        part += 1
    }

    mutating func end(into text: inout ByteText) {
        if parts.count == 1 { closeTable(&text) }
        // Clients tell people then that rows are missing (IVOA DALI 1.1, section 4.4.1).
        if isCut { text.raw("<INFO name=\"QUERY_STATUS\" value=\"OVERFLOW\"/>\n") }
        text.raw("</RESOURCE>\n</VOTABLE>\n")
    }

    private func closeTable(_ text: inout ByteText) { text.raw("</TABLEDATA></DATA>\n</TABLE>\n") }

    private func openTable(_ text: inout ByteText) {
        let (type, place, system) = parts[part]
        text.raw("<TABLE name=\"\(type.name)\">\n<DESCRIPTION>")
        text.xml("\(type.title) of \(body). Positions are in \(system).")
        text.raw(
            "</DESCRIPTION>\n<PARAM name=\"target_name\" ucd=\"meta.id;src\" datatype=\"char\" arraysize=\"*\" value=\""
        )
        text.xml(body)
        text.raw("\"/>\n")
        field(
            PlaceColumns.identifier(beside: type.columns),
            "datatype=\"char\" arraysize=\"*\" ucd=\"meta.id;meta.main\"", nil, nil,
            &text)
        let names = place.names(beside: type.columns)
        if names.count == 2 {
            // Body-fixed, east-positive longitude and planetocentric latitude.
            let isAngle = place.isGeographic
            field(
                names[0],
                "datatype=\"double\"" + (isAngle ? " ucd=\"pos.bodyrc.long\"" : " ucd=\"pos.cartesian.x\""),
                isAngle ? "deg" : "m", nil, &text)
            field(
                names[1],
                "datatype=\"double\"" + (isAngle ? " ucd=\"pos.bodyrc.lat\"" : " ucd=\"pos.cartesian.y\""),
                isAngle ? "deg" : "m", nil, &text)
        } else if let name = names.first {
            field(
                name, "datatype=\"char\" arraysize=\"*\" ucd=\"pos.outline\"", nil, "Well-known text", &text)
        }
        for column in type.columns {
            let kind =
                switch column.kind {
                case .integer: "datatype=\"long\""
                case .real: "datatype=\"double\""
                case .boolean: "datatype=\"boolean\""
                case .date, .dateTime: "datatype=\"char\" arraysize=\"*\" xtype=\"timestamp\""
                case .text: "datatype=\"unicodeChar\" arraysize=\"*\""
                case .binary: "datatype=\"char\" arraysize=\"*\""
                }
            field(column.name, kind, column.unit, nil, &text)
        }
        text.raw("<DATA><TABLEDATA>\n")
    }

    private func field(
        _ name: String, _ kind: String, _ unit: String?, _ description: String?, _ text: inout ByteText
    ) {
        text.raw("<FIELD name=\"")
        text.xml(name)
        text.raw("\" \(kind)")
        if let unit {
            text.raw(" unit=\"")
            text.xml(unit)
            text.raw("\"")
        }
        if let description {
            text.raw("><DESCRIPTION>\(description)</DESCRIPTION></FIELD>\n")
        } else {
            text.raw("/>\n")
        }
    }

    mutating func write(_ features: [Feature], _ geometries: [Geometry?], into text: inout ByteText) {
        let (type, place, _) = parts[part]
        for (feature, geometry) in zip(features, geometries) {
            text.raw("<TR><TD>")
            text.raw(type.name)
            text.byte(".")
            text.integer(feature.id)
            text.raw("</TD>")
            if place.hasGeometry {
                text.raw("<TD>")
                if place.isPoint {
                    if case .point(let position)? = geometry {
                        text.fixed(position.x, place.decimals)
                        text.raw("</TD><TD>")
                        text.fixed(position.y, place.decimals)
                    } else {
                        text.raw("</TD><TD>")
                    }
                } else if let geometry {
                    place.text(geometry, into: &text)
                }
                text.raw("</TD>")
            }
            for (column, value) in zip(type.columns, feature.values) {
                text.raw("<TD>")
                switch value {
                case .null: break
                case .real(let number) where !number.isFinite:
                    text.raw(number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf")
                default: GMLFeatureWriter.write(value, column.kind, into: &text)
                }
                text.raw("</TD>")
            }
            text.raw("</TR>\n")
        }
    }

}
