internal import HEALPix
internal import Pixels
internal import Rasters

extension TileSampler {
    /// Rows depend on x + y alone: one entry for each diagonal.
    /// - Returns: whether any pixel of the block may lie outside the source.
    func placeRows(
        _ geometry: TileGeometry, _ window: SourceWindow<Sample>, _ block: (row: Int, column: Int, size: Int)
    ) -> Bool {
        let degrees = 180 / Double.pi
        let first = block.row + block.column
        let last = first + 2 * block.size - 2
        let reach = interpolation.reach
        var outside = false
        hasBeyond = false
        geometry.latRad.withUnsafeBufferPointer { latitudes in
            for s in first...last {
                if let place = grid.rowPosition(grid.row(latitude: latitudes[s] * degrees)),
                    place.index - reach >= window.firstRow,
                    place.index + 1 + reach < window.firstRow + window.height
                {
                    rows.index[s] = Int32((place.index - window.firstRow) * window.width)
                    rows.fraction[s] = place.fraction
                    beyond[s] = pole(place)
                    if beyond[s] != nil { hasBeyond = true }
                } else {
                    rows.index[s] = SampleTable.outside
                    outside = true
                }
            }
        }
        return outside
    }

    private func pole(_ place: SourceGrid.Position) -> Pole? {
        guard poles != nil else { return nil }
        if place.index < grid.firstRow { return Pole(isNorth: true, across: 1 - place.fraction) }
        if place.index >= grid.lastRow, place.fraction > 0, grid.southGap != nil {
            return Pole(isNorth: false, across: place.fraction)
        }
        return nil
    }

    /// How the columns of the block are found.
    struct Columns {
        /// In the equatorial zone columns depend on x - y alone, and all are in the table of diagonals.
        var fixed = false
        /// Elsewhere: column = base + columnPerUnit[s] * (x - y), without a seam or an edge in the tile.
        var smooth = false
        var base = 0.0
        var offset = 0
        /// The centre of the face in steps of longitude.
        var steps = 0.0
        var anyOutside = false
    }

    func placeColumns(
        _ geometry: TileGeometry, _ window: SourceWindow<Sample>, _ block: (row: Int, column: Int, size: Int)
    ) -> Columns {
        let degrees = 180 / Double.pi
        var columns = Columns()
        columns.base = grid.steps(longitude: geometry.lonCentreRad * degrees)
        columns.steps = columns.base
        let steps = geometry.lonStepRad
        let first = block.row + block.column
        let last = first + 2 * block.size - 2
        if steps[first] == steps[last] {
            columns.fixed = true
            let step = steps[first] * degrees / grid.longitudeStep
            // Entry e stands for y - x = e - (width - 1).
            let low = block.column - block.row - (block.size - 1) + tileWidth - 1
            for e in low...(low + 2 * block.size - 2) {
                let difference = geometry.xMinusYAtOrigin - Int64(e - (tileWidth - 1))
                let column = columns.base + step * Double(difference)
                let inside = place(column, window, diagonals, e)
                if !inside { columns.anyOutside = true }
            }
            return columns
        }
        for s in first...last { columnPerUnit[s] = steps[s] * degrees / grid.longitudeStep }
        if let smooth = smoothness(geometry, columns.base, window, block) {
            columns.smooth = true
            columns.base += smooth.fraction
            // Counted from near the window, columns fit 32 bits however fine the grid is.
            let origin = (columns.base + columnPerUnit[first] * Double(geometry.xMinusYAtOrigin)).rounded(
                .down)
            columns.base -= origin
            columns.offset = Int(origin) + smooth.columns - window.firstColumn
        }
        return columns
    }

    /// What makes steps into extended indices; nil where a seam or an edge crosses the block.
    private func smoothness(
        _ geometry: TileGeometry, _ base: Double, _ window: SourceWindow<Sample>,
        _ block: (row: Int, column: Int, size: Int)
    ) -> (fraction: Double, columns: Int)? {
        // The offset (x - y) * step(x + y) grows with x and falls with y: its extremes are at two corners.
        let n = block.size - 1
        func column(_ x: Int, _ y: Int) -> Double {
            base + columnPerUnit[x + y] * Double(geometry.xMinusYAtOrigin + Int64(x - y))
        }
        let low = column(block.row, block.column + n)
        let high = column(block.row + n, block.column)
        guard let offset = grid.smoothOffset(low: low, high: high) else { return nil }
        let shift = offset.fraction + Double(offset.columns - window.firstColumn)
        let room = Double(interpolation.reach + 1)
        guard low + shift >= room, high + shift < Double(window.width) - room - 1 else { return nil }
        return offset
    }

    @inline(__always)
    private func place(
        _ column: Double, _ window: SourceWindow<Sample>, _ table: borrowing SampleTable, _ entry: Int
    ) -> Bool {
        let reach = interpolation.reach
        if let place = grid.columnPosition(steps: column), place.index - reach >= window.firstColumn,
            place.index + 1 + reach < window.firstColumn + window.width
        {
            table.index[entry] = Int32(place.index - window.firstColumn)
            table.fraction[entry] = place.fraction
            return true
        }
        table.index[entry] = SampleTable.outside
        return false
    }

    func request(
        row x: Int, _ geometry: TileGeometry, _ columns: Columns, _ window: SourceWindow<Sample>,
        _ block: (row: Int, column: Int, size: Int)
    ) -> (row: RowRequest, outside: Bool) {
        let s = x + block.column
        var outside = false
        let offset: UnsafePointer<Int32>
        let fraction: UnsafePointer<Double>
        if columns.fixed {
            let e = block.column - x + tileWidth - 1
            offset = UnsafePointer(diagonals.index + e)
            fraction = UnsafePointer(diagonals.fraction + e)
        } else {
            offset = UnsafePointer(line.index)
            fraction = UnsafePointer(line.fraction)
            let difference = Double(geometry.xMinusYAtOrigin + Int64(x - block.column))
            if columns.smooth {
                LinearColumns.fill(
                    line, count: block.size, base: columns.base, offset: columns.offset,
                    perUnit: columnPerUnit + s, difference: difference)
            } else {
                for i in 0..<block.size {
                    let column = columns.base + columnPerUnit[s + i] * (difference - Double(i))
                    if !place(column, window, line, i) { outside = true }
                }
            }
        }
        let request = RowRequest(
            rowOffset: UnsafePointer(rows.index + s), rowFraction: UnsafePointer(rows.fraction + s),
            columnOffset: offset, columnFraction: fraction, count: block.size, stride: window.width)
        return (request, outside)
    }
}
