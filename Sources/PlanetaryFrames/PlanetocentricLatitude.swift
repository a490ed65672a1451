/// The angle between the equator and the line from the body's centre.
public struct PlanetocentricLatitude: Sendable, Hashable {
    /// Degrees, from -90 to 90.
    public let degrees: Double

    /// Makes a latitude; nil beyond the poles and for NaN.
    public init?(degrees: Double) {
        guard abs(degrees) <= 90 else { return nil }
        self.degrees = degrees
    }

    /// The same place's planetographic latitude on an ellipsoid: tan g = (a/b)^2 tan c.
    public func planetographic(on spheroid: Spheroid) -> PlanetographicLatitude {
        PlanetographicLatitude(bounded: spheroid.planetographicDegrees(planetocentricDegrees: degrees))
    }

    /// A computed latitude, which cannot lie beyond the poles.
    init(bounded degrees: Double) { self.degrees = min(max(degrees, -90), 90) }
}
