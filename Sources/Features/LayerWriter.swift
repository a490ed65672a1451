internal import FoundationEssentials
internal import GRDB
public import PlanetaryFrames

/// Puts a layer together beside the one that readers see, and gives it its name at the end.
///
/// Only one writer works on a file at a time. What was not finished is thrown away, at the latest by the next writer.
public final class LayerWriter {
    /// What becomes of a layer that is there already.
    public enum Mode: String, Sendable {
        /// There must be none.
        case create
        /// The new one takes its place.
        case replace
        /// The new features come behind those that are there.
        case append
    }

    private let store: FeatureStore
    private let lock: FeatureLock
    private let name: LayerName
    private let mode: Mode
    private let columns: [FeatureColumn]
    /// Columns of texts that are numbers or times in the layer: they do where they hold nothing.
    private let mustBeEmpty: [(index: Int, expected: FeatureColumn)]
    private let body: Body
    private let system: Int32
    private let insert: String
    private var batch: [(geometry: Geometry?, values: [FeatureValue])] = []
    private var box: FeatureBox?
    private var types: Set<String> = []
    /// The number of features so far.
    public private(set) var count = 0
    private var isFinished = false

    /// Begins a layer.
    /// - Throws: ``FeatureError`` when another writer is at work, or the layer cannot be written as `mode` has it.
    public init(
        _ store: FeatureStore, name: LayerName, body: Body, columns: [FeatureColumn], mode: Mode
    ) throws(FeatureError) {
        self.store = store
        self.name = name
        self.mode = mode
        self.body = body
        lock = try FeatureLock(beside: store.path)
        let existing = try store.layer(name)
        if existing != nil, mode == .create {
            throw .layerExists(name: name.description, path: store.path)
        }
        // What others have put into the file is theirs.
        if existing == nil, try store.hasTable(name.table) {
            throw .foreignTable(name: name.table, path: store.path)
        }
        if mode == .append, let existing {
            self.columns = Self.named(columns, as: existing)
            mustBeEmpty = try Self.check(self.columns, against: existing)
        } else {
            self.columns = columns
            mustBeEmpty = []
        }
        let columns = self.columns
        let table = GeoPackageSchema.quoted(GeoPackageSchema.staging)
        let names = columns.map { GeoPackageSchema.quoted($0.name) }
        insert =
            "INSERT INTO \(table) (geom\(names.map { ", " + $0 }.joined())) VALUES (?"
            + String(repeating: ", ?", count: names.count) + ")"
        system = try store.write { db in
            try FeatureStore.drop(GeoPackageSchema.staging, in: db)
            let list = zip(names, columns).map { ", \($0) \($1.kind.rawValue)" }.joined()
            try db.execute(
                sql:
                    "CREATE TABLE \(table) (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY\(list))"
            )
            try db.execute(
                sql: "CREATE VIRTUAL TABLE \(GeoPackageSchema.index(of: GeoPackageSchema.staging)) "
                    + "USING rtree(id, minx, maxx, miny, maxy)")
            return try GeoPackageSchema.system(of: body, in: db)
        }
    }

    deinit {
        if !isFinished {
            // A writer that comes to nothing leaves nothing; where this fails the next one clears up.
            try? store.write { try FeatureStore.drop(GeoPackageSchema.staging, in: $0) }
        }
    }

    /// Adds a feature.
    /// - Parameters:
    ///   - geometry: planetocentric degrees, east-positive, within -180 to 180; nil for none.
    ///   - values: one for each column.
    /// - Throws: ``FeatureError`` when the disk does not take it.
    public func add(_ geometry: Geometry?, _ values: [FeatureValue]) throws(FeatureError) {
        precondition(values.count == columns.count, "a value for each column")
        for (index, expected) in mustBeEmpty where values[index] != .null {
            throw Self.conflict(
                name, columns[index].name, columns[index].kind.rawValue, expected.kind.rawValue)
        }
        batch.append((geometry, values))
        count += 1
        if batch.count >= 5000 { try flush() }
    }

