/// One row of pixels to be sampled out of a source window.
///
/// The pointers are borrowed for one call. Every index in the tables is either ``SampleTable/outside`` or was
/// clamped to the window when the table was made, with the kernel's reach around it, so that no kernel
/// leaves the window.
public struct RowRequest {
    /// Row offsets (in samples, stride included) and fractions, one per pixel.
    public var rowOffset: UnsafePointer<Int32>
    /// Way from that row to the next, 0...1.
    public var rowFraction: UnsafePointer<Double>
    /// Column offsets, one per pixel.
    public var columnOffset: UnsafePointer<Int32>
    /// Way from that column to the next, 0...1.
    public var columnFraction: UnsafePointer<Double>
    /// Pixels in the row.
    public var count: Int
    /// Samples from one row of the window to the next.
    public var stride: Int

    /// A request for `count` pixels.
    public init(
        rowOffset: UnsafePointer<Int32>, rowFraction: UnsafePointer<Double>,
        columnOffset: UnsafePointer<Int32>, columnFraction: UnsafePointer<Double>, count: Int, stride: Int
    ) {
        self.rowOffset = rowOffset
        self.rowFraction = rowFraction
        self.columnOffset = columnOffset
        self.columnFraction = columnFraction
        self.count = count
        self.stride = stride
    }
}

/// How a value between source samples is found.
public enum Interpolation: Sendable {
    /// The nearest sample.
    case nearest
    /// Linear in rows and columns between the four neighbours.
    case bilinear
    /// Cubic convolution, a = -1/2 (Keys 1981), over 4 x 4 neighbours.
    case bicubic
    /// Windowed sinc of three lobes over 6 x 6 neighbours.
    case lanczos

    /// Samples needed before the lower neighbour and after the upper one.
    public var reach: Int {
        switch self {
        case .nearest, .bilinear: 0
        case .bicubic: 1
        case .lanczos: 2
        }
    }
}

extension Pixel {
    /// Bilinear values where every neighbour is valid: the fast path of most tiles.
    public static func bilinearRow(
        _ request: RowRequest, window: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>
    ) {
        let stride = request.stride
        for i in 0..<request.count {
            let p = window + Int(request.rowOffset[i] &+ request.columnOffset[i])
            let q = p + stride
            let w = request.columnFraction[i]
            let upper = mix(p[0].sum, p[1].sum, w)
            let lower = mix(q[0].sum, q[1].sum, w)
            out[i] = Self(convex: mix(upper, lower, request.rowFraction[i]))
        }
    }

    /// Moves samples that happen to equal the blank to the nearest other value.
    public static func keepClear(_ samples: UnsafeMutablePointer<Self>, count: Int, of blank: Self) {
        for i in 0..<count { samples[i] = samples[i].avoiding(blank) }
    }

    /// Values by any interpolation with validity: invalid neighbours are weighted out, and a pixel outside
    /// the source or without a valid neighbour becomes `blank`, which no valid pixel takes; a nil blank says that
    /// there is no such pixel.
    /// - Parameter mask: one byte per sample of the window, 0 where invalid; nil when all are valid.
    /// - Returns: the number of pixels that are not blank.
    public static func maskedRow(
        _ request: RowRequest, _ interpolation: Interpolation, window: UnsafePointer<Self>,
        mask: UnsafePointer<UInt8>?, blank: Self?, into out: UnsafeMutablePointer<Self>
    ) -> Int {
        let nothing = blank ?? defaultBlank
        var valid = 0
        for i in 0..<request.count {
            let row = request.rowOffset[i]
            let column = request.columnOffset[i]
            guard row != SampleTable.outside, column != SampleTable.outside else {
                out[i] = nothing
                continue
            }
            let place = Place(
                offset: Int(row &+ column), stride: request.stride, x: request.columnFraction[i],
                y: request.rowFraction[i])
            let value: Sum?
            switch interpolation {
            case .nearest: value = nearest(place, window, mask)
            case .bilinear: value = bilinear(place, window, mask)
            case .bicubic: value = wide(place, window, mask, reach: 1, weights: cubicWeights)
            case .lanczos: value = wide(place, window, mask, reach: 2, weights: lanczosWeights)
            }
            if let value {
                out[i] = settled(Self(clamping: value), blank)
                valid &+= 1
            } else {
                out[i] = nothing
            }
        }
        return valid
    }

