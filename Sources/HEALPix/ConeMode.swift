/// Which cells belong to a cone.
public enum ConeMode: Hashable, Sendable {
    /// Every cell that shares a point with the cone, borders included.
    case inclusive
    /// Every cell whose centre is in the cone.
    case centre
}
