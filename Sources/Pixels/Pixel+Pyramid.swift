extension Pixel {
    /// The mean of each 2 x 2 square of valid samples; blank where none of the four is valid.
    /// - Parameters:
    ///   - source: `2 * width` x `2 * height` samples, packed.
    ///   - blank: the sample that means "no data"; nil when every sample is valid.
    ///   - out: the first sample of the result, whose rows are `outStride` samples apart.
    public static func halve(
        _ source: UnsafePointer<Self>, width: Int, height: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>, outStride: Int
    ) {
        for y in 0..<height {
            let upper = source + 2 * y * 2 * width
            let lower = upper + 2 * width
            let row = out + y * outStride
            // One question for the row, not one for each pixel.
            if let blank {
                for x in 0..<width { row[x] = meanOfSquare(upper + 2 * x, lower + 2 * x, blank) }
            } else {
                for x in 0..<width { row[x] = meanOfSquare(upper + 2 * x, lower + 2 * x, nil) }
            }
        }
    }

    /// The mean of two samples of each of two rows, those that are valid.
    @inline(__always)
    static func meanOfSquare(_ upper: UnsafePointer<Self>, _ lower: UnsafePointer<Self>, _ blank: Self?)
        -> Self
    {
        guard let blank else { return mean(upper[0], upper[1], lower[0], lower[1]) }
        return meanOfValid(upper[0], upper[1], lower[0], lower[1], blank)
    }

    @inline(__always)
    private static func mean(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self {
        let total = add(add(a.sum, b.sum, 1), add(c.sum, d.sum, 1), 1)
        return Self(convex: scale(total, 0.25))
    }

    @inline(__always)
    private static func meanOfValid(_ a: Self, _ b: Self, _ c: Self, _ d: Self, _ blank: Self) -> Self {
        var total = zero
        var count = 0.0
        func take(_ sample: Self) {
            guard !sample.isBlank(blank) else { return }
            total = add(total, sample.sum, 1)
            count += 1
        }
        take(a)
        take(b)
        take(c)
        take(d)
        return count > 0 ? Self(convex: scale(total, 1 / count)).avoiding(blank) : blank
    }

    /// The mean of the valid samples in each `side` x `side` square: a thumbnail of a tile.
    public static func thumbnail(
        _ source: UnsafePointer<Self>, width: Int, side: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>
    ) {
        means(source, width: width, side: side, blank: blank, into: out)
    }

    @inline(__always)
    static func means(
        _ source: UnsafePointer<Self>, width: Int, side: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>
    ) {
        let small = width / side
        for y in 0..<small {
            for x in 0..<small {
                var total = zero
                var count = 0.0
                for row in 0..<side {
                    let p = source + (y * side + row) * width + x * side
                    for column in 0..<side where !p[column].isBlank(blank) {
                        total = add(total, p[column].sum, 1)
                        count += 1
                    }
                }
                out[y * small + x] =
                    count > 0 ? settled(Self(convex: scale(total, 1 / count)), blank) : blank ?? defaultBlank
            }
        }
    }

    /// Counts the samples that are not blank.
    public static func countValid(_ source: UnsafePointer<Self>, count: Int, blank: Self?) -> Int {
        var valid = 0
        for i in 0..<count where !source[i].isBlank(blank) { valid &+= 1 }
        return valid
    }

    /// Marks the squares of `side` x `side` samples that hold a valid one.
    /// - Returns: `(width / side)^2` flags, row by row.
    public static func validBlocks(
        _ source: UnsafePointer<Self>, width: Int, side: Int, blank: Self?
    ) -> [Bool] {
        let across = width / side
        var flags = [Bool](repeating: false, count: across * across)
        // A square of data is known by its first sample: only holes are searched.
        for y in 0..<across {
            for x in 0..<across {
                let square = source + y * side * width + x * side
                flags[y * across + x] = (0..<side).contains { row in
                    (0..<side).contains { !square[row * width + $0].isBlank(blank) }
                }
            }
        }
        return flags
    }
}