    /// Gives the layer its name: readers see the old one before and the new one after.
    /// - Parameters:
    ///   - description: what the layer holds, for people.
    ///   - source: where it comes from.
    ///   - assumptions: what was assumed, one sentence each.
    /// - Throws: ``FeatureError``; the old layer is there as it was.
    public func finish(description: String, source: String, assumptions: [String]) throws(FeatureError) {
        try flush()
        try store.write { db in
            let existing = try FeatureStore.layers(db, self.name).first
            if self.mode == .append, let existing {
                try self.append(to: existing, source, assumptions, in: db)
            } else {
                try self.publish(description, source, assumptions, in: db)
            }
        }
        isFinished = true
        // What is in the log goes to the file, so that programs which open it read-only find all of it there. The layer is
        // whole without that too, and the next one to write does it.
        _ = try? store.pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
    }

    private func flush() throws(FeatureError) {
        guard !batch.isEmpty else { return }
        var (box, types) = (box, types)
        try store.write { db in
            let statement = try db.cachedStatement(sql: self.insert)
            let index = try db.cachedStatement(
                sql:
                    "INSERT INTO \(GeoPackageSchema.index(of: GeoPackageSchema.staging)) VALUES (?, ?, ?, ?, ?)"
            )
            for (geometry, values) in self.batch {
                let place = geometry?.box
                var arguments: [DatabaseValue] = []
                arguments.reserveCapacity(values.count + 1)
                arguments.append(
                    geometry.map {
                        Data(GeoPackageGeometry.blob($0, system: self.system, box: place)).databaseValue
                    } ?? .null)
                for value in values { arguments.append(Self.stored(value)) }
                try statement.execute(arguments: StatementArguments(arguments))
                if let geometry { types.insert(geometry.typeName) }
                if let place {
                    try index.execute(
                        arguments: [db.lastInsertedRowID, place.minX, place.maxX, place.minY, place.maxY])
                    box = box?.union(place) ?? place
                }
            }
        }
        (self.box, self.types) = (box, types)
        batch.removeAll(keepingCapacity: true)
    }

