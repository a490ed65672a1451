internal import GRDB
internal import Synchronization

/// Layers that were looked up before, so that a request does not read their descriptions again.
final class KnownLayers: Sendable {
    /// What is another one after every import.
    private struct Mark: Sendable, Equatable {
        let id: Int64
        let lastChange: String
        let count: Int
    }

    private let layers = Mutex<[LayerName: (mark: Mark, layer: FeatureLayer)]>([:])

    private static let query = """
        SELECT l.id, c.last_change, l.feature_count FROM tessera_layers l JOIN gpkg_contents c USING (table_name)
        WHERE table_name = ?
        """

    /// A layer; nil when there is none of that name.
    func layer(_ name: LayerName, in db: Database) throws -> FeatureLayer? {
        let statement = try db.cachedStatement(sql: Self.query)
        guard let row = try Row.fetchOne(statement, arguments: [name.table]) else { return nil }
        let mark = Mark(id: row[0], lastChange: row[1], count: row[2])
        if let known = layers.withLock({ $0[name] }), known.mark == mark { return known.layer }
        guard let layer = try FeatureStore.layers(db, name).first else { return nil }
        layers.withLock { $0[name] = (mark, layer) }
        return layer
    }
}
