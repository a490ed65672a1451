/// A sample that maps are drawn from: bilinear interpolation between the samples of one tile.
public protocol MapPixel: Pixel {
    /// What is drawn: values as floats, colours as colours.
    associatedtype Drawn: BitwiseCopyable & Sendable

    /// The mean of weighted samples as it is drawn.
    static func drawn(_ sum: Sum) -> Drawn

    /// What stands where there are no data.
    static var nothing: Drawn { get }

    // A requirement for the same reason as those of `Pixel`: each type has its own specialised loop.

    /// Draws pixels of a map whose four neighbours lie in one tile.
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
}

extension MapPixel {
    /// Draws one pixel from samples with weights that add up to 1; those without data are left out.
    @inline(__always)
    public static func draw(
        _ first: (Self, Double), _ second: (Self, Double), _ third: (Self, Double), _ fourth: (Self, Double),
        blank: Self?
    ) -> Drawn {
        var sum = zero
        var weight = 0.0
        if !first.0.isBlank(blank) { (sum, weight) = (add(sum, first.0.sum, first.1), first.1) }
        if !second.0.isBlank(blank) { (sum, weight) = (add(sum, second.0.sum, second.1), weight + second.1) }
        if !third.0.isBlank(blank) { (sum, weight) = (add(sum, third.0.sum, third.1), weight + third.1) }
        if !fourth.0.isBlank(blank) { (sum, weight) = (add(sum, fourth.0.sum, fourth.1), weight + fourth.1) }
        return weight >= 0.5 ? drawn(scale(sum, 1 / weight)) : nothing
    }

    @inline(__always)
    static func drawLoop(
        _ tile: UnsafePointer<Self>, width: Int, blank: Self?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Drawn>
    ) {
        let (firstX, firstY) = (originX + 0.5, originY + 0.5)
        if let blank {
            for i in 0..<count {
                let (px, py) = (x[i] - firstX, y[i] - firstY)
                let (row, column) = (Int32(px), Int32(py))
                let (fx, fy) = (px - Double(row), py - Double(column))
                let sample = tile + (Int(row) &* width &+ Int(column))
                out[i] = draw(
                    (sample[0], (1 - fx) * (1 - fy)), (sample[1], (1 - fx) * fy),
                    (sample[width], fx * (1 - fy)), (sample[width &+ 1], fx * fy), blank: blank)
            }
            return
        }
        for i in 0..<count {
            let (px, py) = (x[i] - firstX, y[i] - firstY)
            let (row, column) = (Int32(truncatingIfNeeded: Int(px)), Int32(truncatingIfNeeded: Int(py)))
            let (fx, fy) = (px - Double(row), py - Double(column))
            let sample = tile + (Int(row) &* width &+ Int(column))
            out[i] = drawn(
                mix(
                    mix(sample[0].sum, sample[1].sum, fy), mix(sample[width].sum, sample[width &+ 1].sum, fy),
                    fx)
            )
        }
    }
}

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
        drawLoop(
            tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY, count: count,
            into: out)
    }
}

extension Int16: MapPixel {
    /// Draws from one tile; see ``MapPixel``.
    public static func drawTile(
        _ tile: UnsafePointer<Int16>, width: Int, blank: Int16?, x: UnsafePointer<Double>, originX: Double,
        y: UnsafePointer<Double>, originY: Double, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        drawLoop(
            tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY, count: count,
            into: out)
    }
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
        drawLoop(
            tile, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY, count: count,
            into: out)
    }
}
