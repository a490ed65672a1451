internal import Features

/// Writes features in GeoJSON (RFC 7946): longitudes and latitudes in degrees, as that has it, on the sphere of the body.
///
/// The RFC knows the Earth alone. The member `crs` of its forerunner, which GDAL and QGIS read, names the body's system.
struct GeoJSONFeatureWriter: FeatureWriter {
    private struct TypeText: Sendable {
        let type: FeatureType
        let open: [UInt8]
        /// `"name":` for each column.
        let columns: [(name: [UInt8], kind: FeatureColumn.Kind)]

        init(_ type: FeatureType) {
            self.type = type
            open = Array("{\"type\":\"Feature\",\"id\":\"\(type.name).".utf8)
            columns = type.columns.map { column in
                var text = ByteText()
                text.json(column.name)
                text.byte(":")
                return (text.bytes, column.kind)
            }
        }
    }

    private let types: [TypeText]
    private let system: String?
    private var part = 0
    private var isFirst = true

    /// - Parameter system: the name of the body's system of angles; nil for a body without one.
    init(_ parts: [FeaturePart], system: String?) {
        types = parts.map { TypeText($0.type) }
        self.system = system
    }

    mutating func begin(_ head: FeatureHead, into text: inout ByteText) {
        text.raw("{\"type\":\"FeatureCollection\",")
        if let system {
            text.raw("\"crs\":{\"type\":\"name\",\"properties\":{\"name\":")
            text.json(system)
            text.raw("}},")
        }
        text.raw(
            "\"numberMatched\":\(head.matched),\"numberReturned\":\(head.returned),\"timeStamp\":\"\(head.time)\","
        )
        let links = [("next", head.next), ("prev", head.previous)].compactMap { name, address in
            address.map { (name, $0) }
        }
        if !links.isEmpty {
            text.raw("\"links\":[")
            for (index, link) in links.enumerated() {
                text.raw(
                    (index == 0 ? "" : ",")
                        + "{\"rel\":\"\(link.0)\",\"type\":\"application/geo+json\",\"href\":")
                text.json(link.1)
                text.raw("}")
            }
            text.raw("],")
        }
        text.raw("\"features\":[")
    }

    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText) {}
    mutating func endPart(into text: inout ByteText) { part += 1 }

    mutating func write(_ features: [Feature], _ geometries: [Geometry?], into text: inout ByteText) {
        let type = types[part]
        for (feature, geometry) in zip(features, geometries) {
            text.raw(isFirst ? "\n" : ",\n")
            isFirst = false
            text.raw(type.open)
            text.integer(feature.id)
            text.raw("\",\"geometry\":")
            if let geometry { write(geometry, &text) } else { text.raw("null") }
            text.raw(",\"properties\":{")
            for (index, (column, value)) in zip(type.columns, feature.values).enumerated() {
                if index > 0 { text.byte(",") }
                text.raw(column.name)
                write(value, column.kind, &text)
            }
            text.raw("}}")
        }
    }

    mutating func end(into text: inout ByteText) { text.raw("\n]}\n") }

    private func write(_ value: FeatureValue, _ kind: FeatureColumn.Kind, _ text: inout ByteText) {
        switch value {
        case .null: text.raw("null")
        case _ where kind == .boolean: text.raw(value.isTrue ? "true" : "false")
        case .integer(let number): text.integer(number)
        // JSON has no word for what is no number.
        case .real(let number): if number.isFinite { text.real(number) } else { text.raw("null") }
        case .text(let string): text.json(string)
        case .binary(let bytes):
            text.byte("\"")
            text.hex(bytes)
            text.byte("\"")
        }
    }

    private func write(_ geometry: Geometry, _ text: inout ByteText) {
        switch geometry {
        case .point(let place):
            text.raw("{\"type\":\"Point\",\"coordinates\":")
            position(place, &text)
        case .multiPoint(let places):
            text.raw("{\"type\":\"MultiPoint\",\"coordinates\":")
            list(places, &text)
        case .line(let places):
            text.raw("{\"type\":\"LineString\",\"coordinates\":")
            list(places, &text)
        case .multiLine(let lines):
            text.raw("{\"type\":\"MultiLineString\",\"coordinates\":")
            lists(lines, &text)
        case .polygon(let rings):
            text.raw("{\"type\":\"Polygon\",\"coordinates\":")
            lists(rings, &text)
        case .multiPolygon(let polygons):
            text.raw("{\"type\":\"MultiPolygon\",\"coordinates\":[")
            for (index, rings) in polygons.enumerated() {
                if index > 0 { text.byte(",") }
                lists(rings, &text)
            }
            text.byte("]")
        case .collection(let parts):
            text.raw("{\"type\":\"GeometryCollection\",\"geometries\":[")
            for (index, part) in parts.enumerated() {
                if index > 0 { text.byte(",") }
                write(part, &text)
            }
            text.byte("]")
        }
        text.byte("}")
    }

    private func lists(_ lists: [[Position]], _ text: inout ByteText) {
        text.byte("[")
        for (index, places) in lists.enumerated() {
            if index > 0 { text.byte(",") }
            list(places, &text)
        }
        text.byte("]")
    }

    private func list(_ places: [Position], _ text: inout ByteText) {
        text.byte("[")
        for (index, place) in places.enumerated() {
            if index > 0 { text.byte(",") }
            position(place, &text)
        }
        text.byte("]")
    }

    private func position(_ place: Position, _ text: inout ByteText) {
        text.byte("[")
        text.fixed(place.x, .degrees)
        text.byte(",")
        text.fixed(place.y, .degrees)
        text.byte("]")
    }
}
