// Whole squares of narrow integers are halved eight at a time: the strided loads of the general form stay scalar
// however it is written. With blanks, lanes gain nothing over it.

extension UInt8 {
    /// The mean of each 2 x 2 square of valid samples; see ``Pixel/halve(_:width:height:blank:into:outStride:)``.
    public static func halve(
        _ source: UnsafePointer<UInt8>, width: Int, height: Int, blank: UInt8?,
        into out: UnsafeMutablePointer<UInt8>, outStride: Int
    ) {
        for y in 0..<height {
            halveRow(source + 4 * y * width, width: width, blank: blank, into: out + y * outStride)
        }
    }

    /// The mean of each square of valid samples; see ``Pixel/thumbnail(_:width:side:blank:into:)``.
    public static func thumbnail(
        _ source: UnsafePointer<UInt8>, width: Int, side: Int, blank: UInt8?,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        if side == 8, blank == nil {
            eighths(source, width: width, into: out)
        } else {
            means(source, width: width, side: side, blank: blank, into: out)
        }
    }
}

extension Int16 {
    /// The mean of each 2 x 2 square of valid samples; see ``Pixel/halve(_:width:height:blank:into:outStride:)``.
    public static func halve(
        _ source: UnsafePointer<Int16>, width: Int, height: Int, blank: Int16?,
        into out: UnsafeMutablePointer<Int16>, outStride: Int
    ) {
        for y in 0..<height {
            halveRow(source + 4 * y * width, width: width, blank: blank, into: out + y * outStride)
        }
    }

    /// The mean of each square of valid samples; see ``Pixel/thumbnail(_:width:side:blank:into:)``.
    public static func thumbnail(
        _ source: UnsafePointer<Int16>, width: Int, side: Int, blank: Int16?,
        into out: UnsafeMutablePointer<Int16>
    ) {
        if side == 8, blank == nil {
            eighths(source, width: width, into: out)
        } else {
            means(source, width: width, side: side, blank: blank, into: out)
        }
    }
}

extension Pixel where Self: FixedWidthInteger & SIMDScalar, Sum == Double {
    /// Halves two rows of integers of at most 16 bits, whose sums of four floats hold exactly.
    @inline(__always)
    fileprivate static func halveRow(
        _ upper: UnsafePointer<Self>, width: Int, blank: Self?, into row: UnsafeMutablePointer<Self>
    ) {
        let lower = upper + 2 * width
        var x = 0
        if let blank {
            while x < width {
                row[x] = meanOfSquare(upper + 2 * x, lower + 2 * x, blank)
                x += 1
            }
            return
        }
        while x + 8 <= width {
            let total = pairs(upper + 2 * x) &+ pairs(lower + 2 * x)
            // Adding 1.5 * 2^23 leaves the nearest integer, ties to even, in the low bits.
            let shifted = SIMD8<Float>(total) * 0.25 + 12_582_912
            let mean = SIMD8<Self>(truncatingIfNeeded: unsafeBitCast(shifted, to: SIMD8<Int32>.self))
            UnsafeMutableRawPointer(row + x).storeBytes(of: mean, as: SIMD8<Self>.self)
            x += 8
        }
        while x < width {
            row[x] = meanOfSquare(upper + 2 * x, lower + 2 * x, nil)
            x += 1
        }
    }

    /// The mean of each square of 8 x 8 samples, all valid.
    @inline(__always)
    fileprivate static func eighths(
        _ source: UnsafePointer<Self>, width: Int, into out: UnsafeMutablePointer<Self>
    ) {
        let small = width / 8
        for y in 0..<small {
            for x in 0..<small {
                let square = UnsafeRawPointer(source + y * 8 * width + x * 8)
                var total = SIMD8<Int32>.zero
                for row in 0..<8 {
                    let samples = (square + row * width * MemoryLayout<Self>.stride)
                        .loadUnaligned(as: SIMD8<Self>.self)
                    total &+= SIMD8<Int32>(truncatingIfNeeded: samples)
                }
                out[y * small + x] = Self(convex: Double(total.wrappedSum()) / 64)
            }
        }
    }

    /// Sums of the eight pairs of neighbours in sixteen samples.
    @inline(__always)
    private static func pairs(_ samples: UnsafePointer<Self>) -> SIMD8<Int32> {
        let both = UnsafeRawPointer(samples).loadUnaligned(as: SIMD16<Self>.self)
        return SIMD8<Int32>(truncatingIfNeeded: both.evenHalf)
            &+ SIMD8<Int32>(truncatingIfNeeded: both.oddHalf)
    }
}
