extension LayerWriter {
    /// The columns of a file with the names that a layer has them by: SQL does not tell `Name` and `name` apart.
    static func named(_ columns: [FeatureColumn], as layer: FeatureLayer) -> [FeatureColumn] {
        columns.map { column in
            let known = layer.columns.first { $0.name.lowercased() == column.name.lowercased() }
            return FeatureColumn(name: known?.name ?? column.name, kind: column.kind, unit: column.unit)
        }
    }

    /// Columns of texts in the place of others, which must be empty: a column without values looks like one of texts.
    static func check(_ columns: [FeatureColumn], against layer: FeatureLayer) throws(FeatureError)
        -> [(index: Int, expected: FeatureColumn)]
    {
        var mustBeEmpty: [(index: Int, expected: FeatureColumn)] = []
        for (index, column) in columns.enumerated() {
            guard let known = layer.columns.first(where: { $0.name == column.name }) else { continue }
            if column.kind == .text, known.kind != .text {
                mustBeEmpty.append((index, known))
                continue
            }
            guard known.kind == column.kind || known.kind == .real && column.kind == .integer else {
                throw conflict(layer.name, column.name, column.kind.rawValue, known.kind.rawValue)
            }
            if let unit = column.unit, let had = known.unit, unit != had {
                throw conflict(layer.name, column.name, unit, had)
            }
        }
        return mustBeEmpty
    }

    static func conflict(_ layer: LayerName, _ column: String, _ found: String, _ expected: String)
        -> FeatureError
    {
        .columnConflict(layer: layer.description, column: column, found: found, expected: expected)
    }
}
