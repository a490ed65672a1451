internal import Glibc

/// A map from values to the 256 levels of a picture.
public struct ByteStretch: Sendable, Equatable {
    /// The curve between the limits.
    public enum Curve: String, Sendable, CaseIterable {
        case linear, sqrt, log, asinh
    }

    /// Value of the darkest level.
    public let low: Double
    /// Value of level 255.
    public let high: Double
    /// The curve between them.
    public let curve: Curve
    /// The level of the low limit: 0, or 1 where clients take level 0 for no data, as Aladin Desktop does.
    public let darkest: UInt8

    /// A stretch from `low` to `high`; equal limits put everything at or below them on the darkest level.
    public init(low: Double, high: Double, curve: Curve = .linear, darkest: UInt8 = 0) {
        self.low = low
        self.high = high
        self.curve = curve
        self.darkest = darkest
    }

    /// Whether bytes pass through unchanged.
    public var isIdentityForBytes: Bool { low == 0 && high == 255 && curve == .linear && darkest == 0 }

    /// The level of a value: rounded, and clamped outside the limits; the darkest for not-a-number.
    public func byte(_ value: Double) -> UInt8 {
        let span = high - low
        var t = span > 0 ? (value - low) / span : (value > low ? 1 : 0)
        // Comparisons are false for not-a-number, which infinite limits make of finite values too.
        t = t > 0 ? (t < 1 ? t : 1) : 0
        switch curve {
        case .linear: break
        // The forms of common viewers: log and asinh with their customary strengths of 1000 and 10.
        case .sqrt: t = t.squareRoot()
        case .log: t = Glibc.log(1 + 1000 * t) / Glibc.log(1001)
        case .asinh: t = Glibc.asinh(10 * t) / Glibc.asinh(10)
        }
        let first = Double(darkest)
        return UInt8(truncatingIfNeeded: Int32(first + t * (255 - first) + 0.5))
    }
}
