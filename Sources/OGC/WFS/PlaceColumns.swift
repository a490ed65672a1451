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
