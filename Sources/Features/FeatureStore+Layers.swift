internal import FoundationEssentials
internal import GRDB
internal import PlanetaryFrames

extension FeatureStore {
    /// All layers, sorted by body and name.
    /// - Throws: ``FeatureError`` when the file cannot be read.
    public func layers() throws(FeatureError) -> [FeatureLayer] {
        try read { try Self.layers($0) }
    }

    /// One layer; nil when there is none of that name.
    /// - Throws: ``FeatureError`` when the file cannot be read.
    public func layer(_ name: LayerName) throws(FeatureError) -> FeatureLayer? {
        try read { try Self.layers($0, name).first }
    }

    /// Removes a layer.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer, ``FeatureError/busy(path:)`` while
    ///   an import runs.
    public func remove(_ name: LayerName) throws(FeatureError) {
        let lock = try FeatureLock(beside: path)
        defer { withExtendedLifetime(lock) {} }
        let known = try layers().map(\.name)
        guard known.contains(name) else {
            throw .noLayer(name: name.description, path: path, known: known.map(\.description))
        }
        try write { db in try Self.drop(name.table, in: db) }
    }

    static func layers(_ db: Database, _ name: LayerName? = nil) throws -> [FeatureLayer] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT c.table_name, c.identifier, c.description, c.last_change, c.min_x, c.min_y, c.max_x, c.max_y,
                  g.geometry_type_name, s.organization, s.organization_coordsys_id, l.source, l.assumptions,
                  l.feature_count
                FROM gpkg_contents c JOIN gpkg_geometry_columns g USING (table_name)
                  JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id JOIN tessera_layers l USING (table_name)
                WHERE ?1 IS NULL OR table_name = ?1
                """, arguments: [name?.table])
        return try rows.compactMap { row in
            guard let name = LayerName(table: row["table_name"]) else { return nil }
            let sides: [Double?] = [row["min_x"], row["min_y"], row["max_x"], row["max_y"]]
            let known = sides.compactMap { $0 }
            let organization: String = row["organization"]
            let code: Int = row["organization_coordsys_id"]
            let assumptions: String = row["assumptions"]
            return FeatureLayer(
                name: name, description: row["description"] ?? "",
                geometryType: row["geometry_type_name"], columns: try columns(of: name.table, in: db),
                count: row["feature_count"],
                box: known.count == 4
                    ? FeatureBox(minX: known[0], minY: known[1], maxX: known[2], maxY: known[3]) : nil,
                system: organization == "NONE" ? nil : "\(organization):\(code)", source: row["source"],
                assumptions: (try? JSONDecoder().decode([String].self, from: Data(assumptions.utf8))) ?? [],
                lastChange: row["last_change"])
        }
        .sorted { $0.name < $1.name }
    }

    static func columns(of table: String, in db: Database) throws -> [FeatureColumn] {
        let units = try Row.fetchAll(
            db, sql: "SELECT column_name, unit FROM tessera_columns WHERE table_name = ?", arguments: [table])
        let unitOf = Dictionary(
            units.map { ($0["column_name"] as String, $0["unit"] as String) }, uniquingKeysWith: { a, _ in a }
        )
        return try Row.fetchAll(db, sql: "PRAGMA table_info(\(GeoPackageSchema.quoted(table)))")
            .compactMap { row in
                let name: String = row["name"]
                if name == "fid" || name == "geom" { return nil }
                let kind = FeatureColumn.Kind(rawValue: row["type"]) ?? .text
                return FeatureColumn(name: name, kind: kind, unit: unitOf[name])
            }
    }

    /// Takes a layer away with all that speaks of it.
    static func drop(_ table: String, in db: Database) throws {
        try db.execute(sql: "DROP TABLE IF EXISTS \(GeoPackageSchema.index(of: table))")
        try db.execute(sql: "DROP TABLE IF EXISTS \(GeoPackageSchema.quoted(table))")
        for name in [
            "gpkg_geometry_columns", "gpkg_extensions", "tessera_layers", "tessera_columns", "gpkg_contents",
        ] {
            try db.execute(sql: "DELETE FROM \(name) WHERE table_name = ?", arguments: [table])
        }
    }
}
