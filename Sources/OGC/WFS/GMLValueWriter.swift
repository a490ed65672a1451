internal import Features

/// Writes the values of one property (OGC 09-025r2, section 10.3).
struct GMLValueWriter: FeatureWriter {
    /// The property that is wanted.
    enum Subject: Sendable {
        case identifier
        case geometry
        /// The only column of the type.
        case column
    }

    let subject: Subject
    let type: FeatureType
    let body: String
    let gml: GMLVersion
    private let geometry: GMLGeometryText

    init(_ part: FeaturePart, _ subject: Subject, body: String, gml: GMLVersion) {
        self.subject = subject
        self.body = body
        self.gml = gml
        type = part.type
        geometry = GMLGeometryText(
            version: gml, system: part.system, isNorthFirst: part.isNorthFirst,
            decimals: part.projection.decimals)
    }

    mutating func begin(_ head: FeatureHead, into text: inout ByteText) {
        text.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:ValueCollection")
        text.raw(
            " numberMatched=\"\(head.matched)\" numberReturned=\"\(head.returned)\" timeStamp=\"\(head.time)\""
        )
        for (name, address) in [("next", head.next), ("previous", head.previous)] {
            guard let address else { continue }
            text.raw(" \(name)=\"")
            text.xml(address)
            text.raw("\"")
        }
        text.raw(
            " xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:gml=\"\(gml.namespace)\" "
                + "xmlns:tessera=\"\(FeatureType.namespace(of: body))\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:schemaLocation=\"http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd\">\n"
        )
    }

    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText) {}
    mutating func endPart(into text: inout ByteText) {}

    mutating func write(_ features: [Feature], _ geometries: [Geometry?], into text: inout ByteText) {
        for (feature, geometry) in zip(features, geometries) {
            switch subject {
            case .identifier:
                text.raw("<wfs:member>\(type.identifier(feature.id))</wfs:member>\n")
            case .geometry:
                guard let geometry else { continue }
                text.raw("<wfs:member>")
                self.geometry.write(geometry, id: type.identifier(feature.id) + ".geom", into: &text)
                text.raw("</wfs:member>\n")
            case .column:
                guard let value = feature.values.first, value != .null, let name = type.names.first else {
                    continue
                }
                text.raw("<wfs:member><tessera:\(name)>")
                GMLFeatureWriter.write(value, type.columns[0].kind, into: &text)
                text.raw("</tessera:\(name)></wfs:member>\n")
            }
        }
    }

    mutating func end(into text: inout ByteText) { text.raw("</wfs:ValueCollection>\n") }
}
