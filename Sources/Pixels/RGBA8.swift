/// A colour of three bytes with a fourth that is 255 where there is data and 0 where there is none.
public struct RGBA8: BitwiseCopyable, Sendable, Hashable {
    /// Red, green, blue, validity.
    public var channels: SIMD4<UInt8>

    /// A colour of its four channels: red, green, blue, alpha.
    @inline(__always)
    public init(channels: SIMD4<UInt8>) {
        self.channels = channels
    }

    /// A colour; `alpha` is 255 (data) or 0 (none).
    @inline(__always)
    public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
        channels = SIMD4(red, green, blue, alpha)
    }
}

extension RGBA8: Pixel {
    /// Channels as floats: 24 bits of mantissa hold any convex sum of bytes to 2e-5.
    public typealias Sum = SIMD4<Float>

    /// The sample as a sum of one with weight 1.
    @inline(__always)
    public var sum: SIMD4<Float> { SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: channels)) }

    /// The sum of nothing.
    public static var zero: SIMD4<Float> { .zero }

    /// `a + (b - a) * weight`.
    @inline(__always)
    public static func mix(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ weight: Double) -> SIMD4<Float> {
        a + (b - a) * Float(weight)
    }

    /// `sum + other * weight`.
    @inline(__always)
    public static func add(
        _ sum: SIMD4<Float>, _ other: SIMD4<Float>, _ weight: Double
    ) -> SIMD4<Float> {
        sum + other * Float(weight)
    }

    /// `sum * factor`.
    @inline(__always)
    public static func scale(_ sum: SIMD4<Float>, _ factor: Double) -> SIMD4<Float> {
        sum * Float(factor)
    }

    /// Rounded to nearest, for sums that lie between samples.
    @inline(__always)
    public init(convex sum: SIMD4<Float>) {
        // 1.5 * 2^23: the same rounding as `nearestInteger`, for floats.
        let shifted = sum + SIMD4<Float>(repeating: 12_582_912)
        channels = SIMD4<UInt8>(truncatingIfNeeded: unsafeBitCast(shifted, to: SIMD4<Int32>.self))
    }

    /// Rounded to nearest, for sums that lie between samples.
    @inline(__always)
    public init(clamping sum: SIMD4<Float>) {
        self.init(convex: sum.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255)))
    }

    /// The sample, moved to the nearest other value where it equals `blank`.
    @inline(__always)
    public func avoiding(_ blank: RGBA8) -> RGBA8 {
        RGBA8(channels: SIMD4(channels.x, channels.y, channels.z, 255))
    }

    /// Whether the sample means "no data".
    @inline(__always)
    public func isBlank(_ blank: RGBA8?) -> Bool { channels.w == 0 }

    /// No data: all zero.
    public static var defaultBlank: RGBA8 { RGBA8(channels: .zero) }
}
