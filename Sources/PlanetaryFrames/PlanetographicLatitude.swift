/// The angle between the equator and the normal of the body's ellipsoid.
///
/// It is a number of one ellipsoid: two files with different flattenings mean different places by the same latitude.
public struct PlanetographicLatitude: Sendable, Hashable {
    /// Degrees, from -90 to 90.
    public let degrees: Double

    /// Makes a latitude; nil beyond the poles and for NaN.
    public init?(degrees: Double) {
        guard abs(degrees) <= 90 else { return nil }
        self.degrees = degrees
    }

    /// The same place's planetocentric latitude on an ellipsoid: tan c = (b/a)^2 tan g.
    public func planetocentric(on spheroid: Spheroid) -> PlanetocentricLatitude {
        PlanetocentricLatitude(bounded: spheroid.planetocentricDegrees(planetographicDegrees: degrees))
    }

    /// A computed latitude, which cannot lie beyond the poles.
    init(bounded degrees: Double) { self.degrees = min(max(degrees, -90), 90) }
}
