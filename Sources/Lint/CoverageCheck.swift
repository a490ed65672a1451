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
        let isWhole = moc.contains(tile)
        for row in 0..<across {
            for column in 0..<across {
                let area = PixelArea(row: row * side, column: column * side, side: side)
                let holds = Self.holds(image, area, askedSurely: !isWhole)
                if isWhole, holds.maybe { continue }
                let x = tile.x << Int64(depth) + Int64(row)
                let y = tile.y << Int64(depth) + Int64(column)
                guard let cell = Cell(order: order, face: tile.face, x: x, y: y) else { continue }
                if moc.intersects(cell) {
                    if !holds.maybe { extra.append(cell) }
                } else if holds.surely {
                    missing.append(cell)
                }
            }
        }
    }

    /// Whether a square may have a valid pixel, and whether it surely has one if that is asked for.
    private static func holds(
        _ image: PixelImage, _ area: PixelArea, askedSurely: Bool
    ) -> (maybe: Bool, surely: Bool) {
        let samples = image.planes[0]
        let plane = samples.span
        var maybe = false
        for row in area.row..<(area.row + area.side) {
            for index in (row * image.width + area.column)..<(row * image.width + area.column + area.side)
            where !plane[index].isNaN {
                maybe = true
                if !askedSurely { return (true, false) }
                if image.surelyHolds(index) { return (true, true) }
            }
        }
        return (maybe, false)
    }
}
