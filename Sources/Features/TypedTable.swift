internal import GDAL

/// A table of texts some columns of which hold words for true and false: read as they stand, for GDAL's virtual layers make
/// zeros of them.
struct TypedTable: ImportSource {
    private let table: GDALSource
    private let booleans: Set<Int>
    let layers: [VectorLayer]

    /// - Parameter booleans: the fields of the first layer that hold such words.
    init(_ table: GDALSource, booleans: Set<Int>) {
        self.table = table
        self.booleans = booleans
        layers = table.layers.map { layer in
            VectorLayer(
                name: layer.name, crsWKT: layer.crsWKT, hasGeometry: layer.hasGeometry,
                fields: layer.fields.enumerated().map { index, field in
                    booleans.contains(index) ? VectorField(name: field.name, kind: .boolean) : field
                }, count: layer.count)
        }
    }

    var format: String { table.format }
    var notes: [String] { table.notes }

    func read(layer: Int, where condition: String?, _ body: (VectorFeature) throws -> Void) throws {
        try table.read(layer: layer, where: condition) { feature in
            let values = feature.values.enumerated().map { index, value in
                booleans.contains(index) ? Self.boolean(value) : value
            }
            try body(VectorFeature(id: feature.id, geometry: feature.geometry, values: values))
        }
    }

    /// The words that GDAL's driver of CSV takes for true and false.
    static func boolean(_ value: VectorValue) -> VectorValue {
        guard case .text(let text) = value else { return value }
        switch text.lowercased() {
        case "t", "true", "y", "yes", "on", "1": return .integer(1)
        case "f", "false", "n", "no", "off", "0": return .integer(0)
        default: return .null
        }
    }
}
