internal import HEALPix
internal import MOC

/// The cells of the coverage below a tile against the tile's valid pixels, both ways.
struct CoverageCheck {
    /// Cells that the coverage has but that hold no valid pixel.
    private(set) var extra: [Cell] = []
    /// Cells that hold a valid pixel but that the coverage lacks.
    private(set) var missing: [Cell] = []

    /// - Parameter order: of the cells, from the tile's own order to that of its pixels.
    init(_ image: PixelImage, tile: Cell, _ moc: MOC, order: Order) {
        let depth = order.value - tile.order.value
        guard depth >= 0, image.width >> depth > 0 else { return }
        let side = image.width >> depth
        let across = 1 << depth
        var surely = [Bool](repeating: false, count: across * across)
        var maybe = surely
        let samples = image.planes[0]
        let plane = samples.span
        for row in 0..<image.height {
            for column in 0..<image.width where !plane[row * image.width + column].isNaN {
                let block = (row / side) * across + column / side
                maybe[block] = true
                if !surely[block] { surely[block] = image.surelyHolds(row * image.width + column) }
            }
        }
        let isWhole = moc.contains(tile)
        for row in 0..<across {
            for column in 0..<across {
                let block = row * across + column
                if isWhole, maybe[block] { continue }
                let x = tile.x << Int64(depth) + Int64(row)
                let y = tile.y << Int64(depth) + Int64(column)
                guard let cell = Cell(order: order, face: tile.face, x: x, y: y) else { continue }
                if moc.intersects(cell) {
                    if !maybe[block] { extra.append(cell) }
                } else if surely[block] {
                    missing.append(cell)
                }
            }
        }
    }
}
