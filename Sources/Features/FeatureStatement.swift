internal import FoundationEssentials
internal import GRDB

/// One statement that reads features of a layer, or counts them.
///
/// The features behind a mark in the order of several columns are those that are equal in all but the last one and come after in
/// that, then those that are equal in all but the last two, and so on: each of these levels is a statement of its own, so that
/// each can go along an index.
struct FeatureStatement {
    /// What is fixed to the values of a mark, and what comes after its value.
    enum Level {
        /// From the beginning.
        case start
        /// The first `fixed` fields are equal to the mark's; the next one is `after`.
        case behind(PageMark, fixed: Int, after: Side)

        /// How the field after the fixed ones lies to the mark's value.
        enum Side {
            case larger
            case smaller
            case null
            case notNull
        }
    }

    private let layer: FeatureLayer
    private var compiler: FilterCompiler
    private var conditions: [String] = []
    private var own: [DatabaseValue] = []

    init(_ layer: FeatureLayer, _ tests: SpatialTests) {
        self.layer = layer
        compiler = FilterCompiler(layer, tests)
    }

    var numbers: [Int64] { compiler.numbers }
    var arguments: StatementArguments { StatementArguments(compiler.arguments + own) }

    /// The fields that features are sorted by, the key as the last of them, in the direction of the one before.
    static func order(_ order: [FeatureOrder]) -> [FeatureOrder] {
        var fields: [FeatureOrder] = []
        for field in order where !fields.contains(where: { $0.field == field.field }) {
            fields.append(field)
            if field.field == .key { return fields }
        }
        return fields + [FeatureOrder(.key, isDescending: fields.last?.isDescending ?? false)]
    }

    /// The levels behind a mark, in the order of the answer.
    static func levels(_ order: [FeatureOrder], behind mark: PageMark?) -> [Level] {
        guard let mark else { return [.start] }
        return order.indices.reversed().flatMap { index -> [Level] in
            let isDescending = order[index].isDescending
            let value = index < mark.values.count ? mark.values[index] : .integer(mark.key)
            let sides: [Level.Side] =
                switch (value, isDescending) {
                case (.null, false): [.notNull]
                case (.null, true): []
                case (_, false): [.larger]
                // The key is never null.
                case (_, true): index == order.count - 1 ? [.smaller] : [.smaller, .null]
                }
            return sides.map { .behind(mark, fixed: index, after: $0) }
        }
    }

    /// Only what a query asks for.
    mutating func restrict(to query: FeatureQuery) throws {
        if let box = query.box { conditions.append(try compiler.box(box)) }
        if let filter = query.filter { conditions.append(try compiler.sql(filter)) }
        if query.after > 0 {
            conditions.append("fid > ?")
            own.append(query.after.databaseValue)
        }
    }

    /// Only what lies on a level.
    mutating func restrict(to level: Level, of order: [FeatureOrder]) throws {
        guard case .behind(let mark, let fixed, let side) = level else { return }
        func value(_ index: Int) -> FeatureValue {
            index < mark.values.count ? mark.values[index] : .integer(mark.key)
        }
        for index in 0..<fixed {
            conditions.append("\(try compiler.name(of: order[index].field)) IS ?")
            own.append(value(index).stored)
        }
        let name = try compiler.name(of: order[fixed].field)
        switch side {
        case .larger, .smaller:
            conditions.append("\(name) \(side == .larger ? ">" : "<") ?")
            own.append(value(fixed).stored)
        case .null: conditions.append("\(name) IS NULL")
        case .notNull: conditions.append("\(name) IS NOT NULL")
        }
    }

