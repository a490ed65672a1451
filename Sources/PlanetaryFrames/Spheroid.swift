internal import Glibc

/// An ellipsoid of revolution, for converting between the two kinds of latitude.
public struct Spheroid: Sendable, Hashable {
    /// The equatorial semi-axis in metres.
    public let equatorialRadiusMetres: Double
    /// The polar semi-axis in metres.
    public let polarRadiusMetres: Double

    /// Makes an ellipsoid of two semi-axes in metres, both finite and positive.
    public init(equatorialRadiusMetres: Double, polarRadiusMetres: Double) {
        precondition(
            equatorialRadiusMetres.isFinite && equatorialRadiusMetres > 0, "the radius must be positive")
        precondition(polarRadiusMetres.isFinite && polarRadiusMetres > 0, "the radius must be positive")
        self.equatorialRadiusMetres = equatorialRadiusMetres
        self.polarRadiusMetres = polarRadiusMetres
    }

    /// The planetocentric latitude in degrees of a planetographic one: tan c = (b/a)^2 tan g.
    ///
    /// Exact at the equator and the poles; NaN beyond them.
    public func planetocentricDegrees(planetographicDegrees: Double) -> Double {
        scaledTangent(
            planetographicDegrees, numerator: polarRadiusMetres, denominator: equatorialRadiusMetres)
    }

    /// The planetographic latitude in degrees of a planetocentric one: tan g = (a/b)^2 tan c.
    ///
    /// Exact at the equator and the poles; NaN beyond them.
    public func planetographicDegrees(planetocentricDegrees: Double) -> Double {
        scaledTangent(
            planetocentricDegrees, numerator: equatorialRadiusMetres, denominator: polarRadiusMetres)
    }

    private func scaledTangent(_ degrees: Double, numerator: Double, denominator: Double) -> Double {
        guard abs(degrees) <= 90 else { return .nan }
        // Near a pole the small angle is the distance from it: halving the range keeps its digits.
        let square = (numerator / denominator) * (numerator / denominator)
        guard abs(degrees) > 45 else {
            return atan(square * tan(degrees * .pi / 180)) * 180 / .pi
        }
        let fromPole = atan(tan((90 - abs(degrees)) * .pi / 180) / square) * 180 / .pi
        return degrees < 0 ? fromPole - 90 : 90 - fromPole
    }
}
