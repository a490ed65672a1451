/// The features of an answer, page by page.
///
/// Nothing is held between pages, so that a slow reader keeps no transaction open. Where the layer is replaced or appended to
/// meanwhile the next page fails, so that a half answer is not taken for a whole one.
public struct FeaturePages: Sendable {
    /// The layer as it was at the beginning.
    public let layer: FeatureLayer

    /// The most features of a page, and about the most bytes.
    static let largestCount = 1000
    static let largestBytes = 1 << 20

    private let store: FeatureStore
    private let query: FeatureQuery
    /// What the layer has to be like for all pages.
    public let state: LayerState
    private var place: PagePlace
    private var left: Int

    init(_ store: FeatureStore, _ layer: FeatureLayer, _ state: LayerState, _ query: FeatureQuery) {
        self.store = store
        self.layer = layer
        self.state = state
        self.query = query
        place = PagePlace(offset: max(0, query.offset))
        left = max(0, query.limit)
    }

    /// The smallest and the largest key of the layer; nil for an empty one.
    public var keys: ClosedRange<Int64>? {
        guard let first = state.first, let last = state.last, first <= last else { return nil }
        return first...last
    }

    /// Whether it is known that no page comes any more.
    public var isAtEnd: Bool { left <= 0 }

    /// The next page: up to 1000 features or about a megabyte; nil after the last one.
    /// - Throws: ``FeatureError/changed(name:path:)`` when the layer is not the one that the first pages came from.
    public mutating func next() throws(FeatureError) -> [Feature]? {
        guard left > 0 else { return nil }
        let page = try store.page(
            of: layer.name, query, at: place, limit: min(left, Self.largestCount), bytes: Self.largestBytes,
            expecting: state)
        guard !page.features.isEmpty else {
            left = 0
            return nil
        }
        left = page.isLast ? 0 : left - page.features.count
        place = page.next
        return page.features
    }
}
