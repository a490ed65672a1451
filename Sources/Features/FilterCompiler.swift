internal import GRDB

/// Turns a query's conditions into SQL. Every value is bound to the statement, none stands in its text.
struct FilterCompiler {
    let layer: FeatureLayer
    let tests: SpatialTests
    /// What the statement binds, in the order of the question marks.
    private(set) var arguments: [DatabaseValue] = []
    /// The spatial conditions that have to be forgotten when the statement has run.
    private(set) var numbers: [Int64] = []

    /// How many arcs the distances of the statement may still be measured to.
    private var arcsLeft = SphereShape.mostArcs

    init(_ layer: FeatureLayer, _ tests: SpatialTests) {
        self.layer = layer
        self.tests = tests
    }

    /// How times are compared: every form that SQLite reads becomes the one that ``FeatureTime`` writes.
    private static let timeForm = "'%Y-%m-%dT%H:%M:%fZ'"

    /// SQLite reads no longer patterns (SQLITE_MAX_LIKE_PATTERN_LENGTH).
    private static let mostPatternBytes = 50_000

    /// What values can be compared with one another.
    private enum Family: String {
        case number = "numbers"
        case text = "texts"
        case time = "dates"
        case bytes = "bytes"
    }

    mutating func sql(_ filter: FeatureFilter) throws -> String {
        switch filter {
        case .and(let parts): return try joined(parts, "AND", none: "1")
        case .or(let parts): return try joined(parts, "OR", none: "0")
        case .not(let part): return "NOT (\(try sql(part)))"
        case .comparison(let left, let sign, let right, let matchCase):
            return try comparison([left, right], matchCase) { "\($0[0]) \(sign.rawValue) \($0[1])" }
        case .between(let value, let lower, let upper):
            return try comparison([value, lower, upper], true) { "\($0[0]) BETWEEN \($0[1]) AND \($0[2])" }
        case .like(let field, let pattern):
            let name = "CAST(\(try self.name(of: field)) AS TEXT)"
            let glob = (pattern.matchCase ? pattern : pattern.lowercased).glob
            guard glob.utf8.count <= Self.mostPatternBytes else {
                throw bad(
                    "a pattern has \(glob.utf8.count) bytes; at most \(Self.mostPatternBytes) were expected")
            }
            bind(glob.databaseValue)
            return "\(pattern.matchCase ? name : "tessera_fold(\(name))") GLOB ?"
        case .isNull(let field): return "\(try name(of: field)) IS NULL"
        case .hasNoPlace: return "geom IS NULL"
        case .ids(let ids):
            // One argument however many keys there are.
            bind(("[" + ids.map(String.init).joined(separator: ",") + "]").databaseValue)
            return "fid IN (SELECT value FROM json_each(?))"
        case .box(let box): return try self.box(box)
        case .spatial(let relation, let geometry): return spatial(try SpatialTest(relation, geometry))
        case .within(let distance, let geometry):
            return try self.distance(distance, geometry, isBeyond: false)
        case .beyond(let distance, let geometry):
            return try self.distance(distance, geometry, isBeyond: true)
        case .temporal(let relation, let field, let time): return try temporal(relation, field, time)
        }
    }

    /// Features whose box meets another one: through the index where it tells most of them apart, else one after the other in
    /// the order of their keys, so that a page of a large box does not collect all of it first.
    mutating func box(_ box: FeatureBox) throws -> String {
        let parts = box.parts
        let lookup = index(parts).map { $0 + " AND " } ?? ""
        // The index is in single precision: a hair more than what is asked for.
        let exact = parts.map { part in
            for side in [part.minX, part.minY, part.maxX, part.maxY] { bind(side.databaseValue) }
            return "tessera_meets(geom, ?, ?, ?, ?)"
        }
        return "(\(lookup)(\(exact.joined(separator: " OR "))))"
    }

    private mutating func distance(
        _ distance: GroundDistance, _ geometry: Geometry, isBeyond: Bool
    ) throws -> String {
        let test = try SpatialTest(
            try checked(distance), geometry, isBeyond: isBeyond, mostArcs: arcsLeft)
        arcsLeft -= test.arcCount
        return spatial(test)
    }

    private mutating func spatial(_ test: SpatialTest) -> String {
        let lookup = test.boxes.flatMap { index($0) }.map { $0 + " AND " } ?? ""
        let number = tests.add(test)
        numbers.append(number)
        bind(number.databaseValue)
        return "(\(lookup)tessera_holds(geom, ?))"
    }

    private mutating func index(_ parts: [FeatureBox]) -> String? {
        guard Self.share(of: layer.box, in: parts) <= 0.25 else { return nil }
        let rtree = GeoPackageSchema.index(of: layer.name.table)
        let pieces = parts.map { part in
            for side in [part.minX, part.maxX, part.minY, part.maxY] { bind(side.databaseValue) }
            return "SELECT id FROM \(rtree) WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"
        }
        return "fid IN (\(pieces.joined(separator: " UNION ")))"
    }

    private func checked(_ distance: GroundDistance) throws(FeatureError) -> GroundDistance {
        guard distance.metres.isFinite, distance.metres >= 0, distance.radiusMetres > 0 else {
            throw bad("a distance is \(distance.metres) m; a number from 0 on was expected")
        }
        return distance
    }

