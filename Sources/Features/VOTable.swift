internal import GDAL

/// Tables of the Virtual Observatory (IVOA VOTable 1.5), as an import reads them.
public enum VOTable {
    /// Reads all tables of a document in memory.
    /// - Returns: the number of rows of each.
    /// - Throws: ``FeatureError/source(path:reason:)`` for what is no VOTable, or has data that an import does not read.
    public static func rowCounts(_ document: [UInt8]) throws -> [Int] {
        let source = try VOTableSource(document)
        return try source.layers.indices.map { index in
            var count = 0
            let columns = source.layers[index].fields.count
            try source.read(layer: index, where: nil) { row in
                precondition(row.values.count == columns, "a value for each column")
                count += 1
            }
            return count
        }
    }
}
