internal import FoundationEssentials
internal import GRDB

extension FeatureStore {
    /// One page of a layer's features, in the order of their keys.
    ///
    /// The next page begins `after` the last key of this one, and costs as much as this one.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer.
    public func features(of name: LayerName, _ query: FeatureQuery) throws(FeatureError) -> [Feature] {
        try read { db in
            let layer = try self.known(name, db)
            var plan = Plan(layer, query.box)
            plan.conditions.append("fid > ?")
            plan.arguments += [query.after]
            let sql =
                "SELECT fid, geom\(layer.columns.map { ", " + GeoPackageSchema.quoted($0.name) }.joined()) "
                + "FROM \(GeoPackageSchema.quoted(name.table))\(plan.text) ORDER BY fid LIMIT ?"
            let rows = try Row.fetchCursor(
                db, sql: sql, arguments: plan.arguments + [max(0, query.limit)])
            var found: [Feature] = []
            while let row = try rows.next() { found.append(Self.feature(row, layer.columns.count)) }
            return found
        }
    }

    /// One feature; nil when the layer has none of this key.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer.
    public func feature(_ id: Int64, of name: LayerName) throws(FeatureError) -> Feature? {
        guard id > Int64.min else { return nil }
        return try features(of: name, FeatureQuery(after: id - 1, limit: 1)).first { $0.id == id }
    }

    /// The number of features whose box meets another one; of all of them for nil.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer.
    public func count(of name: LayerName, box: FeatureBox? = nil) throws(FeatureError) -> Int {
        try read { db in
            let layer = try self.known(name, db)
            guard let box else { return layer.count }
            let plan = Plan(layer, box)
            return try Int.fetchOne(
                db, sql: "SELECT count(*) FROM \(GeoPackageSchema.quoted(name.table))\(plan.text)",
                arguments: plan.arguments) ?? 0
        }
    }

    private func known(_ name: LayerName, _ db: Database) throws -> FeatureLayer {
        let layers = try Self.layers(db)
        guard let layer = layers.first(where: { $0.name == name }) else {
            throw FeatureError.noLayer(
                name: name.description, path: path, known: layers.map(\.name.description))
        }
        return layer
    }

    private static func feature(_ row: Row, _ columns: Int) -> Feature {
        var geometry: Geometry?
        if case .blob(let data) = (row[1] as DatabaseValue).storage {
            let bytes = [UInt8](data)
            geometry = GeoPackageGeometry.geometry(bytes.span)
        }
        let values = (0..<columns).map { index -> FeatureValue in
            switch (row[index + 2] as DatabaseValue).storage {
            case .null: .null
            case .int64(let number): .integer(number)
            case .double(let number): .real(number)
            case .string(let text): .text(text)
            case .blob(let data): .binary([UInt8](data))
            }
        }
        return Feature(id: row[0], geometry: geometry, values: values)
    }

    /// How features are found by their box: through the index where it tells most of them apart, else one after the other
    /// in the order of their keys, so that a page of a large box does not collect all of it first.
    private struct Plan {
        var conditions: [String] = []
        var arguments = StatementArguments()

        init(_ layer: FeatureLayer, _ box: FeatureBox?) {
            guard let box else { return }
            let parts = box.parts
            if Self.share(of: layer.box, in: parts) <= 0.25 {
                let rtree = GeoPackageSchema.index(of: layer.name.table)
                let pieces = parts.map { part in
                    arguments += [part.minX, part.maxX, part.minY, part.maxY]
                    return "SELECT id FROM \(rtree) WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"
                }
                conditions.append("fid IN (\(pieces.joined(separator: " UNION ")))")
            }
            // The index is in single precision: a hair more than what is asked for.
            let exact = parts.map { part in
                arguments += [part.minX, part.minY, part.maxX, part.maxY]
                return "tessera_meets(geom, ?, ?, ?, ?)"
            }
            conditions.append("(\(exact.joined(separator: " OR ")))")
        }

        var text: String { conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ") }

        /// The share of a layer's box that a query covers, by area.
        private static func share(of whole: FeatureBox?, in parts: [FeatureBox]) -> Double {
            guard let whole else { return 1 }
            let area = (whole.maxX - whole.minX) * (whole.maxY - whole.minY)
            guard area > 0 else { return 1 }
            let covered = parts.reduce(0.0) { sum, part in
                let width = min(whole.maxX, part.maxX) - max(whole.minX, part.minX)
                let height = min(whole.maxY, part.maxY) - max(whole.minY, part.minY)
                return sum + max(0, width) * max(0, height)
            }
            return covered / area
        }
    }
}
