internal import GRDB
internal import Synchronization

/// How a place was found, the best first.
public enum PlaceMatch: String, Sendable, Comparable {
    /// The name is what was asked for, but for case and diacritics.
    case exact
    /// The name begins with it.
    case prefix
    /// Words of the name begin with its words, in any order.
    case word
    /// Words of the name differ from its words by one letter, or by two where they are long.
    case slip

    /// Better ones come first.
    public static func < (left: PlaceMatch, right: PlaceMatch) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .exact: 0
        case .prefix: 1
        case .word: 2
        case .slip: 3
        }
    }
}

/// A place that was found by its name.
public struct FoundPlace: Sendable, Equatable {
    /// The key of the feature in its layer.
    public let id: Int64
    /// The name as the layer has it.
    public let name: String
    /// The kind of feature; nil where the layer does not say it.
    public let type: String?
    /// The diameter; nil where it is not known.
    public let diameter: Double?
    /// The unit of the diameter; nil where it is not known.
    public let diameterUnit: String?
    /// The point, or the middle of the feature's box; nil for features without a place.
    public let position: Position?
    /// How it was found.
    public let match: PlaceMatch
}

/// Finds the places of layers by their names.
///
/// The names of a layer are read once for each of its states, when they are first asked for, and kept in memory. All
/// calls wait for the disk.
public final class PlaceSearch: Sendable {
    /// The most names that are kept of a layer.
    public static let mostNames = 200_000
    /// The most letters of a request.
    public static let mostLetters = 100
    /// The layers whose names are kept at a time.
    private static let mostLayers = 32

    /// The names of one layer, read by whoever comes first while the others wait.
    private final class Slot: Sendable {
        let names = Mutex<(state: String, index: PlaceIndex, unit: String?)?>(nil)
    }

    private let store: FeatureStore
    /// The least recently used layer first.
    private let slots = Mutex<[(name: LayerName, slot: Slot)]>([])

    /// Searches in the layers of a store.
    public init(_ store: FeatureStore) { self.store = store }

    /// The places of a layer that fit a text, the best first, larger ones first among equals.
    /// - Parameters:
    ///   - text: the name, its beginning, or words of it.
    ///   - type: only features whose kind has words that begin with these, such as `crater`; nil for all.
    ///   - limit: how many at most.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)``; ``FeatureError/search(reason:)`` for a text without letters or
    ///   digits, or one that is too long, and for layers without names or with too many.
    public func places(
        in name: LayerName, matching text: String, type: String? = nil, limit: Int = 20
    ) throws(FeatureError) -> [FoundPlace] {
        let wanted = try Self.words(text, "what is looked for")
        let type = try type.map { text throws(FeatureError) in try Self.words(text, "the type") }
        let (index, unit) = try names(of: name)
        return index.search(wanted, type: type, limit: max(0, limit)).map { place, match in
            FoundPlace(
                id: place.id, name: place.name, type: place.type, diameter: place.diameter,
                diameterUnit: place.diameter == nil ? nil : unit, position: place.position, match: match)
        }
    }

    private static func words(_ text: String, _ what: String) throws(FeatureError) -> PlaceName {
        guard text.unicodeScalars.count <= mostLetters else {
            throw .search(reason: "\(what) has more than \(mostLetters) characters")
        }
        let name = PlaceName(text)
        guard !name.words.isEmpty else {
            throw .search(reason: "\(what) has no letters and no digits")
        }
        return name
    }

    private func names(of name: LayerName) throws(FeatureError) -> (index: PlaceIndex, unit: String?) {
        // Names of no layer must not push out the names of others.
        if !slots.withLock({ $0.contains { $0.name == name } }) { try store.checkHasLayer(name) }
        let slot = slots.withLock { slots in
            let slot = slots.first { $0.name == name }?.slot ?? Slot()
            slots.removeAll { $0.name == name }
            slots.append((name, slot))
            if slots.count > Self.mostLayers { slots.removeFirst() }
            return slot
        }
        let result: Result<(PlaceIndex, String?), FeatureError> = slot.names.withLock { known in
            Result { () throws(FeatureError) in
                let state = try store.state(of: name)
                if let known, let state, known.state == state { return (known.index, known.unit) }
                let (read, places, unit) = try store.names(of: name)
                let index = PlaceIndex(places)
                known = (read, index, unit)
                return (index, unit)
            }
        }
        return try result.get()
    }
}

extension FeatureStore {
    /// A text that changes whenever a layer does; nil when there is none.
    func state(of name: LayerName) throws(FeatureError) -> String? {
        try read { try Self.state(of: name, $0) }
    }

    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` where there is no such layer.
    fileprivate func checkHasLayer(_ name: LayerName) throws(FeatureError) {
        try read { db in
            guard try Self.layers(db, name).isEmpty else { return }
            throw FeatureError.noLayer(
                name: name.description, path: path, known: try Self.layers(db).map(\.name.description))
        }
    }

    private static func state(of name: LayerName, _ db: Database) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT last_change FROM gpkg_contents WHERE table_name = ?", arguments: [name.table])
    }

    /// The names of a layer and what is told beside them, all of one state.
    fileprivate func names(of name: LayerName) throws(FeatureError)
        -> (state: String, places: [PlaceIndex.Place], diameterUnit: String?)
    {
        try read { db in
            guard let layer = try Self.layers(db, name).first else {
                throw FeatureError.noLayer(
                    name: name.description, path: path, known: try Self.layers(db).map(\.name.description))
            }
            guard let column = layer.column(named: ["name", "featurename", "cleanname"]) else {
                throw FeatureError.search(reason: "the layer \(name) has no column with names")
            }
            let type = layer.column(named: ["type", "featuretype"])
            let diameter = layer.column(named: ["diameter", "diameterkm", "featurediameter", "diamkm"])
            let chosen = [column, type, diameter].map {
                $0.map { GeoPackageSchema.quoted($0.name) } ?? "NULL"
            }
            let cursor = try Row.fetchCursor(
                db,
                sql: "SELECT fid, geom, \(chosen.joined(separator: ", ")) FROM "
                    + "\(GeoPackageSchema.quoted(name.table)) WHERE \(chosen[0]) <> '' LIMIT ?",
                arguments: [PlaceSearch.mostNames + 1])
            var places: [PlaceIndex.Place] = []
            while let row = try cursor.next() {
                var position: Position?
                if case .blob(let data) = (row[1] as DatabaseValue).storage {
                    let bytes = [UInt8](data)
                    position = GeoPackageGeometry.box(bytes.span).map {
                        Position(($0.minX + $0.maxX) / 2, ($0.minY + $0.maxY) / 2)
                    }
                }
                places.append(
                    PlaceIndex.Place(
                        id: row[0], name: String.fromDatabaseValue(row[2]) ?? "",
                        type: String.fromDatabaseValue(row[3]), diameter: Double.fromDatabaseValue(row[4]),
                        position: position))
            }
            guard places.count <= PlaceSearch.mostNames else {
                throw FeatureError.search(
                    reason: "the layer \(name) has more than \(PlaceSearch.mostNames) names")
            }
            return (try Self.state(of: name, db) ?? "", places, diameter?.unit)
        }
    }
}

extension FeatureLayer {
    /// The first column that has one of these names, but for case, blanks, digits and what is in brackets.
    fileprivate func column(named names: [String]) -> FeatureColumn? {
        for name in names {
            let found = columns.first {
                $0.name.prefix { $0 != "(" && $0 != "[" }.lowercased().filter(\.isLetter) == name
            }
            if let found { return found }
        }
        return nil
    }
}
