extension ProjectionGrid {
    /// The places of one row of the tile in the source, in fractional columns and rows as `PixelPlacement` counts.
    ///
    /// - Parameters:
    ///   - j: the row of the tile.
    ///   - columns: receives `width` columns; NaN where the map does not show the pixel. Where the map repeats itself
    ///     (`MapFrame.periodX`) a column may lie any number of turns away.
    ///   - rows: receives `width` rows; NaN where the column is.
    public func row(_ j: Int, columns: inout MutableSpan<Double>, rows: inout MutableSpan<Double>) {
        write(j, &columns, &rows)
    }

    /// The same in single precision, which holds a hundredth of a pixel up to about 131000 columns.
    public func row(_ j: Int, columns: inout MutableSpan<Float>, rows: inout MutableSpan<Float>) {
        write(j, &columns, &rows)
    }

    @inline(__always)
    private func write<Value: BinaryFloatingPoint>(
        _ j: Int, _ columns: inout MutableSpan<Value>, _ rows: inout MutableSpan<Value>
    ) {
        precondition(
            j >= 0 && j < height && rowStarts.count == height + 1, "no such row, or no tile prepared")
        precondition(columns.count == width && rows.count == width, "a row has \(width) pixels")
        columns.withUnsafeMutableBufferPointer { c in
            rows.withUnsafeMutableBufferPointer { r in
                // Cells lie inside of the tile, so that `left + u` is below `width`, which both buffers hold.
                for entry in rowStarts[j]..<rowStarts[j + 1] {
                    let cell = cells[Int(rowCells[entry])]
                    let frame = cell.frame
                    let out = (
                        c.baseAddress.unsafelyUnwrapped + frame.left,
                        r.baseAddress.unsafelyUnwrapped + frame.left
                    )
                    switch cell.kind {
                    case .missing:
                        for u in 0..<frame.width {
                            out.0[u] = .nan
                            out.1[u] = .nan
                        }
                    case .exact(let start):
                        let first = start + (j - frame.top) * frame.width
                        for u in 0..<frame.width {
                            out.0[u] = Value(exactColumns[first + u])
                            out.1[u] = Value(exactRows[first + u])
                        }
                    case .smooth(let surface):
                        let (column, row) = surface.along(v: Double(j - frame.top))
                        for u in 0..<frame.width {
                            let t = Double(u)
                            out.0[u] = Value(column.0 + t * (column.1 + t * column.2))
                            out.1[u] = Value(row.0 + t * (row.1 + t * row.2))
                        }
                    }
                }
            }
        }
    }
}
