public import Pixels

/// The rows of a source nearest to the poles, whole, for what lies between them and the poles.
///
/// There the neighbours of a place are samples of one row: those at its own longitude, and those half a turn away.
/// Where half a turn is no whole number of columns the two have fractions of their own, and a window of rows and
/// columns cannot hold both.
public struct PoleLines<Sample: SourcePixel>: Sendable {
    struct Line: Sendable {
        let samples: [Sample]
        let valid: [UInt8]
    }

    let grid: SourceGrid
    let north: Line?
    let south: Line?

    /// Whether a grid needs them: half a turn is a whole number of columns on most.
    public static func areNeeded(for grid: SourceGrid) -> Bool {
        grid.northGap != nil || grid.southGap != nil ? !(grid.isSeamless && grid.columns % 2 == 0) : false
    }

    /// The value of a place beyond the last row before a pole.
    /// - Parameters:
    ///   - north: which pole.
    ///   - steps: the place's longitude, see ``SourceGrid/steps(longitude:)``.
    ///   - across: weight of the row beyond the pole, 0...1.
    ///   - nearest: the nearest sample alone instead of a mean of the valid among four.
    /// - Returns: nil where no neighbour is valid.
    public func value(north isNorth: Bool, steps: Double, across: Double, nearest: Bool) -> Sample.Sum? {
        guard let line = isNorth ? north : south, let own = grid.columnPosition(steps: steps),
            let opposite = grid.columnPosition(steps: steps + grid.columnsPerTurn / 2)
        else { return nil }
        if nearest {
            let place = across > 0.5 ? opposite : own
            let column = column(place.fraction < 0.5 ? place.index : place.index + 1)
            return line.valid[column] != 0 ? line.samples[column].sum : nil
        }
        var total = Sample.zero
        var weights = 0.0
        for (place, share) in [(own, 1 - across), (opposite, across)] {
            for (offset, part) in [(0, 1 - place.fraction), (1, place.fraction)] {
                let column = column(place.index + offset)
                let weight = share * part
                guard weight > 0, line.valid[column] != 0 else { continue }
                total = Sample.add(total, line.samples[column].sum, weight)
                weights += weight
            }
        }
        return weights > 0 ? Sample.scale(total, 1 / weights) : nil
    }

    private func column(_ index: Int) -> Int { floorDivide(index, grid.columns).remainder }
}

extension RasterReader {
    /// Reads the rows nearest to the poles that the grid reaches.
    /// - Throws: ``RasterError/gdal(_:)`` when the file cannot be read.
    public func poleLines() throws(RasterError) -> PoleLines<Sample> {
        PoleLines(
            grid: source.lattice,
            north: source.lattice.northGap == nil ? nil : try wholeLine(source.lattice.firstRow),
            south: source.lattice.southGap == nil ? nil : try wholeLine(source.lattice.lastRow))
    }

    private func wholeLine(_ row: Int) throws(RasterError) -> PoleLines<Sample>.Line {
        try loadLine(row)
        return PoleLines.Line(samples: line, valid: lineMask)
    }
}
