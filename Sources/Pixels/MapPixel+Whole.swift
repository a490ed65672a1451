internal import CKernelShims

// Tiles without holes, which most are: several pixels at a time, in the lanes that every x86-64 has.

extension MapPixel where Self: FixedWidthInteger, Drawn == Float {
    /// Draws integers of at most 16 bits, four pixels at a time.
    @inline(__always)
    static func drawWhole(
        _ tile: UnsafePointer<Self>, width: Int, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        let (zeroX, zeroY) = (fixedPoint(originX, 65536), fixedPoint(originY, 65536))
        let target = UnsafeMutableRawPointer(out)
        var i = 0
        while i &+ 4 <= count {
            let (px, py) = (places(x + i, zeroX), places(y + i, zeroY))
            let (rows, columns) = (px &>> 16, py &>> 16)
            var (above, below) = (SIMD4<UInt32>(), SIMD4<UInt32>())
            for lane in 0..<4 {
                let sample = tile + (Int(rows[lane]) &* width &+ Int(columns[lane]))
                above[lane] = pair(sample)
                below[lane] = pair(sample + width)
            }
            let fx = SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: px & 65535)) * 0x1p-16
            let fy = SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: py & 65535)) * 0x1p-16
            let (upper, lower) = (mixed(above, fy), mixed(below, fy))
            (target + 4 &* i).storeBytes(of: upper + (lower - upper) * fx, as: SIMD4<Float>.self)
            i &+= 4
        }
        guard i < count else { return }
        drawLoop(
            tile, width: width, blank: nil, x: x + i, originX: originX, y: y + i, originY: originY,
            count: count - i, into: out + i)
    }

    /// Two neighbours, the first in the low bits.
    @inline(__always)
    private static func pair(_ sample: UnsafePointer<Self>) -> UInt32 {
        let pointer = UnsafeRawPointer(sample)
        guard bitWidth == 8 else { return UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self)) }
        return UInt32(UInt16(littleEndian: pointer.loadUnaligned(as: UInt16.self)))
    }

    /// Mixes pairs of neighbours. Floats hold integers of 24 bits, so that a mean of such of 16 bits is off by at most 2^-7.
    @inline(__always)
    private static func mixed(_ pairs: SIMD4<UInt32>, _ weight: SIMD4<Float>) -> SIMD4<Float> {
        let bits = UInt32(truncatingIfNeeded: bitWidth)
        let (a, b) = (number(pairs &<< (32 &- bits)), number(pairs &<< (32 &- 2 &* bits)))
        return a + (b - a) * weight
    }

    /// The numbers in the highest bits.
    @inline(__always)
    private static func number(_ bits: SIMD4<UInt32>) -> SIMD4<Float> {
        let rest = UInt32(truncatingIfNeeded: 32 &- bitWidth)
        guard isSigned else { return SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: bits &>> rest)) }
        return SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: bits) &>> Int32(truncatingIfNeeded: rest))
    }

    /// Four places in 65536ths of a sample; see `fixedPoint`.
    @inline(__always)
    private static func places(_ place: UnsafePointer<Double>, _ zero: Double) -> SIMD4<UInt32> {
        let pointer = UnsafeRawPointer(place)
        let first = pointer.loadUnaligned(as: SIMD2<Double>.self) * 65536 + zero
        let second = (pointer + 16).loadUnaligned(as: SIMD2<Double>.self) * 65536 + zero
        let (low, high) = (
            unsafeBitCast(first, to: SIMD4<UInt32>.self), unsafeBitCast(second, to: SIMD4<UInt32>.self)
        )
        return SIMD4(low[0], low[2], high[0], high[2])
    }
}

extension RGBA8 {
    /// Draws from a tile of opaque colours in three bytes each; see ``MapPixel``.
    ///
    /// - Parameter tile: `3 * width * width` bytes, a row for each x; a row, a colour and two bytes beyond it may be read.
    public static func drawOpaque(
        _ tile: UnsafePointer<UInt8>, width: Int, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<RGBA8>
    ) {
        drawPairs(
            UnsafeRawPointer(tile), bytes: 3, width: width, x: x, originX: originX, y: y, originY: originY,
            count: count, into: out)
    }

