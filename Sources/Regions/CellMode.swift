/// Which cells belong to a region.
public enum CellMode: String, Hashable, Sendable, CaseIterable {
    /// Every cell that shares a point with the region, borders included.
    case inclusive
    /// Every cell whose centre is in the region, its border included.
    case centre
}
