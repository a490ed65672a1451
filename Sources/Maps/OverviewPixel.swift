internal import Pixels

/// What is drawn of an overview: means of samples in a pixel.
protocol OverviewPixel: Pixel {
    /// The mean of those of four samples that are data; nothing where fewer than two are, as in interpolation.
    static func mean(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self

    /// The means of squares of two rows.
    ///
    /// - Parameters:
    ///   - upper: `2 * count` samples.
    ///   - lower: As many below them.
    static func means(
        _ upper: UnsafePointer<Self>, _ lower: UnsafePointer<Self>, count: Int,
        into out: UnsafeMutablePointer<Self>)
}

extension OverviewPixel {
    @inline(__always)
    static func square(_ upper: UnsafePointer<Self>, _ lower: UnsafePointer<Self>, _ i: Int) -> Self {
        mean(upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1])
    }
}

extension Float: OverviewPixel {
    static func mean(_ a: Float, _ b: Float, _ c: Float, _ d: Float) -> Float {
        let samples = SIMD4(a, b, c, d)
        let isData = samples .== samples
        let count = SIMD4<Float>.zero.replacing(with: 1, where: isData).sum()
        return count >= 2 ? samples.replacing(with: 0, where: .!isData).sum() / count : .nan
    }

    static func means(
        _ upper: UnsafePointer<Float>, _ lower: UnsafePointer<Float>, count: Int,
        into out: UnsafeMutablePointer<Float>
    ) {
        for i in 0..<count {
            let sum = (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1])
            // Not-a-number where one of them is.
            out[i] = sum == sum ? sum * 0.25 : square(upper, lower, i)
        }
    }
}

extension RGBA8: OverviewPixel {
    /// Colours count as much as they cover, and transparency stays what it is.
    static func mean(_ a: RGBA8, _ b: RGBA8, _ c: RGBA8, _ d: RGBA8) -> RGBA8 {
        var (sum, alphas, count) = (SIMD4<Int>.zero, 0, 0)
        for sample in [a, b, c, d] where sample.channels.w > 0 {
            let alpha = Int(sample.channels.w)
            sum &+= SIMD4<Int>(truncatingIfNeeded: sample.channels) &* SIMD4(repeating: alpha)
            alphas += alpha
            count += 1
        }
        guard count >= 2 else { return RGBA8(channels: .zero) }
        let colour = (sum &+ SIMD4(repeating: alphas / 2)) / SIMD4(repeating: alphas)
        var channels = SIMD4<UInt8>(truncatingIfNeeded: colour)
        channels.w = UInt8((alphas + count / 2) / count)
        return RGBA8(channels: channels)
    }

    static func means(
        _ upper: UnsafePointer<RGBA8>, _ lower: UnsafePointer<RGBA8>, count: Int,
        into out: UnsafeMutablePointer<RGBA8>
    ) {
        let (above, below) = (UnsafeRawPointer(upper), UnsafeRawPointer(lower))
        for i in 0..<count {
            let sums =
                SIMD8<UInt16>(
                    truncatingIfNeeded: (above + 8 * i).loadUnaligned(as: SIMD8<UInt8>.self))
                &+ SIMD8<UInt16>(truncatingIfNeeded: (below + 8 * i).loadUnaligned(as: SIMD8<UInt8>.self))
            let sum = sums.lowHalf &+ sums.highHalf
            // Four opaque colours count alike.
            out[i] =
                sum.w == 4 * 255
                ? RGBA8(channels: SIMD4<UInt8>(truncatingIfNeeded: (sum &+ 2) &>> 2))
                : square(upper, lower, i)
        }
    }
}
