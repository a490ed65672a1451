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
