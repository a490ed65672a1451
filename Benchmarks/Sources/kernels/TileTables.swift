import HEALPix
import Pixels

/// The places of one tile's pixels in a source window, as the tiler makes them.
final class TileTables {
    static let width = 512
    let geometry: TileGeometry
    /// Side of the window in samples.
    let side: Int
    private let rows = SampleTable(count: 2 * TileTables.width - 1)
    private let diagonals = SampleTable(count: 2 * TileTables.width - 1)
    private let line = SampleTable(count: TileTables.width)
    private let perUnit: UnsafeMutablePointer<Double>
    private let isEquatorial: Bool

    /// - Parameters:
    ///   - cell: a tile of order 3.
    ///   - side: side of the window, at least 1024.
    init(cell: Cell, side: Int) {
        geometry = TileGeometry(tile: cell, widthOrder: 9)!
        self.side = side
        let count = 2 * Self.width - 1
        perUnit = .allocate(capacity: count)
        perUnit.initialize(repeating: 0, count: count)
        isEquatorial = geometry.lonStepRad[0] == geometry.lonStepRad[count - 1]
        for s in 0..<count {
            // Between half a sample and one sample of the window for each pixel.
            let row = Double(s) * 0.73 + 3.1
            rows.index[s] = Int32(row) * Int32(side)
            rows.fraction[s] = row - row.rounded(.down)
            let column = Double(s) * 0.71 + 2.3
            diagonals.index[s] = Int32(column)
            diagonals.fraction[s] = column - column.rounded(.down)
            perUnit[s] = 0.7 * geometry.lonStepRad[s] / geometry.lonStepRad[count - 1]
        }
    }

    deinit { perUnit.deallocate() }

    /// Calls `body` with the request of every row of the tile; polar rows have their columns computed first.
    func forEachRow(_ body: (Int, RowRequest) -> Void) {
        let width = Self.width
        for x in 0..<width {
            let columns: (index: UnsafeMutablePointer<Int32>, fraction: UnsafeMutablePointer<Double>)
            if isEquatorial {
                columns = (diagonals.index + (width - 1 - x), diagonals.fraction + (width - 1 - x))
            } else {
                LinearColumns.fill(
                    line, count: width, base: Double(side) / 2, offset: 0, perUnit: perUnit + x,
                    difference: Double(x))
                columns = (line.index, line.fraction)
            }
            body(
                x,
                RowRequest(
                    rowOffset: rows.index + x, rowFraction: rows.fraction + x, columnOffset: columns.index,
                    columnFraction: columns.fraction, count: width, stride: side))
        }
    }
}
