import Foundation

/// A smooth field on the sphere: a polynomial of the unit vector, so that neither seam nor pole is special.
enum Field {
    static func value(lon: Double, lat: Double) -> Double {
        let (phi, theta) = (lon * .pi / 180, lat * .pi / 180)
        let (x, y, z) = (cos(theta) * cos(phi), cos(theta) * sin(phi), sin(theta))
        return 1000 * (0.3 * x - 0.5 * y + 0.4 * z + 0.6 * x * y + 0.2 * y * z)
    }

    /// How steep the field is: its change a radian in the direction of its greatest change, by differences.
    static func gradient(lon: Double, lat: Double) -> Double {
        let step = 1e-4
        // Beyond a pole the field goes on along the same meridian.
        let north = (value(lon: lon, lat: lat + step) - value(lon: lon, lat: lat - step)) / (2 * step)
        let east =
            (value(lon: lon + step, lat: lat) - value(lon: lon - step, lat: lat)) / (2 * step)
            / max(1e-6, cos(lat * .pi / 180))
        return (north * north + east * east).squareRoot() * 180 / .pi
    }

    /// The most that a bilinear value between samples so far apart (degrees) may be off: `h^2 / 8` times the
    /// second derivative in each direction. That of the linear part is at most its length, 707, and that of the
    /// quadratic part four times half the spread of its eigenvalues, 1265.
    static func bilinearError(lonStep: Double, latStep: Double) -> Double {
        let (a, b) = (lonStep * .pi / 180, latStep * .pi / 180)
        return (a * a + b * b) / 8 * (707 + 1265)
    }
}
