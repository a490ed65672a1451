/// The body and the name of a layer, `mars/nomenclature`; its table is `mars_nomenclature`.
public struct LayerName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The body as it stands in paths, such as `mars` or `52-europa`.
    public let body: String
    /// The name among the layers of the body.
    public let name: String

    /// Makes a name.
    /// - Throws: ``FeatureError/badName(name:)`` for names that are not made of a to z, 0 to 9 and _ with a letter first, and
    ///   bodies that are not made of these and -.
    public init(body: String, name: String) throws(FeatureError) {
        guard Self.isName(name, first: { $0.isLetter }, also: "_"), name.count <= 48 else {
            throw .badName(name: name)
        }
        guard Self.isName(body, first: { _ in true }, also: "-"), body.count <= 48 else {
            throw .badName(name: body)
        }
        self.body = body
        self.name = name
    }

    /// The name of the layer's table. The first `_` ends the body, which has none.
    public var table: String { body + "_" + name }

    init?(table: String) {
        guard let end = table.firstIndex(of: "_"),
            let name = try? LayerName(
                body: String(table[..<end]), name: String(table[table.index(after: end)...]))
        else { return nil }
        self = name
    }

    /// `mars/nomenclature`.
    public var description: String { body + "/" + name }

    /// Names sort by body, then by name.
    public static func < (left: LayerName, right: LayerName) -> Bool {
        (left.body, left.name) < (right.body, right.name)
    }

    private static func isName(_ text: String, first: (Character) -> Bool, also extra: Character) -> Bool {
        guard let head = text.first, first(head), head != extra else { return false }
        return text.allSatisfy { $0 == extra || ("a"..."z").contains($0) || ("0"..."9").contains($0) }
    }
}

/// A column of a layer.
public struct FeatureColumn: Sendable, Equatable {
    /// What the values of a column are.
    public enum Kind: String, Sendable, CaseIterable {
        case integer = "INTEGER"
        case real = "REAL"
        case text = "TEXT"
        case boolean = "BOOLEAN"
        /// `2013-07-04`
        case date = "DATE"
        /// `2013-07-04T12:30:05.250Z`
        case dateTime = "DATETIME"
        case binary = "BLOB"
    }

    /// The name, as it stands in the source where no other column has it.
    public let name: String
    /// What the values are.
    public let kind: Kind
    /// The unit of the values; nil where it is not known.
    public let unit: String?

    /// A column.
    public init(name: String, kind: Kind, unit: String? = nil) {
        self.name = name
        self.kind = kind
        self.unit = unit
    }
}

/// A value of a feature.
public enum FeatureValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    /// Texts, dates and times.
    case text(String)
    case binary([UInt8])
}

/// A feature of a layer: planetocentric, east-positive, in degrees within -180 to 180.
public struct Feature: Sendable, Equatable {
    /// The key in the layer, from 1 on.
    public let id: Int64
    /// Where it is; nil for features without a place, and where the query did not ask for it.
    public let geometry: Geometry?
    /// A value for each column of the layer, or for each of ``FeatureQuery/columns`` in their order.
    public let values: [FeatureValue]
}

/// What is known of a layer.
public struct FeatureLayer: Sendable, Equatable {
    /// The body and the name.
    public let name: LayerName
    /// What it holds, and where it comes from.
    public let description: String
    /// The type of the geometries, such as `MULTIPOLYGON`; `GEOMETRY` where they are mixed.
    public let geometryType: String
    /// The columns beside the key and the geometry.
    public let columns: [FeatureColumn]
    /// The number of features.
    public let count: Int
    /// The box around all features; nil where none has a place.
    public let box: FeatureBox?
    /// The identifier of the system, such as `IAU_2015:49900`; nil for bodies without one.
    public let system: String?
    /// The file that it was imported from.
    public let source: String
    /// What was assumed at the import, one sentence each.
    public let assumptions: [String]
    /// When it was last changed, in UTC.
    public let lastChange: String
}
