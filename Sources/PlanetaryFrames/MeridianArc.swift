internal import Glibc

/// Lengths along a meridian of an ellipsoid of any flattening.
///
/// The derivative a (1 - e^2) / (1 - e^2 sin^2)^(3/2) of the length is smooth and has the period pi, so that the
/// trapezoidal rule gives its Fourier series to the last digit; the length is that series' integral. PROJ 9.1's own
/// series is 140 m off near Jupiter's poles.
struct MeridianArc: Sendable {
    private let radiusMetres: Double
    private let eccentricitySquared: Double
    /// Metres per radian, and metres of sin(2 k lat) from k = 1.
    private let mean: Double
    private let waves: [Double]

    init(major: Double, minor: Double) {
        radiusMetres = major
        let square = 1 - (minor / major) * (minor / major)
        eccentricitySquared = square
        let count = 256
        let samples = (0..<count).map { index in
            Self.derivative(sin(Double.pi * Double(index) / Double(count)), major, square)
        }
        mean = samples.reduce(0, +) / Double(count)
        var waves: [Double] = []
        for k in 1..<count / 2 {
            let sum = samples.indices.reduce(0.0) { sum, index in
                sum + samples[index] * cos(2 * .pi * Double(k * index % count) / Double(count))
            }
            let wave = sum * 2 / Double(count)
            if abs(wave) < 1e-15 * mean { break }
            waves.append(wave / Double(2 * k))
        }
        self.waves = waves
    }

    /// Metres from the equator to a planetographic latitude in radians.
    func metres(_ latRad: Double) -> Double {
        // Clenshaw's sum of sines.
        let factor = 2 * cos(2 * latRad)
        var (next, last) = (0.0, 0.0)
        for wave in waves.reversed() { (next, last) = (wave + factor * next - last, next) }
        return mean * latRad + next * sin(2 * latRad)
    }

    /// The planetographic latitude in radians of a length from the equator; NaN beyond the poles.
    func latitude(_ metres: Double) -> Double {
        let limit = mean * .pi / 2
        guard abs(metres) <= limit * (1 + 4e-15) else { return .nan }
        var lat = min(max(metres / mean, -.pi / 2), .pi / 2)
        for _ in 0..<20 {
            let step =
                (self.metres(lat) - metres) / Self.derivative(sin(lat), radiusMetres, eccentricitySquared)
            lat = min(max(lat - step, -.pi / 2), .pi / 2)
            if abs(step) < 1e-15 { break }
        }
        return lat
    }

    /// Metres per radian of longitude at a planetographic latitude.
    func parallelRadius(_ latRad: Double) -> Double {
        let sine = sin(latRad)
        return radiusMetres * cos(latRad) / (1 - eccentricitySquared * sine * sine).squareRoot()
    }

    private static func derivative(_ sine: Double, _ major: Double, _ square: Double) -> Double {
        let w = 1 - square * sine * sine
        return major * (1 - square) / (w * w.squareRoot())
    }
}
