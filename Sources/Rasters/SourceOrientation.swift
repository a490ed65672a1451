internal import GDAL

/// How the columns and rows of a file run, against the grid's to the east and to the south.
public struct SourceOrientation: Sendable, Equatable {
    /// Whether the file's columns run west.
    public let columnsRunWest: Bool
    /// Whether the file's rows run north.
    public let rowsRunNorth: Bool

    /// Columns to the east and rows to the south.
    static let upright = SourceOrientation(columnsRunWest: false, rowsRunNorth: false)

    var isUpright: Bool { !columnsRunWest && !rowsRunNorth }

    /// A row of the file as one of the grid, and the other way round.
    func row(_ row: Int, of count: Int) -> Int { rowsRunNorth ? count - 1 - row : row }

    /// Rows of the grid as rows of the file.
    func rows(_ rows: Range<Int>, of count: Int) -> Range<Int> {
        rowsRunNorth ? (count - rows.upperBound)..<(count - rows.lowerBound) : rows
    }

    /// Columns of the grid as columns of the file.
    func columns(_ columns: Range<Int>, of count: Int) -> Range<Int> {
        columnsRunWest ? (count - columns.upperBound)..<(count - columns.lowerBound) : columns
    }

    /// A window of the grid as one of a file of so many columns and rows.
    func window(_ part: PixelWindow, of columns: Int, _ rows: Int) -> PixelWindow {
        guard !isUpright else { return part }
        let across = self.columns(part.column..<(part.column + part.width), of: columns)
        let down = self.rows(part.row..<(part.row + part.height), of: rows)
        return PixelWindow(
            column: across.lowerBound, row: down.lowerBound, width: part.width, height: part.height)
    }

    /// Turns what was read of a window of the file into the order of the grid, in place.
    func turn<T>(_ samples: UnsafeMutablePointer<T>, _ part: PixelWindow, stride: Int) {
        guard !isUpright else { return }
        if columnsRunWest {
            for row in 0..<part.height {
                var line = UnsafeMutableBufferPointer(start: samples + row * stride, count: part.width)
                line.reverse()
            }
        }
        if rowsRunNorth {
            for row in 0..<(part.height / 2) {
                let (upper, lower) = (samples + row * stride, samples + (part.height - 1 - row) * stride)
                for i in 0..<part.width { swap(&upper[i], &lower[i]) }
            }
        }
    }
}