    private var whereText: String {
        conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    var countText: String {
        "SELECT count(*) FROM \(GeoPackageSchema.quoted(layer.name.table))\(whereText)"
    }

    /// Key, geometry, the columns, then what is sorted by.
    private func list(_ query: FeatureQuery, _ order: [FeatureOrder]) throws -> [String] {
        let names = try query.columns?.map { name throws(FeatureError) in try layer.column(name).name }
        let columns = (names ?? layer.columns.map(\.name)).map { GeoPackageSchema.quoted($0) }
        let fields = try order.dropLast().map { try compiler.name(of: $0.field) }
        return ["fid", query.readsGeometry ? "geom" : "NULL"] + columns + fields
    }

    /// The keys of all features in their order.
    func keysText(_ order: [FeatureOrder]) throws -> String {
        let sorted = try order.map { try compiler.name(of: $0.field) + ($0.isDescending ? " DESC" : "") }
        return "SELECT fid FROM \(GeoPackageSchema.quoted(layer.name.table))\(whereText)"
            + " ORDER BY \(sorted.joined(separator: ", "))"
    }

    /// The features of a list of keys in JSON, the only argument, in its order: the tables of a CROSS JOIN are gone through as
    /// they stand there.
    func lookupText(_ query: FeatureQuery, _ order: [FeatureOrder]) throws -> String {
        let table = GeoPackageSchema.quoted(layer.name.table)
        // The list has columns of its own.
        let names = try list(query, order).map { $0 == "NULL" ? $0 : table + "." + $0 }
        return "SELECT \(names.joined(separator: ", ")) FROM json_each(?) AS tessera_keys CROSS JOIN \(table)"
            + " ON \(table).fid = tessera_keys.value"
    }

    /// Key, geometry, the columns, then what is sorted by; the last argument is the number of rows.
    func selectText(_ query: FeatureQuery, _ order: [FeatureOrder], from level: Level) throws -> String {
        let list = try list(query, order)
        let fields = try order.map { try compiler.name(of: $0.field) }
        // What is fixed sorts nothing.
        let first = if case .behind(_, let fixed, _) = level { fixed } else { 0 }
        let sorted = zip(fields, order).dropFirst(first).map { $1.isDescending ? "\($0) DESC" : $0 }
        return "SELECT \(list.joined(separator: ", ")) FROM \(GeoPackageSchema.quoted(layer.name.table))"
            + "\(whereText) ORDER BY \(sorted.joined(separator: ", ")) LIMIT ?"
    }
}

/// Collects the features of a page.
struct PageReader {
    private let columns: Int
    private let fields: Int
    private let limit: Int
    private let bytes: Int
    private var size = 0
    private(set) var features: [Feature] = []
    /// The end of the page; nil while it is empty.
    private(set) var mark: PageMark?

    init(layer: FeatureLayer, query: FeatureQuery, order: [FeatureOrder], limit: Int, bytes: Int) {
        columns = query.columns?.count ?? layer.columns.count
        fields = order.count - 1
        (self.limit, self.bytes) = (limit, bytes)
    }

    var left: Int { limit - features.count }
    var isFull: Bool { left <= 0 || size >= bytes }

    mutating func take(_ row: Row) {
        var geometry: Geometry?
        if case .blob(let data) = (row[1] as DatabaseValue).storage {
            size += data.count
            let bytes = [UInt8](data)
            geometry = GeoPackageGeometry.geometry(bytes.span)
        }
        let values = (0..<columns).map { FeatureValue(row[$0 + 2] as DatabaseValue) }
        for value in values {
            size += 16
            if case .text(let text) = value { size += text.utf8.count }
            if case .binary(let bytes) = value { size += bytes.count }
        }
        let feature = Feature(id: row[0], geometry: geometry, values: values)
        mark = PageMark(
            key: feature.id,
            values: fields == 0
                ? [] : (0..<fields).map { FeatureValue(row[$0 + 2 + columns] as DatabaseValue) })
        features.append(feature)
    }
}

extension FeatureValue {
    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .binary([UInt8](data))
        }
    }

    /// The value as it was read.
    fileprivate var stored: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .binary(let bytes): Data(bytes).databaseValue
        }
    }
}
