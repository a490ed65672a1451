internal import FoundationEssentials
internal import GRDB
internal import Glibc
public import HiPS
internal import PlanetaryFrames

/// The features of a data directory: one GeoPackage, `DIR/features.gpkg`.
///
/// It is in SQLite's WAL mode, so that readers go on reading what was there while an import writes. All its layers hold
/// planetocentric angles in degrees, east-positive, within -180 to 180.
public final class FeatureStore: Sendable {
    /// The path of the GeoPackage.
    public let path: String
    let pool: DatabasePool
    /// Whether indexes for sorting may be made.
    let isWritable: Bool
    let tests = SpatialTests()
    let marks = PageMarks()
    let knownLayers = KnownLayers()

    /// Where the features of a data directory lie.
    public static func path(in data: DataDirectory) -> String { data.path + "/features.gpkg" }

    /// Opens the features of a data directory for reading.
    /// - Returns: nil when there are none.
    /// - Throws: ``FeatureError`` for a file that is no GeoPackage of ours, or cannot be read.
    public static func reading(_ data: DataDirectory) throws(FeatureError) -> FeatureStore? {
        let path = path(in: data)
        guard access(path, F_OK) == 0 else { return nil }
        let store = try FeatureStore(path: path, readOnly: true)
        return try store.isReady() ? store : nil
    }

    /// Opens the features of a data directory for reading and writing; makes them where there are none.
    /// - Throws: ``FeatureError`` for a file that is no GeoPackage of ours, or cannot be written.
    public static func writing(_ data: DataDirectory) throws(FeatureError) -> FeatureStore {
        let path = path(in: data)
        if mkdir(data.path, 0o777) != 0, errno != EEXIST {
            throw .database(path: data.path, reason: String(cString: strerror(errno)))
        }
        let store = try FeatureStore(path: path, readOnly: false)
        if try !store.isReady() {
            try store.write { db in
                // Another process may have been faster.
                if try !db.tableExists("gpkg_contents") { try GeoPackageSchema.create(in: db) }
            }
        }
        return store
    }

    private init(path: String, readOnly: Bool) throws(FeatureError) {
        self.path = path
        isWritable = !readOnly
        let tests = self.tests
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 8
        configuration.prepareDatabase { db in
            GeometryFunctions.register(in: db, tests)
            // Pages of the file that a connection keeps, 8 MB: a layer of some ten thousand points.
            try db.execute(sql: "PRAGMA cache_size = -8192")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw Self.error(path, error)
        }
    }

    /// Whether the file is a GeoPackage; an empty database is not one yet.
    private func isReady() throws(FeatureError) -> Bool {
        let (id, tables, ours) = try read { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0,
                try db.tableExists("tessera_layers")
            )
        }
        if tables == 0 { return false }
        guard id == Int(GeoPackageSchema.applicationID), ours else {
            throw .notAGeoPackage(
                path: path, found: ours ? "another kind of file" : "one that this program has not made")
        }
        return true
    }

    /// Whether there is a table or a view of a name, whoever made it.
    func hasTable(_ name: String) throws(FeatureError) -> Bool {
        try read { db in
            try String.fetchOne(
                db, sql: "SELECT name FROM sqlite_master WHERE name = ? COLLATE NOCASE", arguments: [name])
                != nil
        }
    }

    func read<T>(_ body: (Database) throws -> T) throws(FeatureError) -> T {
        // GRDB has a thread of its own for each connection.
        let patience = QueryPatience.current
        do {
            return try pool.read { db in
                guard let patience else { return try body(db) }
                return try patience.with { try patience.interrupting(db) { try body(db) } }
            }
        } catch {
            throw Self.error(path, error)
        }
    }

    func write<T>(_ body: (Database) throws -> T) throws(FeatureError) -> T {
        do { return try pool.write(body) } catch { throw Self.error(path, error) }
    }

    static func error(_ path: String, _ error: any Error) -> FeatureError {
        if let error = error as? FeatureError { return error }
        if let error = error as? DatabaseError {
            if error.resultCode == .SQLITE_NOTADB {
                return .notAGeoPackage(path: path, found: "no SQLite database")
            }
            if error.resultCode == .SQLITE_INTERRUPT { return .stopped }
            if error.resultCode == .SQLITE_BUSY { return .busy(path: path) }
            return .database(path: path, reason: error.message ?? "\(error.resultCode)")
        }
        return .database(path: path, reason: "\(error)")
    }

    /// A text that changes whenever a layer does.
    /// - Throws: ``FeatureError`` when the file cannot be read.
    public func version() throws(FeatureError) -> String {
        try read { db in
            try String.fetchOne(
                db.cachedStatement(
                    sql: "SELECT group_concat(table_name || ' ' || last_change) FROM gpkg_contents")) ?? ""
        }
    }
}