    /// A valid result, kept apart from the blank.
    @inline(__always)
    static func settled(_ value: Self, _ blank: Self?) -> Self {
        guard let blank else { return value }
        return value.avoiding(blank)
    }

    @inline(__always)
    private static func nearest(
        _ place: Place, _ window: UnsafePointer<Self>, _ mask: UnsafePointer<UInt8>?
    ) -> Sum? {
        let offset = place.offset + (place.x < 0.5 ? 0 : 1) + (place.y < 0.5 ? 0 : place.stride)
        if let mask, mask[offset] == 0 { return nil }
        return window[offset].sum
    }

    @inline(__always)
    static func bilinear(
        offset: Int, x: Double, y: Double, stride: Int, _ window: UnsafePointer<Self>,
        _ mask: UnsafePointer<UInt8>?
    ) -> Sum? {
        // With all four valid the value is that of `bilinearRow` to the last bit: how much was read with a pixel, and so
        // whether a mask came with it, must not show.
        let isWhole =
            mask.map {
                $0[offset] & $0[offset + 1] & $0[offset + stride] & $0[offset + stride + 1] != 0
            } ?? true
        guard let mask, !isWhole else {
            let p = window + offset
            let q = p + stride
            return mix(mix(p[0].sum, p[1].sum, x), mix(q[0].sum, q[1].sum, x), y)
        }
        var total = zero
        var weights = 0.0
        for row in 0..<2 {
            let rowWeight = row == 0 ? 1 - y : y
            for column in 0..<2 {
                let sample = offset + row * stride + column
                let weight = rowWeight * (column == 0 ? 1 - x : x)
                guard weight > 0, mask[sample] != 0 else { continue }
                total = add(total, window[sample].sum, weight)
                weights += weight
            }
        }
        return weights > 0 ? scale(total, 1 / weights) : nil
    }

    @inline(__always)
    private static func bilinear(
        _ place: Place, _ window: UnsafePointer<Self>, _ mask: UnsafePointer<UInt8>?
    ) -> Sum? {
        bilinear(offset: place.offset, x: place.x, y: place.y, stride: place.stride, window, mask)
    }

    /// Separable kernels wider than two samples. Near invalid samples they would divide by small or negative
    /// sums of weights, so there the bilinear value stands in.
    @inline(__always)
    private static func wide(
        _ place: Place, _ window: UnsafePointer<Self>, _ mask: UnsafePointer<UInt8>?, reach: Int,
        weights: (Double) -> SIMD8<Double>
    ) -> Sum? {
        if let mask {
            for row in -reach...(reach + 1) {
                for column in -reach...(reach + 1)
                where mask[place.offset + row * place.stride + column] == 0 {
                    return bilinear(place, window, mask)
                }
            }
        }
        let columns = weights(place.x)
        let rows = weights(place.y)
        let first = window + place.offset - reach * place.stride - reach
        var total = zero
        for row in 0...(2 * reach + 1) {
            let samples = first + row * place.stride
            var line = zero
            for column in 0...(2 * reach + 1) {
                line = add(line, samples[column].sum, columns[column])
            }
            total = add(total, line, rows[row])
        }
        return scale(total, 1 / (columns.sum() * rows.sum()))
    }
}

/// A position in a window: the lower neighbour's offset and the way to the next sample.
private struct Place {
    let offset: Int
    let stride: Int
    let x: Double
    let y: Double
}
