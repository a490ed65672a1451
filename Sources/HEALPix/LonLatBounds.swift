/// A box of longitudes and latitudes in radians.
///
/// Longitudes are unwrapped: `eastRad` is greater than `westRad`, either may be negative or above 2 pi.
public struct LonLatBounds: Hashable, Sendable {
    /// The western edge.
    public var westRad: Double

    /// The eastern edge, greater than `westRad`.
    public var eastRad: Double

    /// The southern edge, -pi/2 or more.
    public var southRad: Double

    /// The northern edge, pi/2 or less.
    public var northRad: Double

    /// A box from its four edges in radians.
    public init(westRad: Double, eastRad: Double, southRad: Double, northRad: Double) {
        self.westRad = westRad
        self.eastRad = eastRad
        self.southRad = southRad
        self.northRad = northRad
    }
}