    private mutating func temporal(
        _ relation: TemporalRelation, _ field: FeatureField, _ time: FeatureTime
    ) throws -> String {
        let column = try column(of: field)
        guard let column, column.kind == .date || column.kind == .dateTime else {
            throw bad("\(column?.name ?? "the key") holds no dates, which \(relation.rawValue) needs")
        }
        let value = "strftime(\(Self.timeForm), \(GeoPackageSchema.quoted(column.name)))"
        switch relation {
        case .after: bind(time.end.databaseValue)
        case .before: bind(time.begin.databaseValue)
        case .during, .equals:
            bind(time.begin.databaseValue)
            bind(time.end.databaseValue)
        }
        switch relation {
        case .after: return "\(value) > ?"
        case .before: return "\(value) < ?"
        case .during: return "(\(value) > ? AND \(value) < ?)"
        case .equals: return "(\(value) = ? AND \(value) = ?)"
        }
    }

    private mutating func joined(_ parts: [FeatureFilter], _ word: String, none: String) throws -> String {
        guard parts.count > 1 else { return try parts.first.map { try sql($0) } ?? none }
        // What is dear to look at comes last. One pair of brackets, for SQLite limits how deep they stand in each other.
        let sorted = parts.filter { !$0.isSpatial } + parts.filter(\.isSpatial)
        let texts = try sorted.map { try sql($0) }
        return "(\(texts.joined(separator: " \(word) ")))"
    }

    private mutating func comparison(
        _ operands: [FeatureOperand], _ matchCase: Bool, _ text: ([String]) -> String
    ) throws -> String {
        // Values take the family of the columns that they are compared with.
        var families: [Family] = []
        for operand in operands { if let family = try family(of: operand) { families.append(family) } }
        guard let family = families.first else { throw bad("two values are compared, and no column") }
        guard families.allSatisfy({ $0 == family }), family != .bytes else {
            throw bad("\(family.rawValue) cannot be compared with \(families.last?.rawValue ?? "them")")
        }
        let sides = try operands.map { operand -> String in
            var side: String
            switch operand {
            case .field(let field):
                side = try name(of: field)
                if family == .time { side = "strftime(\(Self.timeForm), \(side))" }
            case .value(let value):
                bind(try bound(value, as: family))
                side = "?"
            }
            return matchCase || family != .text ? side : "tessera_fold(\(side))"
        }
        return "(\(text(sides)))"
    }

    private func bound(_ value: FeatureValue, as family: Family) throws(FeatureError) -> DatabaseValue {
        switch (family, value) {
        case (.number, .integer(let number)): return number.databaseValue
        case (.number, .real(let number)) where number.isFinite: return number.databaseValue
        case (.text, .text(let text)): return text.databaseValue
        case (.time, .text(let text)):
            guard let time = FeatureTime(text) else {
                throw bad("\"\(text.prefix(40))\" is no date; one such as 2013-07-04 was expected")
            }
            return time.begin.databaseValue
        default: throw bad("a value is none of the \(family.rawValue) that it is compared with")
        }
    }

    private func family(of operand: FeatureOperand) throws(FeatureError) -> Family? {
        guard case .field(let field) = operand else { return nil }
        return switch try column(of: field)?.kind {
        case nil, .integer, .real, .boolean: .number
        case .text: .text
        case .date, .dateTime: .time
        case .binary: .bytes
        }
    }

    /// The column of a field; nil for the key.
    private func column(of field: FeatureField) throws(FeatureError) -> FeatureColumn? {
        guard case .column(let name) = field else { return nil }
        return try layer.column(name)
    }

    func name(of field: FeatureField) throws(FeatureError) -> String {
        try column(of: field).map { GeoPackageSchema.quoted($0.name) } ?? "fid"
    }

    private mutating func bind(_ value: DatabaseValue) { arguments.append(value) }

    private func bad(_ reason: String) -> FeatureError {
        .badFilter(layer: layer.name.description, reason: reason)
    }

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

extension FeatureLayer {
    /// A column by its name.
    func column(_ name: String) throws(FeatureError) -> FeatureColumn {
        guard let column = columns.first(where: { $0.name == name }) else {
            throw .noColumn(name: name, layer: self.name.description, known: columns.map(\.name))
        }
        return column
    }
}

extension FeatureFilter {
    /// Whether geometries are looked at.
    fileprivate var isSpatial: Bool {
        switch self {
        case .and(let parts), .or(let parts): parts.contains(where: \.isSpatial)
        case .not(let part): part.isSpatial
        case .spatial, .within, .beyond, .box: true
        default: false
        }
    }
}

extension FeaturePattern {
    /// The same in lower case, as texts are that it is compared with.
    fileprivate var lowercased: FeaturePattern {
        FeaturePattern(
            pieces.map { if case .text(let text) = $0 { .text(text.lowercased()) } else { $0 } },
            matchCase: matchCase)
    }

    /// The pattern as SQLite's GLOB reads it, whose special characters stand for themselves in brackets.
    fileprivate var glob: String {
        pieces.map { piece in
            switch piece {
            case .anyText: "*"
            case .anyLetter: "?"
            case .text(let text):
                text.unicodeScalars.reduce(into: "") { glob, letter in
                    glob += "*?[".unicodeScalars.contains(letter) ? "[\(letter)]" : String(letter)
                }
            }
        }
        .joined()
    }
}
