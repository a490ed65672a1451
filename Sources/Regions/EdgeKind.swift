/// What joins two vertices of a polygon.
public enum EdgeKind: String, Hashable, Sendable, CaseIterable {
    /// The shorter arc of the great circle through both.
    case greatCircle
    /// The straight line in longitude and latitude that RFC 7946 means; longitudes are taken as they stand.
    case geographic
}