    private static func stored(_ value: FeatureValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let number): number.databaseValue
        // SQLite keeps no NaN.
        case .real(let number): number.isNaN ? .null : number.databaseValue
        case .text(let text): text.databaseValue
        case .binary(let bytes): Data(bytes).databaseValue
        }
    }

    private func publish(
        _ description: String, _ source: String, _ assumptions: [String], in db: Database
    ) throws {
        let (table, staging) = (name.table, GeoPackageSchema.staging)
        try FeatureStore.drop(table, in: db)
        // Views of others on the layer would stop the renaming while it is not there.
        try db.execute(sql: "PRAGMA legacy_alter_table = ON")
        defer { try? db.execute(sql: "PRAGMA legacy_alter_table = OFF") }
        try db.execute(
            sql: "ALTER TABLE \(GeoPackageSchema.quoted(staging)) RENAME TO \(GeoPackageSchema.quoted(table))"
        )
        try db.execute(
            sql:
                "ALTER TABLE \(GeoPackageSchema.index(of: staging)) RENAME TO \(GeoPackageSchema.index(of: table))"
        )
        let type = types.count == 1 ? types.first ?? "GEOMETRY" : "GEOMETRY"
        try GeoPackageSchema.declare(type, of: table, in: db)
        try db.execute(sql: GeoPackageSchema.triggers(of: table))
        try db.execute(
            sql: """
                INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id)
                VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                table, name.description, description, box?.minX, box?.minY, box?.maxX, box?.maxY, system,
            ])
        try db.execute(
            sql: "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
            arguments: [table, type, system])
        try db.execute(
            sql: "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')",
            arguments: [table, "http://www.geopackage.org/spec120/#extension_rtree"])
        try db.execute(
            sql:
                "INSERT INTO tessera_layers (table_name, source, assumptions, feature_count) VALUES (?, ?, ?, ?)",
            arguments: [table, source, try Self.json(assumptions), count])
        try writeUnits(columns, in: db)
    }

    private func append(
        to layer: FeatureLayer, _ source: String, _ assumptions: [String], in db: Database
    ) throws {
        let table = name.table
        let known = Set(layer.columns.map(\.name))
        let withUnit = Set(layer.columns.filter { $0.unit != nil }.map(\.name))
        for column in columns where !known.contains(column.name) {
            try db.execute(
                sql: "ALTER TABLE \(GeoPackageSchema.quoted(table)) ADD COLUMN "
                    + "\(GeoPackageSchema.quoted(column.name)) \(column.kind.rawValue)")
        }
        let names = ["geom"] + columns.map { GeoPackageSchema.quoted($0.name) }
        let list = names.joined(separator: ", ")
        // The layer's triggers keep its index.
        try db.execute(
            sql: "INSERT INTO \(GeoPackageSchema.quoted(table)) (\(list)) SELECT \(list) "
                + "FROM \(GeoPackageSchema.quoted(GeoPackageSchema.staging)) ORDER BY fid")
        try FeatureStore.drop(GeoPackageSchema.staging, in: db)
        let all = layer.box.map { old in box.map { old.union($0) } ?? old } ?? box
        try db.execute(
            sql: """
                UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?,
                  last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?
                """, arguments: [all?.minX, all?.minY, all?.maxX, all?.maxY, table])
        if !types.isEmpty, types != [layer.geometryType] {
            let isFirst = layer.box == nil && types.count == 1
            let type = isFirst ? types.first ?? "GEOMETRY" : "GEOMETRY"
            try GeoPackageSchema.declare(type, of: table, in: db)
            try db.execute(
                sql: "UPDATE gpkg_geometry_columns SET geometry_type_name = ? WHERE table_name = ?",
                arguments: [type, table])
        }
        let said = layer.assumptions + assumptions.filter { !layer.assumptions.contains($0) }
        let sources = layer.source == source ? source : layer.source + "; " + source
        try db.execute(
            sql:
                "UPDATE tessera_layers SET source = ?, assumptions = ?, feature_count = ? WHERE table_name = ?",
            arguments: [sources, try Self.json(said), layer.count + count, table])
        try writeUnits(columns.filter { !withUnit.contains($0.name) }, in: db)
    }

    private func writeUnits(_ columns: [FeatureColumn], in db: Database) throws {
        for column in columns {
            guard let unit = column.unit else { continue }
            try db.execute(
                sql: "INSERT INTO tessera_columns (table_name, column_name, unit) VALUES (?, ?, ?)",
                arguments: [name.table, column.name, unit])
        }
    }

    /// The columns of a file with the names that a layer has them by: SQL does not tell `Name` and `name` apart.
    private static func named(_ columns: [FeatureColumn], as layer: FeatureLayer) -> [FeatureColumn] {
        columns.map { column in
            let known = layer.columns.first { $0.name.lowercased() == column.name.lowercased() }
            return FeatureColumn(name: known?.name ?? column.name, kind: column.kind, unit: column.unit)
        }
    }

    /// Columns of texts in the place of others, which must be empty: a column without values looks like one of texts.
    private static func check(_ columns: [FeatureColumn], against layer: FeatureLayer) throws(FeatureError)
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

    private static func conflict(_ layer: LayerName, _ column: String, _ found: String, _ expected: String)
        -> FeatureError
    {
        .columnConflict(layer: layer.description, column: column, found: found, expected: expected)
    }

    private static func json(_ texts: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    }
}

extension FeatureBox {
    /// The smallest box around two.
    func union(_ other: FeatureBox) -> FeatureBox {
        FeatureBox(
            minX: min(minX, other.minX), minY: min(minY, other.minY), maxX: max(maxX, other.maxX),
            maxY: max(maxY, other.maxY))
    }
}
