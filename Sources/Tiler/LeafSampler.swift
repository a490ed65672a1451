internal import HEALPix

/// Makes the pixels of leaves out of a source; one per worker, with its own handle on the file.
protocol LeafSampler<Sample> {
    associatedtype Sample: TilePixel

    /// Is told the cell at the plan's window order whose leaves come next, where that is not below them.
    /// - Throws: ``TilerError/source(_:)`` when the file cannot be read.
    func prepare(_ cell: Cell) throws(TilerError)

    /// Samples a leaf.
    /// - Parameter out: the tile's first pixel; everything is written unless 0 is returned.
    /// - Returns: the number of pixels that are not blank.
    /// - Throws: ``TilerError/source(_:)`` when the file cannot be read.
    func sample(_ leaf: Cell, into out: UnsafeMutablePointer<Sample>) throws(TilerError) -> Int
}

extension Cell {
    /// One of the `4^depth` parts of a cell, by its row (HEALPix's x) and column (y) among them.
    func part(depth: Int, row: Int, column: Int) -> Cell? {
        guard let order = Order(order.value + depth) else { return nil }
        return Cell(
            order: order, face: face, x: x << Int64(depth) + Int64(row), y: y << Int64(depth) + Int64(column))
    }
}
