import Features

/// Tables of the Virtual Observatory: all rows of all tables.
enum VOTableTarget {
    static func table(_ bytes: [UInt8]) {
        guard let counts = try? VOTable.rowCounts(bytes) else { return }
        // A second look at the same bytes finds the same.
        guard let again = try? VOTable.rowCounts(bytes), again == counts else {
            fatalError("a table was read twice and not found the same")
        }
    }
}
