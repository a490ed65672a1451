/// A sample that maps are drawn from: bilinear interpolation between the samples of one tile.
public protocol MapPixel: Pixel {
    /// What is drawn: values as floats, colours as colours.
    associatedtype Drawn: Pixel

    /// The mean of weighted samples as it is drawn.
    static func drawn(_ sum: Sum) -> Drawn

    /// What stands where there are no data.
    static var nothing: Drawn { get }

    // A requirement for the same reason as those of `Pixel`: each type has its own specialised loop.

    /// Draws pixels of a map whose four neighbours lie in one tile.
    ///
    /// Reads a row and a sample beyond the tile, with weight 0: there must be memory.
    ///
    /// Where samples are blank, the others share their weight; a pixel with less than half of the weight is nothing.
    ///
    /// - Parameters:
    ///   - tile: `width * width` samples, a row for each x.
    ///   - blank: The sample that means "no data"; nil when the tile has none.
    ///   - x: Positions along the rows' numbers in samples, from 0 at the outer edge of the first sample, counted from
    ///     `originX`; each at least half a sample within the tile.
    ///   - y: The same along the columns, counted from `originY`.
    static func drawTile(
        _ tile: UnsafePointer<Self>, width: Int, blank: Self?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Drawn>)

    /// The mean of four samples of any tiles; nothing where all weights are 0.
    static func mean(_ a: Self, _ b: Self, _ c: Self, _ d: Self, weights: SIMD4<Double>) -> Drawn
}

extension MapPixel {
    @inline(__always)
    static func blend(
        _ a: Self, _ b: Self, _ c: Self, _ d: Self, weights: SIMD4<Double>
    ) -> Drawn {
        let total = weights.sum()
        guard total > 0 else { return nothing }
        // Not-a-number times 0 would be not-a-number.
        var sum = zero
        if weights.x > 0 { sum = add(sum, a.sum, weights.x) }
        if weights.y > 0 { sum = add(sum, b.sum, weights.y) }
        if weights.z > 0 { sum = add(sum, c.sum, weights.z) }
        if weights.w > 0 { sum = add(sum, d.sum, weights.w) }
        return drawn(scale(sum, 1 / total))
    }

    @inline(__always)
    private static func drawValid(
        _ sample: UnsafePointer<Self>, _ width: Int, _ fx: Double, _ fy: Double, _ blank: Self
    ) -> Drawn {
        let (a, b, c, d) = (sample[0], sample[1], sample[width], sample[width &+ 1])
        let weights = SIMD4(
            a.isBlank(blank) ? 0 : (1 - fx) * (1 - fy), b.isBlank(blank) ? 0 : (1 - fx) * fy,
            c.isBlank(blank) ? 0 : fx * (1 - fy), d.isBlank(blank) ? 0 : fx * fy)
        return weights.sum() >= 0.5 ? blend(a, b, c, d, weights: weights) : nothing
    }

    @inline(__always)
    static func drawLoop(
        _ tile: UnsafePointer<Self>, width: Int, blank: Self?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Drawn>
    ) {
        // Places in 65536ths of a sample; see `fixedPoint`.
        let (zeroX, zeroY) = (fixedPoint(originX, 65536), fixedPoint(originY, 65536))
        for i in 0..<count {
            let px = UInt32(truncatingIfNeeded: (x[i] * 65536 + zeroX).bitPattern)
            let py = UInt32(truncatingIfNeeded: (y[i] * 65536 + zeroY).bitPattern)
            let (fx, fy) = (Double(px & 65535) * 0x1p-16, Double(py & 65535) * 0x1p-16)
            let sample = tile + (Int(px &>> 16) &* width &+ Int(py &>> 16))
            if let blank {
                out[i] = drawValid(sample, width, fx, fy, blank)
                continue
            }
            out[i] = drawn(
                mix(
                    mix(sample[0].sum, sample[1].sum, fy), mix(sample[width].sum, sample[width &+ 1].sum, fy),
                    fx)
            )
        }
    }
}

