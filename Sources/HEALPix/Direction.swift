import Glibc

/// A direction from the centre of a body (or a place on its sphere), in radians.
///
/// Longitude is planetocentric and grows to the east; latitude is planetocentric, north positive.
public struct Direction: Hashable, Sendable {
    /// Longitude, positive to the east; any number of turns is accepted, results are in 0..<2 pi.
    public var lonRad: Double

    /// Latitude, -pi/2 to pi/2.
    public var latRad: Double

    /// How far beyond a pole a latitude may be and still count as the pole: 1e-12 rad.
    public static let latitudeToleranceRad = 1e-12

    /// A direction from longitude and latitude in radians, kept as they are.
    public init(lonRad: Double, latRad: Double) {
        self.lonRad = lonRad
        self.latRad = latRad
    }

    /// A direction from longitude and latitude in degrees.
    public init(lonDeg: Double, latDeg: Double) {
        self.init(lonRad: lonDeg * .pi / 180, latRad: latDeg * .pi / 180)
    }

    /// Longitude in degrees.
    public var lonDeg: Double { lonRad * 180 / .pi }

    /// Latitude in degrees.
    public var latDeg: Double { latRad * 180 / .pi }

    /// The same direction with its longitude in 0..<2 pi and its latitude in -pi/2...pi/2.
    ///
    /// Nil when the longitude is not finite, or the latitude is not a number or is beyond a pole by more than
    /// `latitudeToleranceRad`.
    public var normalised: Direction? {
        guard lonRad.isFinite, abs(latRad) <= .pi / 2 + Self.latitudeToleranceRad else { return nil }
        return Direction(
            lonRad: Self.normalised(longitudeRad: lonRad), latRad: max(-.pi / 2, min(.pi / 2, latRad)))
    }

    /// The finite longitude `lon` moved by whole turns into 0..<2 pi; the double nearest to a whole number of
    /// turns gives 0, as does a negative longitude too small to be told from 0 after the move.
    static func normalised(longitudeRad lon: Double) -> Double {
        if lon > 0 && lon < 2 * .pi { return lon }
        let rest = fmod(lon, 2 * .pi)
        if rest > 0 { return rest }
        let turned = rest + 2 * .pi
        return turned < 2 * .pi ? turned : 0
    }

    /// The angle between two directions in radians, 0 to pi.
    ///
    /// Accurate at every distance: the vector form atan2(|a x b|, a . b) (Vincenty 1975 on a sphere), with its
    /// differences of nearly equal products written as sines of the differences.
    public func angularDistance(to other: Direction) -> Double {
        let halfLon = 0.5 * (other.lonRad - lonRad)
        let sinHalfLon = sin(halfLon)
        let versine = 2 * sinHalfLon * sinHalfLon
        let cosHere = cos(latRad)
        let cosThere = cos(other.latRad)
        let sinHere = sin(latRad)
        let rise = other.latRad - latRad
        let east = cosThere * 2 * sinHalfLon * cos(halfLon)
        let north = sin(rise) + sinHere * cosThere * versine
        let along = cos(rise) - cosHere * cosThere * versine
        return atan2((east * east + north * north).squareRoot(), along)
    }
}
