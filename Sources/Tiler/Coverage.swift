internal import HEALPix
internal import Pixels

/// The footprint of tiles: which cells of the coverage's order hold a valid pixel.
enum Coverage {
    /// The fewest cells that say where a leaf has valid pixels.
    /// - Parameter blank: nil when every pixel is valid.
    static func cells<Sample: Pixel>(
        _ samples: UnsafePointer<Sample>, tile: Cell, blank: Sample?, mocOrder: Order
    ) -> [Cell] {
        let depth = mocOrder.value - tile.order.value
        guard depth > 0 else { return tile.ancestor(at: mocOrder).map { [$0] } ?? [] }
        guard let blank else { return [tile] }
        let across = 1 << depth
        let flags = Sample.validBlocks(samples, width: tileWidth, side: tileWidth >> depth, blank: blank)
        var cells: [Cell] = []
        for row in 0..<across {
            for column in 0..<across where flags[row * across + column] {
                let x = tile.x << Int64(depth) + Int64(row)
                let y = tile.y << Int64(depth) + Int64(column)
                if let cell = Cell(order: mocOrder, face: tile.face, x: x, y: y) { cells.append(cell) }
            }
        }
        return cells
    }
}
