/// Which features of a layer are wanted, in which order, and what of them.
public struct FeatureQuery: Sendable, Hashable {
    /// Only features whose box has a point in common with this one; nil for all.
    public var box: FeatureBox?
    /// Only features for which this holds; nil for all.
    public var filter: FeatureFilter?
    /// By what they are sorted; features that are equal in all of it come in the order of their keys. Without any, they come
    /// in the order of their keys alone.
    public var order: [FeatureOrder] = []
    /// How many features of the answer are left out at its beginning (`STARTINDEX`).
    public var offset = 0
    /// Only features with larger keys: the key of the last feature of the page before. Of use without ``order``.
    public var after: Int64 = 0
    /// How many at most.
    public var limit = 1000
    /// The columns that are read, in the order in which their values are wanted; nil for all.
    public var columns: [String]?
    /// Whether geometries are read.
    public var readsGeometry = true

    /// A query for the first features of a layer.
    public init(
        box: FeatureBox? = nil, filter: FeatureFilter? = nil, order: [FeatureOrder] = [], offset: Int = 0,
        after: Int64 = 0, limit: Int = 1000, columns: [String]? = nil, readsGeometry: Bool = true
    ) {
        self.box = box
        self.filter = filter
        self.order = order
        self.offset = offset
        self.after = after
        self.limit = limit
        self.columns = columns
        self.readsGeometry = readsGeometry
    }
}

/// What of a feature is compared or sorted by.
public enum FeatureField: Sendable, Hashable {
    /// The key.
    case key
    /// A column, by its name as the layer spells it.
    case column(String)
}

/// One of the fields by which features are sorted.
public struct FeatureOrder: Sendable, Hashable {
    /// The field. Features without a value come before all others, or behind them where the order descends.
    public var field: FeatureField
    /// Whether the largest values come first.
    public var isDescending: Bool

    /// An order by one field.
    public init(_ field: FeatureField, isDescending: Bool = false) {
        self.field = field
        self.isDescending = isDescending
    }
}
