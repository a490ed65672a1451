internal import Features
internal import Maps

/// How the place of a feature stands in a table: two columns of a point, or one with well-known text.
struct PlaceColumns: Sendable {
    let isPoint: Bool
    let hasGeometry: Bool
    let isGeographic: Bool
    let decimals: Decimals

    init(_ part: FeaturePart) {
        isPoint = part.type.layer.geometryType == "POINT"
        hasGeometry = part.type.hasGeometry
        isGeographic = part.projection.crs.isGeographic
        decimals = part.projection.decimals
    }

    /// The name of the column with the identifiers, which is none of the layer's own.
    static func identifier(beside columns: [FeatureColumn]) -> String {
        let taken = Set(columns.map { $0.name.lowercased() })
        var name = taken.contains("id") ? "feature_id" : "id"
        while taken.contains(name) { name += "_" }
        return name
    }

    /// The names of the columns, none of which is one of the others'.
    func names(beside columns: [FeatureColumn]) -> [String] {
        guard hasGeometry else { return [] }
        guard isPoint else { return [PropertyName.geometry] }
        let taken = Set(columns.map { $0.name.lowercased() })
        return (isGeographic ? ["lon", "lat"] : ["x", "y"]).map {
            taken.contains($0) ? PropertyName.geometry + "_" + $0 : $0
        }
    }

    /// Well-known text (OGC 06-103r4, section 7).
    func text(_ geometry: Geometry, into text: inout ByteText) {
        switch geometry {
        case .collection(let parts):
            text.raw("GEOMETRYCOLLECTION (")
            for (index, part) in parts.enumerated() {
                if index > 0 { text.byte(",") }
                self.text(part, into: &text)
            }
            text.byte(")")
        case .point(let place):
            text.raw("POINT ")
            list([place], &text)
        case .multiPoint(let places):
            text.raw("MULTIPOINT ")
            list(places, &text)
        case .line(let places):
            text.raw("LINESTRING ")
            list(places, &text)
        case .multiLine(let lines):
            text.raw("MULTILINESTRING ")
            lists(lines, &text)
        case .polygon(let rings):
            text.raw("POLYGON ")
            lists(rings, &text)
        case .multiPolygon(let polygons):
            text.raw("MULTIPOLYGON (")
            for (index, rings) in polygons.enumerated() {
                if index > 0 { text.byte(",") }
                lists(rings, &text)
            }
            text.byte(")")
        }
    }

    private func lists(_ lists: [[Position]], _ text: inout ByteText) {
        text.byte("(")
        for (index, places) in lists.enumerated() {
            if index > 0 { text.byte(",") }
            list(places, &text)
        }
        text.byte(")")
    }

    private func list(_ places: [Position], _ text: inout ByteText) {
        text.byte("(")
        for (index, place) in places.enumerated() {
            if index > 0 { text.byte(",") }
            text.fixed(place.x, decimals)
            text.byte(" ")
            text.fixed(place.y, decimals)
        }
        text.byte(")")
    }
}

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
        if parts.count == 1 { openTable(&text) }
    }

    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText) { openTable(&text) }

    mutating func endPart(into text: inout ByteText) {
        closeTable(&text)
        part += 1
    }

    mutating func end(into text: inout ByteText) {
        if parts.count == 1 { closeTable(&text) }
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
