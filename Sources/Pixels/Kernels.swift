internal import Glibc

/// Keys' cubic convolution with a = -1/2 (R. Keys, IEEE Trans. ASSP 29, 1981, eq. 15).
/// - Parameter x: the way from the lower neighbour to the next one, 0...1.
/// - Returns: weights of the samples at -1...2 from the lower neighbour; the other lanes are 0.
@inline(__always)
func cubicWeights(_ x: Double) -> SIMD8<Double> {
    func near(_ d: Double) -> Double { (1.5 * d - 2.5) * d * d + 1 }
    func far(_ d: Double) -> Double { ((-0.5 * d + 2.5) * d - 4) * d + 2 }
    return SIMD8(far(1 + x), near(x), near(1 - x), far(2 - x), 0, 0, 0, 0)
}

/// Lanczos' windowed sinc of three lobes, sinc(t) sinc(t / 3).
/// - Parameter x: the way from the lower neighbour to the next one, 0...1.
/// - Returns: weights of the samples at -2...3 from the lower neighbour; the other lanes are 0.
func lanczosWeights(_ x: Double) -> SIMD8<Double> {
    // Mirrored, so that only the lower neighbour can be near, where the sums below lose no digits.
    if x > 0.5 {
        let w = lanczosWeights(1 - x)
        return SIMD8(w[5], w[4], w[3], w[2], w[1], w[0], 0, 0)
    }
    if x < 1e-12 { return SIMD8(0, 0, 1, 0, 0, 0, 0, 0) }
    // The six distances differ by whole numbers: three functions serve them all.
    let third = Double.pi * x / 3
    let wave = 3 / (Double.pi * Double.pi) * sin(Double.pi * x)
    let (s, c) = (sin(third), cos(third))
    let root = 0.866_025_403_784_438_6
    func weight(_ sign: Double, _ distance: Double, _ slow: Double) -> Double {
        sign * wave * slow / (distance * distance)
    }
    return SIMD8(
        weight(1, 2 + x, root * c - 0.5 * s), weight(-1, 1 + x, root * c + 0.5 * s), weight(1, x, s),
        weight(1, 1 - x, root * c - 0.5 * s), weight(-1, 2 - x, root * c + 0.5 * s), weight(1, 3 - x, s), 0, 0
    )
}
