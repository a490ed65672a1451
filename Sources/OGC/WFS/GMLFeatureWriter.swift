internal import Features

/// Writes features in the Geography Markup Language, in the collection that the service has for each version.
struct GMLFeatureWriter: FeatureWriter {
    /// How the parts of one type are written, made ready once.
    private struct TypeText: Sendable {
        let type: FeatureType
        let geometry: GMLGeometryText
        /// `<wfs:member><tessera:craters gml:id="craters.`
        let open: [UInt8]
        /// `<wfs:member xlink:href="#craters.`
        let refer: [UInt8]
        let close: [UInt8]
        let columns: [(open: [UInt8], close: [UInt8], kind: FeatureColumn.Kind)]

        init(_ part: FeaturePart, _ gml: GMLVersion, isAlone: Bool) {
            type = part.type
            geometry = GMLGeometryText(
                version: gml, system: part.system, isNorthFirst: part.isNorthFirst,
                decimals: part.projection.decimals)
            let element = FeatureType.prefix + ":" + type.name
            let member = gml == .v321 ? "wfs:member" : "gml:featureMember"
            let id = gml == .v212 ? "fid" : "gml:id"
            open = Array(
                ((isAlone ? "" : "<\(member)>") + "<\(element)" + (isAlone ? "" : " \(id)=\"\(type.name)."))
                    .utf8)
            refer = Array("<\(member) xlink:href=\"#\(type.name).".utf8)
            close = Array(("</\(element)>" + (isAlone ? "" : "</\(member)>\n")).utf8)
            columns = zip(type.names, type.columns).map { name, column in
                (
                    Array("<\(FeatureType.prefix):\(name)>".utf8),
                    Array("</\(FeatureType.prefix):\(name)>".utf8), column.kind
                )
            }
        }
    }

    private let gml: GMLVersion
    private let body: String
    private let address: String
    private let types: [TypeText]
    private let isSingle: Bool
    /// The number of the part that is written.
    private var part = 0
    /// The features that stand in the document, for types that several queries ask for: one of them has a feature, the others
    /// refer to it (OGC 09-025r2, 11.3.3.5).
    private var written: [String: KeySet] = [:]

    /// - Parameters:
    ///   - address: the address of the service, without a question mark.
    ///   - isSingle: whether the one feature is the whole document.
    /// - Throws: an `OGCException` for several queries of one type with more keys than can be remembered.
    init(
        _ parts: [FeaturePart], gml: GMLVersion, body: String, address: String, isSingle: Bool
    ) throws(OGCException) {
        self.gml = gml
        self.body = body
        self.address = address
        self.isSingle = isSingle
        types = parts.map { TypeText($0, gml, isAlone: isSingle) }
        var room = KeySet.mostKeys
        for (name, parts) in Dictionary(grouping: parts.filter { $0.returned > 0 }, by: \.type.name)
        where parts.count > 1 {
            // All of them found the layer in the same state.
            guard let keys = parts.lazy.compactMap(\.keys).first else { continue }
            guard let set = KeySet(keys, room: &room) else {
                throw OGCException(
                    .operationProcessingFailed, locator: "Query",
                    "Several queries ask for \(name), which has too many features for that; join the conditions with Or."
                )
            }
            written[name] = set
        }
    }

    private static let openGeometry = Array("<tessera:geom>".utf8)
    private static let closeGeometry = Array("</tessera:geom>".utf8)

    // MARK: Head and foot

    /// The declarations of namespaces, and where their schemas are.
    private func declarations(withCollection: Bool, into text: inout ByteText) {
        let namespace = FeatureType.namespace(of: body)
        let (wfs, version, schema) =
            switch gml {
            case .v212:
                ("http://www.opengis.net/wfs", "1.0.0", "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd")
            case .v311:
                ("http://www.opengis.net/wfs", "1.1.0", "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd")
            case .v321:
                ("http://www.opengis.net/wfs/2.0", "2.0.0", "http://schemas.opengis.net/wfs/2.0/wfs.xsd")
            }
        var names: [String] = []
        for type in types where !names.contains(type.type.name) { names.append(type.type.name) }
        let list = names.map { FeatureType.prefix + "%3A" + $0 }.joined(separator: ",")
        let described =
            address + "?SERVICE=WFS&VERSION=\(version)&REQUEST=DescribeFeatureType&"
            + (gml == .v321 ? "TYPENAMES=" : "TYPENAME=") + list
        for (prefix, name) in [
            ("wfs", wfs), ("gml", gml.namespace), (FeatureType.prefix, namespace),
            ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ] + (written.isEmpty ? [] : [("xlink", "http://www.w3.org/1999/xlink")]) {
            text.raw(" xmlns:\(prefix)=\"\(name)\"")
        }
        text.raw(" xsi:schemaLocation=\"")
        text.xml(
            (withCollection ? "\(wfs) \(schema) " : "") + "\(gml.namespace) \(gml.schemaLocation) "
                + "\(namespace) \(described)")
        text.raw("\"")
    }

