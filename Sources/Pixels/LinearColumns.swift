/// Columns of a row of pixels in the polar zones of the sphere, where no seam or edge is near.
public enum LinearColumns {
    /// Fills a table with `base + perUnit[i] * (difference - i)`, split into whole and fraction.
    /// - Parameters:
    ///   - base: the column of the face's centre.
    ///   - offset: added to the whole part: what makes columns into columns of the window.
    ///   - perUnit: columns for one step of x - y on the diagonal of pixel `i`.
    ///   - difference: x - y of pixel 0 of the row, in pixels of the face.
    public static func fill(
        _ table: borrowing SampleTable, count: Int, base: Double, offset: Int, perUnit: UnsafePointer<Double>,
        difference: Double
    ) {
        precondition(count <= table.count)
        let index = table.index
        let fraction = table.fraction
        let offset = Int32(truncatingIfNeeded: offset)
        for i in 0..<Int32(truncatingIfNeeded: count) {
            let column = base + perUnit[Int(i)] * (difference - Double(i))
            // A whole column may come out as the one before with fraction 1, which is the same place.
            let whole = nearestInteger(column - 0.5)
            index[Int(i)] = whole &+ offset
            fraction[Int(i)] = column - Double(whole)
        }
    }
}
