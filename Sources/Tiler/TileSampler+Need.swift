internal import Glibc
internal import HEALPix
internal import Pixels
internal import Rasters

extension TileSampler {
    /// Extended columns and rows that a cell's pixels need, with the kernel's reach; nil when it lies outside
    /// the source.
    func need(of cell: Cell) -> (columns: Range<Int>, rows: Range<Int>)? {
        let bounds = cell.bounds
        let degrees = 180 / Double.pi
        let reach = interpolation.reach
        let top = grid.row(latitude: bounds.northRad * degrees)
        let bottom = grid.row(latitude: bounds.southRad * degrees)
        let lowest = grid.northGap == nil ? grid.firstRow : grid.firstRow - 1
        // Kernels look at the row below also where the grid ends half a pixel beyond its last row.
        let highest = grid.lastRow + 1
        guard bottom >= Double(lowest) - 1, top <= Double(highest) + 1 else { return nil }
        let firstRow = max(lowest, Int(max(top, -4).rounded(.down)) - 1)
        let lastRow = min(highest, Int(min(bottom, Double(highest)).rounded(.down)) + 2)

        let west = grid.steps(longitude: bounds.westRad * degrees)
        let east = grid.steps(longitude: bounds.eastRad * degrees)
        guard let span = columnSpan(west, east) else { return nil }
        var margin = reach
        if resampling == .average {
            let widest = max(averagedSpan(row: firstRow), averagedSpan(row: lastRow))
            margin += Int(widest / 2) + 1
        }
        return (
            (span.lowerBound - margin)..<(span.upperBound + margin),
            (firstRow - reach)..<(max(firstRow, lastRow) + 1 + reach)
        )
    }

    /// What a cell's pixels need of the columns and rows that ``need(of:)`` gives, row by row.
    ///
    /// The smallest box of longitudes and latitudes around a cell is twice as large as the cell: boxes of all cells
    /// would read each sample twice. Those of its 256 parts leave little of that.
    /// - Parameter box: what ``need(of:)`` said of the cell.
    /// - Returns: nothing where everything is needed, or all of it is little.
    func runs(of cell: Cell, in box: (columns: Range<Int>, rows: Range<Int>)) -> [WindowRun] {
        guard box.rows.count > 64, let order = Order(cell.order.value + 4) else {
            return []
        }
        var first = [Int](repeating: .max, count: box.rows.count)
        var last = [Int](repeating: .min, count: box.rows.count)
        for x in 0..<Int64(16) {
            for y in 0..<Int64(16) {
                guard
                    let part = Cell(order: order, face: cell.face, x: cell.x << 4 + x, y: cell.y << 4 + y),
                    let need = need(of: part)
                else { continue }
                let columns = need.columns.clamped(to: box.columns)
                for row in need.rows.clamped(to: box.rows) {
                    first[row - box.rows.lowerBound] = min(
                        first[row - box.rows.lowerBound], columns.lowerBound)
                    last[row - box.rows.lowerBound] = max(last[row - box.rows.lowerBound], columns.upperBound)
                }
            }
        }
        var runs: [WindowRun] = []
        var start = 0
        for row in 1...box.rows.count
        where row == box.rows.count || first[row] != first[start] || last[row] != last[start] {
            if first[start] < last[start] {
                runs.append(
                    WindowRun(
                        rows: (box.rows.lowerBound + start)..<(box.rows.lowerBound + row),
                        columns: first[start]..<last[start]))
            }
            start = row
        }
        return runs
    }

    /// Columns that one sample stands for when averaging, by row; not more than an eighth of the turn.
    func averagedSpan(row: Int) -> Double {
        let latitude = grid.firstLatitude - Double(row) * grid.latitudeStep
        let columns = averagedDegrees / grid.longitudeStep / max(abs(cos(latitude * .pi / 180)), 1e-6)
        return min(columns, grid.columnsPerTurn / 8)
    }

    private func columnSpan(_ west: Double, _ east: Double) -> Range<Int>? {
        if grid.wraps {
            guard let first = grid.columnPosition(steps: west), let last = grid.columnPosition(steps: east)
            else { return nil }
            return (first.index - 1)..<(last.index + 3)
        }
        // The cell may meet the grid in more than one turn: the range takes in every meeting.
        let west = grid.fileColumn(steps: west)
        let east = grid.fileColumn(steps: east)
        var low = Int.max
        var high = Int.min
        let turns = Int(((west - Double(grid.columns)) / grid.columnsPerTurn).rounded(.down))
        for turn in turns...(turns + 3) {
            let shift = Double(turn) * grid.columnsPerTurn
            let from = max(west - shift, -1)
            let to = min(east - shift, Double(grid.columns))
            guard from <= to else { continue }
            low = min(low, Int(from.rounded(.down)) - 1)
            high = max(high, Int(to.rounded(.down)) + 3)
        }
        return low < high ? max(low, -1)..<min(high, grid.columns + 2) : nil
    }

    var interpolation: Interpolation {
        switch resampling {
        case .at(let interpolation): interpolation
        case .average: .bilinear
        }
    }
}