    mutating func begin(_ head: FeatureHead, into text: inout ByteText) {
        text.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        guard !isSingle else { return }
        text.raw("<wfs:FeatureCollection")
        attributes(head, into: &text)
        declarations(withCollection: true, into: &text)
        text.raw(">\n")
        bounds(head.bounds, isOutermost: true, into: &text)
    }

    private func attributes(_ head: FeatureHead, into text: inout ByteText) {
        switch gml {
        case .v212: return
        case .v311: text.raw(" numberOfFeatures=\"\(head.returned)\" timeStamp=\"\(head.time)\"")
        case .v321:
            text.raw(
                " numberMatched=\"\(head.matched)\" numberReturned=\"\(head.returned)\" timeStamp=\"\(head.time)\""
            )
            for (name, address) in [("next", head.next), ("previous", head.previous)] {
                guard let address else { continue }
                text.raw(" \(name)=\"")
                text.xml(address)
                text.raw("\"")
            }
        }
    }

    private func bounds(_ box: FeatureBox?, isOutermost: Bool, into text: inout ByteText) {
        let name = gml == .v321 && isOutermost ? "wfs:boundedBy" : "gml:boundedBy"
        if let box, let geometry = types.first?.geometry {
            text.raw("<\(name)>")
            geometry.envelope(box, into: &text)
            text.raw("</\(name)>\n")
        } else if gml == .v212 {
            // It must stand there.
            text.raw("<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>\n")
        }
    }

    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText) {
        // A collection for each query (OGC 09-025r2, section 11.3.3.5); earlier versions have one for all.
        guard gml == .v321 else { return }
        text.raw("<wfs:member><wfs:FeatureCollection")
        attributes(head, into: &text)
        text.raw(">\n")
    }

    mutating func endPart(into text: inout ByteText) {
        part += 1
        if gml == .v321 { text.raw("</wfs:FeatureCollection></wfs:member>\n") }
    }

    mutating func end(into text: inout ByteText) {
        if !isSingle { text.raw("</wfs:FeatureCollection>\n") }
    }

    // MARK: Features

    mutating func write(_ features: [Feature], _ geometries: [Geometry?], into text: inout ByteText) {
        let type = types[part]
        let name = type.type.name
        for (feature, geometry) in zip(features, geometries) {
            if written[name]?.insert(feature.id) == false {
                text.raw(type.refer)
                text.integer(feature.id)
                text.raw("\"/>\n")
                continue
            }
            text.raw(type.open)
            if isSingle {
                text.raw(gml == .v212 ? " fid=\"" : " gml:id=\"")
                text.raw(type.type.name)
                text.byte(".")
            }
            text.integer(feature.id)
            text.byte("\"")
            if isSingle { declarations(withCollection: false, into: &text) }
            text.byte(">")
            if let geometry {
                // A point is the box around itself.
                if case .point = geometry {
                } else if let box = geometry.box {
                    text.raw("<gml:boundedBy>")
                    type.geometry.envelope(box, into: &text)
                    text.raw("</gml:boundedBy>")
                }
                text.raw(Self.openGeometry)
                type.geometry.write(
                    geometry, id: gml == .v321 ? "\(type.type.name).\(feature.id).geom" : "", into: &text)
                text.raw(Self.closeGeometry)
            }
            for (column, value) in zip(type.columns, feature.values) {
                if case .null = value { continue }
                text.raw(column.open)
                Self.write(value, column.kind, into: &text)
                text.raw(column.close)
            }
            text.raw(type.close)
        }
    }

    /// A value as it stands in XML.
    static func write(_ value: FeatureValue, _ kind: FeatureColumn.Kind, into text: inout ByteText) {
        if kind == .boolean {
            text.raw(value.isTrue ? "true" : "false")
            return
        }
        switch value {
        case .null: break
        case .integer(let number): text.integer(number)
        case .real(let number): text.real(number)
        case .text(let string): text.xml(string)
        case .binary(let bytes): text.hex(bytes)
        }
    }
}
