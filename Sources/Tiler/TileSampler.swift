internal import HEALPix
internal import Pixels
internal import Rasters

/// Width of a tile as a power of two: 512 pixels.
let tileWidthOrder = 9
/// Width of a tile in pixels.
let tileWidth = 1 << tileWidthOrder

/// Samples tiles out of source windows; one per worker, its tables reused from tile to tile.
final class TileSampler<Sample: TilePixel> {
    let grid: SourceGrid
    let resampling: Resampling
    let rows = SampleTable(count: 2 * tileWidth - 1)
    let diagonals = SampleTable(count: 2 * tileWidth - 1)
    let line = SampleTable(count: tileWidth)
    let blankMayOccur: Bool
    let poles: PoleLines<Sample>?
    let averagedDegrees: Double
    var hasBeyond = false
    var beyond = [Pole?](repeating: nil, count: 2 * tileWidth - 1)
    let columnPerUnit: UnsafeMutablePointer<Double>
    let sums: UnsafeMutablePointer<Sample.Sum>
    let weights: UnsafeMutablePointer<Double>

    /// - Parameters:
    ///   - blankMayOccur: whether a valid sample can equal the blank, which then gives way by one unit.
    ///   - poles: the rows at the poles, where the grid needs them.
    ///   - averagedDegrees: width of what one sample stands for when averaging.
    init(
        grid: SourceGrid, resampling: Resampling, blankMayOccur: Bool, poles: PoleLines<Sample>?,
        averagedDegrees: Double
    ) {
        self.poles = resampling == .average ? nil : poles
        self.averagedDegrees = averagedDegrees
        self.grid = grid
        self.resampling = resampling
        self.blankMayOccur = blankMayOccur
        columnPerUnit = .allocate(capacity: 2 * tileWidth - 1)
        columnPerUnit.initialize(repeating: 0, count: 2 * tileWidth - 1)
        sums = .allocate(capacity: tileWidth)
        sums.initialize(repeating: Sample.zero, count: tileWidth)
        weights = .allocate(capacity: tileWidth)
        weights.initialize(repeating: 0, count: tileWidth)
    }

    deinit {
        columnPerUnit.deallocate()
        sums.deallocate()
        weights.deallocate()
    }

    /// Samples a square part of a tile.
    /// - Parameters:
    ///   - block: first row, first column and size of the part; the window holds what its pixels need.
    ///   - out: the tile's first pixel.
    /// - Returns: the number of pixels that are not blank.
    func sample(
        _ tile: Cell, block: (row: Int, column: Int, size: Int), window: SourceWindow<Sample>,
        blank: Sample?, into out: UnsafeMutablePointer<Sample>
    ) -> Int {
        let content = content(of: tile, window)
        if content == .noneValid {
            for row in block.row..<(block.row + block.size) {
                (out + row * tileWidth + block.column).update(
                    repeating: blank ?? Sample.defaultBlank, count: block.size)
            }
            return 0
        }
        guard let geometry = TileGeometry(tile: tile, widthOrder: tileWidthOrder) else { return 0 }
        let outsideRows = placeRows(geometry, window, block)
        let columns = placeColumns(geometry, window, block)
        let plain =
            content == .allValid && !outsideRows && interpolation == .bilinear && !columns.anyOutside
        var valid = 0
        for x in block.row..<(block.row + block.size) {
            let request = request(row: x, geometry, columns, window, block)
            let target = out + x * tileWidth + block.column
            if plain, !request.outside {
                Sample.bilinearRow(request.row, window: window.base, into: target)
                if let blank, blankMayOccur { Sample.keepClear(target, count: block.size, of: blank) }
                valid += block.size
            } else {
                valid += Sample.maskedRow(
                    request.row, interpolation, window: window.base, mask: window.validity,
                    blank: blank, into: target)
            }
            valid += mendPole(row: x, geometry, columns, block, blank: blank, target)
        }
        return valid
    }

    /// What is valid of what a tile needs: in a window that holds the border of the data, most tiles lie to one side.
    private func content(of tile: Cell, _ window: SourceWindow<Sample>) -> SourceWindow<Sample>.Content {
        if window.isFullyValid { return .allValid }
        guard let need = need(of: tile) else { return .mixed }
        let content = window.content(columns: need.columns, rows: need.rows)
        // Between the last row and a pole, what is valid may lie half a turn away.
        return content == .noneValid && poles != nil ? .mixed : content
    }

    /// Pixels between the last row and a pole, anew from the whole row where the grid needs that.
    /// - Returns: how many more of them are valid than before.
    private func mendPole(
        row x: Int, _ geometry: TileGeometry, _ columns: Columns, _ block: (row: Int, column: Int, size: Int),
        blank: Sample?, _ out: UnsafeMutablePointer<Sample>
    ) -> Int {
        guard let poles, hasBeyond else { return 0 }
        var gained = 0
        for i in 0..<block.size {
            let s = x + block.column + i
            guard let pole = beyond[s] else { continue }
            let difference = Double(geometry.xMinusYAtOrigin + Int64(x - block.column - i))
            let value = poles.value(
                north: pole.isNorth, steps: columns.steps + columnPerUnit[s] * difference,
                across: pole.across, nearest: interpolation == .nearest)
            gained -= out[i].isBlank(blank) ? 0 : 1
            if let value {
                out[i] = Sample(clamping: value)
                if let blank { out[i] = out[i].avoiding(blank) }
                gained += 1
            } else {
                out[i] = blank ?? Sample.defaultBlank
            }
        }
        return gained
    }

    /// A diagonal of pixels between the last row and a pole.
    struct Pole {
        let isNorth: Bool
        /// Weight of the row on the other side.
        let across: Double
    }

    /// Averages one of the `4^levels` sub-tiles of a tile into the tile.
    /// - Parameter part: the sub-tile's row and column among the `2^levels` in each direction.
    /// - Returns: the number of pixels that are not blank.
    func average(
        _ subTile: Cell, part: (row: Int, column: Int), levels: Int, window: SourceWindow<Sample>,
        blank: Sample?, into out: UnsafeMutablePointer<Sample>
    ) -> Int {
        guard let geometry = TileGeometry(tile: subTile, widthOrder: tileWidthOrder) else { return 0 }
        let block = (row: 0, column: 0, size: tileWidth)
        _ = placeRows(geometry, window, block)
        let columns = placeColumns(geometry, window, block)
        let size = tileWidth >> levels
        var valid = 0
        for x in 0..<tileWidth {
            let request = request(row: x, geometry, columns, window, block)
            Sample.accumulateRow(
                request.row, shift: levels, window: window.base, mask: window.validity, sums: sums,
                weights: weights)
            if (x + 1) & ((1 << levels) - 1) == 0 {
                let row = part.row * size + (x >> levels)
                valid += Sample.finishRow(
                    sums: sums, weights: weights, count: size, blank: blank,
                    into: out + row * tileWidth + part.column * size)
            }
        }
        return valid
    }
}
