/// The order and the sense of the two axes in the definition of a coordinate reference system.
public enum AxisOrder: String, Sendable, Hashable, CaseIterable {
    /// x to the east, then y to the north: projected systems.
    case eastNorth
    /// y to the north, then x to the east: geographic systems.
    case northEast
    /// x to the west, then y to the north: projected systems whose longitudes grow to the west.
    case westNorth
    /// y to the north, then x to the west: geographic systems whose longitudes grow to the west.
    case northWest

    /// Whether y comes first where the order of the definition counts.
    public var isNorthFirst: Bool { self == .northEast || self == .northWest }
}