/// What is added to `place * parts` so that the low bits of the sum hold the place from the middle of the first sample, in
/// whole parts: doubles near 1.5 * 2^52 count by ones, and are rounded to nearest without a conversion.
@inline(__always)
func fixedPoint(_ origin: Double, _ parts: Double) -> Double { 0x1.8p52 - (origin + 0.5) * parts }

extension MapPixel where Sum == Double {
    /// The value as a float.
    @inline(__always)
    public static func drawn(_ sum: Double) -> Float { Float(sum) }

    /// Not a number.
    public static var nothing: Float { .nan }
}

extension UInt8: MapPixel {
    /// Draws from one tile; see ``MapPixel``.
    public static func drawTile(
        _ tile: UnsafePointer<UInt8>, width: Int, blank: UInt8?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        guard blank == nil else {
            drawLoop(
                tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY,
                count: count, into: out)
            return
        }
        drawWhole(
            tile, width: width, x: x, originX: originX, y: y, originY: originY, count: count, into: out)
    }

    /// The mean of four samples; see ``MapPixel``.
    public static func mean(
        _ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, weights: SIMD4<Double>
    ) -> Float { blend(a, b, c, d, weights: weights) }
}

extension Int16: MapPixel {
    /// Draws from one tile; see ``MapPixel``.
    public static func drawTile(
        _ tile: UnsafePointer<Int16>, width: Int, blank: Int16?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        guard blank == nil else {
            drawLoop(
                tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY,
                count: count, into: out)
            return
        }
        drawWhole(
            tile, width: width, x: x, originX: originX, y: y, originY: originY, count: count, into: out)
    }

    /// The mean of four samples; see ``MapPixel``.
    public static func mean(
        _ a: Int16, _ b: Int16, _ c: Int16, _ d: Int16, weights: SIMD4<Double>
    ) -> Float { blend(a, b, c, d, weights: weights) }
}

extension Float: MapPixel {
    /// Draws from one tile; see ``MapPixel``.
    public static func drawTile(
        _ tile: UnsafePointer<Float>, width: Int, blank: Float?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        drawLoop(
            tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY, count: count,
            into: out)
    }

    /// The mean of four samples; see ``MapPixel``.
    public static func mean(
        _ a: Float, _ b: Float, _ c: Float, _ d: Float, weights: SIMD4<Double>
    ) -> Float { blend(a, b, c, d, weights: weights) }
}

extension Double: MapPixel {
    /// Draws from one tile; see ``MapPixel``.
    public static func drawTile(
        _ tile: UnsafePointer<Double>, width: Int, blank: Double?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        drawLoop(
            tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY, count: count,
            into: out)
    }

    /// The mean of four samples; see ``MapPixel``.
    public static func mean(
        _ a: Double, _ b: Double, _ c: Double, _ d: Double, weights: SIMD4<Double>
    ) -> Float { blend(a, b, c, d, weights: weights) }
}

extension RGBA8: MapPixel {
    /// The colour, rounded.
    @inline(__always)
    public static func drawn(_ sum: SIMD4<Float>) -> RGBA8 { RGBA8(convex: sum) }

    /// Transparent.
    public static var nothing: RGBA8 { RGBA8(channels: .zero) }

    /// Draws from one tile; see ``MapPixel``.
    public static func drawTile(
        _ tile: UnsafePointer<RGBA8>, width: Int, blank: RGBA8?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<RGBA8>
    ) {
        if let blank {
            drawHoles(
                tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY,
                count: count, into: out)
            return
        }
        drawPairs(
            UnsafeRawPointer(tile), bytes: 4, width: width, x: x, originX: originX, y: y, originY: originY,
            count: count, into: out)
    }

    /// Draws from a tile with holes.
    @inline(never)
    private static func drawHoles(
        _ tile: UnsafePointer<RGBA8>, width: Int, blank: RGBA8, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<RGBA8>
    ) {
        drawLoop(
            tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY, count: count,
            into: out)
    }

    /// The mean of four samples; see ``MapPixel``.
    public static func mean(
        _ a: RGBA8, _ b: RGBA8, _ c: RGBA8, _ d: RGBA8, weights: SIMD4<Double>
    ) -> RGBA8 { blend(a, b, c, d, weights: weights) }
}