    /// Draws two pixels at a time from colours of 3 or 4 bytes.
    ///
    /// Places count in 256ths of a sample. Along x a channel is kept in 128ths, along y in less than 64ths, so that
    /// everything stays in lanes of 16 bits: a hundredth of a level is lost.
    @inline(__always)
    static func drawPairs(
        _ tile: UnsafeRawPointer, bytes: Int, width: Int, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<RGBA8>
    ) {
        let (zeroX, zeroY) = (fixedPoint(originX, 256), fixedPoint(originY, 256))
        let target = UnsafeMutableRawPointer(out)
        var i = 0
        while i < count {
            // The last one of an odd number is drawn twice.
            let next = i &+ 1 < count ? i &+ 1 : i
            let pixels = (
                place(x[i], zeroX), place(y[i], zeroY), place(x[next], zeroX), place(y[next], zeroY)
            )
            let first = mixedRows(tile, bytes, width, pixels.0, pixels.1)
            let second = mixedRows(tile, bytes, width, pixels.2, pixels.3)
            var colours = mixedColumns(first, second, pixels.1, pixels.3)
            if bytes == 3 {
                colours[3] = 255
                colours[7] = 255
            }
            if next > i {
                (target + 4 &* i).storeBytes(of: colours, as: SIMD8<UInt8>.self)
            } else {
                out[i] = RGBA8(channels: colours.lowHalf)
            }
            i &+= 2
        }
    }

    @inline(__always)
    private static func place(_ place: Double, _ zero: Double) -> UInt32 {
        UInt32(truncatingIfNeeded: (place * 256 + zero).bitPattern)
    }

    /// Two neighbours of a row, four lanes each.
    @inline(__always)
    private static func pair(_ sample: UnsafeRawPointer, _ bytes: Int) -> SIMD8<UInt16> {
        guard bytes == 3 else {
            return SIMD8<UInt16>(truncatingIfNeeded: sample.loadUnaligned(as: SIMD8<UInt8>.self))
        }
        // The second colour is moved from byte 3 to byte 4.
        let both = UInt64(littleEndian: sample.loadUnaligned(as: UInt64.self))
        let apart = (both & 0xFFFF_FFFF) | ((both &<< 8) & 0xFFFF_FFFF_0000_0000)
        return SIMD8<UInt16>(truncatingIfNeeded: unsafeBitCast(apart.littleEndian, to: SIMD8<UInt8>.self))
    }

    /// The two upper and the two lower neighbours of a place mixed, in 128ths.
    @inline(__always)
    private static func mixedRows(
        _ tile: UnsafeRawPointer, _ bytes: Int, _ width: Int, _ px: UInt32, _ py: UInt32
    ) -> SIMD8<UInt16> {
        let row = bytes &* width
        let sample = tile + (Int(px &>> 8) &* row &+ Int(py &>> 8) &* bytes)
        let (upper, lower) = (pair(sample, bytes), pair(sample + row, bytes))
        let weight = SIMD8<UInt16>(repeating: UInt16(truncatingIfNeeded: px & 255))
        return (upper &<< 8 &+ (lower &- upper) &* weight) &>> 1
    }

    /// The left and the right half of two places mixed, as bytes.
    @inline(__always)
    private static func mixedColumns(
        _ a: SIMD8<UInt16>, _ b: SIMD8<UInt16>, _ pa: UInt32, _ pb: UInt32
    ) -> SIMD8<UInt8> {
        let left = SIMD8<Int16>(
            truncatingIfNeeded: SIMD8(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]))
        let right = SIMD8<Int16>(
            truncatingIfNeeded: SIMD8(a[4], a[5], a[6], a[7], b[4], b[5], b[6], b[7]))
        let weightA = Int16(truncatingIfNeeded: (pa & 255) &<< 7)
        let weightB = Int16(truncatingIfNeeded: (pb & 255) &<< 7)
        let weights = SIMD8(weightA, weightA, weightA, weightA, weightB, weightB, weightB, weightB)
        let half = tessera_high_products(right &- left, weights)
        // 64 to round, and what the shifts have cut off on average.
        let sum = SIMD8<UInt16>(truncatingIfNeeded: left &+ half &+ half &+ 65)
        return SIMD8<UInt8>(truncatingIfNeeded: sum &>> 7)
    }
}
