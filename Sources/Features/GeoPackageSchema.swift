internal import GDAL
internal import GRDB
internal import PlanetaryFrames

/// The tables that make a SQLite file a GeoPackage (OGC 12-128r18, 1.3), and ours beside them.
enum GeoPackageSchema {
    /// "GPKG" in ASCII.
    static let applicationID: Int32 = 0x4750_4B47
    /// GeoPackage 1.3.0.
    static let userVersion = 10300
    /// Where a layer is put together before it gets its name.
    static let staging = "tessera_staging"

    static func create(in db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(userVersion)")
        try db.execute(sql: tables)
        try db.execute(
            sql: """
                INSERT INTO gpkg_spatial_ref_sys VALUES
                  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
                  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
                  ('WGS 84 geodetic', 4326, 'EPSG', 4326, ?, 'required of every GeoPackage; no layer uses it')
                """, arguments: [try SpatialReference.wkt1("EPSG:4326")])
        // Registered, so that programs show them as tables and hide what is not registered: a layer in the making.
        for (name, title) in [
            ("tessera_layers", "Where the layers come from"), ("tessera_columns", "Units of the columns"),
        ] {
            try db.execute(
                sql:
                    "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
                arguments: [name, title])
        }
    }

    private static let tables = """
        CREATE TABLE gpkg_spatial_ref_sys (
          srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
          organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        CREATE TABLE gpkg_contents (
          table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
          description TEXT DEFAULT '',
          last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
          min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
          CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (
          table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
          srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
          CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
          CONSTRAINT uk_gc_table_name UNIQUE (table_name),
          CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
          CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
        CREATE TABLE gpkg_extensions (
          table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
          scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE tessera_layers (
          id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, table_name TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
          assumptions TEXT NOT NULL, feature_count INTEGER NOT NULL);
        CREATE TABLE tessera_columns (
          id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, table_name TEXT NOT NULL, column_name TEXT NOT NULL,
          unit TEXT NOT NULL, CONSTRAINT uk_columns UNIQUE (table_name, column_name));
        """

    /// States the type of a table's geometries in its declaration, as requirement 31 has it.
    ///
    /// The name of a type changes nothing of what is stored, so that the text of the declaration can be changed alone
    /// (SQLite's documentation of ALTER TABLE, section 7).
    static func declare(_ type: String, of table: String, in db: Database) throws {
        guard
            let text = try String.fetchOne(
                db, sql: "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", arguments: [table]
            )
        else { return }
        // The table is ours: its key, and then its geometry.
        let mark = "fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom "
        guard let place = text.firstRange(of: mark) else { return }
        let rest = text[place.upperBound...]
        let changed = text[..<place.upperBound] + type + rest.drop { $0 != "," && $0 != ")" }
        let version = try Int.fetchOne(db, sql: "PRAGMA schema_version") ?? 0
        try db.execute(sql: "PRAGMA writable_schema = ON")
        defer { try? db.execute(sql: "PRAGMA writable_schema = OFF") }
        try db.execute(
            sql: "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
            arguments: [String(changed), table])
        try db.execute(sql: "PRAGMA schema_version = \(version + 1)")
        db.clearSchemaCache()
    }

    /// A name as it stands in SQL.
    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// The name of the index of a table's geometries.
    static func index(of table: String) -> String { quoted("rtree_" + table + "_geom") }

    /// The number of the body's system of planetocentric angles among the systems of the file, where it is put if need be.
    static func system(of body: Body, in db: Database) throws -> Int32 {
        // QGIS looks for a code among those of the authority that PROJ calls IAU_2015, and finds none of "IAU".
        let wkt = try SpatialReference.wkt1(body.sphereDefinition)
            .replacing("AUTHORITY[\"IAU\",", with: "AUTHORITY[\"IAU_2015\",")
        if let code = body.identifier(0).flatMap({ Int32($0.code) }) {
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'IAU_2015', ?, ?, ?)
                    """,
                arguments: [
                    "\(body.name) (2015) - Sphere / Ocentric", code, code, wkt,
                    "planetocentric latitudes and longitudes to the east",
                ])
            return code
        }
        let description = "\(body.name), planetocentric latitudes and longitudes to the east"
        if let known = try Int32.fetchOne(
            db, sql: "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE description = ?", arguments: [description]
        ) {
            return known
        }
        let largest =
            try Int32.fetchOne(
                db,
                sql: "SELECT max(srs_id) FROM gpkg_spatial_ref_sys WHERE srs_id BETWEEN 1000000 AND 1999999"
            ) ?? 1_000_000
        try db.execute(
            sql: "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'NONE', ?, ?, ?)",
            arguments: ["\(body.name) - Sphere / Ocentric", largest + 1, largest + 1, wkt, description])
        return largest + 1
    }

    /// The triggers that keep the index and the number of features up to date whoever writes to the table (annex F.3).
    static func triggers(of table: String) -> String {
        let (name, rtree) = (quoted(table), index(of: table))
        let box = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
        func trigger(_ suffix: String) -> String { quoted("rtree_" + table + "_geom_" + suffix) }
        return """
            CREATE TRIGGER \(trigger("insert")) AFTER INSERT ON \(name)
              WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
              BEGIN INSERT OR REPLACE INTO \(rtree) VALUES (NEW.fid, \(box)); END;
            CREATE TRIGGER \(trigger("update1")) AFTER UPDATE OF geom ON \(name)
              WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
              BEGIN INSERT OR REPLACE INTO \(rtree) VALUES (NEW.fid, \(box)); END;
            CREATE TRIGGER \(trigger("update2")) AFTER UPDATE OF geom ON \(name)
              WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
              BEGIN DELETE FROM \(rtree) WHERE id = OLD.fid; END;
            CREATE TRIGGER \(trigger("update3")) AFTER UPDATE ON \(name)
              WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
              BEGIN DELETE FROM \(rtree) WHERE id = OLD.fid; INSERT OR REPLACE INTO \(rtree) VALUES (NEW.fid, \(box)); END;
            CREATE TRIGGER \(trigger("update4")) AFTER UPDATE ON \(name)
              WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
              BEGIN DELETE FROM \(rtree) WHERE id IN (OLD.fid, NEW.fid); END;
            CREATE TRIGGER \(trigger("delete")) AFTER DELETE ON \(name) WHEN OLD.geom NOT NULL
              BEGIN DELETE FROM \(rtree) WHERE id = OLD.fid; END;
            CREATE TRIGGER \(quoted("tessera_" + table + "_insert")) AFTER INSERT ON \(name)
              BEGIN UPDATE tessera_layers SET feature_count = feature_count + 1 WHERE table_name = '\(table)'; END;
            CREATE TRIGGER \(quoted("tessera_" + table + "_delete")) AFTER DELETE ON \(name)
              BEGIN UPDATE tessera_layers SET feature_count = feature_count - 1 WHERE table_name = '\(table)'; END;
            """
    }
}
