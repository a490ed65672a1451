extension Pixel {
    /// Adds the bilinear values of a row of sub-pixels to the pixels they belong to.
    /// - Parameters:
    ///   - shift: `1 << shift` sub-pixels of the row make one pixel.
    ///   - sums: `count >> shift` running sums.
    ///   - weights: as many running counts of valid sub-pixels.
    public static func accumulateRow(
        _ request: RowRequest, shift: Int, window: UnsafePointer<Self>, mask: UnsafePointer<UInt8>?,
        sums: UnsafeMutablePointer<Sum>, weights: UnsafeMutablePointer<Double>
    ) {
        for i in 0..<request.count {
            let row = request.rowOffset[i]
            let column = request.columnOffset[i]
            guard row != SampleTable.outside, column != SampleTable.outside else { continue }
            let value = bilinear(
                offset: Int(row &+ column), x: request.columnFraction[i], y: request.rowFraction[i],
                stride: request.stride, window, mask)
            if let value {
                sums[i >> shift] = add(sums[i >> shift], value, 1)
                weights[i >> shift] += 1
            }
        }
    }

    /// Turns running sums into samples, and clears them for the next row.
    /// - Returns: the number of samples that are not blank.
    public static func finishRow(
        sums: UnsafeMutablePointer<Sum>, weights: UnsafeMutablePointer<Double>, count: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>
    ) -> Int {
        var valid = 0
        for i in 0..<count {
            if weights[i] > 0 {
                out[i] = settled(Self(clamping: scale(sums[i], 1 / weights[i])), blank)
                valid &+= 1
            } else {
                out[i] = blank ?? defaultBlank
            }
            sums[i] = zero
            weights[i] = 0
        }
        return valid
    }
}
