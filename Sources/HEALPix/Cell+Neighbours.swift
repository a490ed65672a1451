extension Cell {
    /// The eight neighbours in the order of `Compass`: south-west, west, north-west, north, north-east, east,
    /// south-east, south.
    ///
    /// Nil where only three faces meet and there is no cell beyond the corner: at the eastern and western
    /// corners of the faces around the poles and the northern and southern corners of the equatorial ones.
    public var neighbours: [Cell?] { Compass.allCases.map { neighbour($0) } }

    /// The neighbour in one direction, nil where a corner of a face has none.
    public func neighbour(_ way: Compass) -> Cell? {
        let (x, y) = placeInFace
        let step = way.step
        let u = x + step.x
        let v = y + step.y
        let side = order.nside
        if u >= 0, u < side, v >= 0, v < side { return Cell(unchecked: order, face: face, x: u, y: v) }
        return Self.beyond(face: face, x: u, y: v, order: order)
    }

    /// The cell at a place just outside a face.
    ///
    /// Faces of a cap meet each other along meridians, where the axes of the neighbour are turned by a quarter;
    /// all other pairs of faces share their axes and differ by a shift (Gorski et al. 2005, figure 4).
    private static func beyond(face: Int, x: Int64, y: Int64, order: Order) -> Cell? {
        let side = order.nside
        let k = face & 3
        func cell(_ row: Int, _ column: Int, _ x: Int64, _ y: Int64) -> Cell {
            Cell(unchecked: order, face: 4 * row + (column & 3), x: x, y: y)
        }
        let outX = x < 0 ? -1 : x < side ? 0 : 1
        let outY = y < 0 ? -1 : y < side ? 0 : 1
        switch (face >> 2, outX, outY) {
        // Around the north pole.
        case (0, 1, 0): return cell(0, k + 1, y, 2 * side - 1 - x)
        case (0, 0, 1): return cell(0, k - 1, 2 * side - 1 - y, x)
        case (0, 1, 1): return cell(0, k + 2, 2 * side - 1 - x, 2 * side - 1 - y)
        case (0, 0, -1): return cell(1, k + 1, x, y + side)
        case (0, -1, 0): return cell(1, k, x + side, y)
        case (0, -1, -1): return cell(2, k, x + side, y + side)
        // On the equator.
        case (1, 1, 0): return cell(0, k, x - side, y)
        case (1, 0, 1): return cell(0, k - 1, x, y - side)
        case (1, 0, -1): return cell(2, k, x, y + side)
        case (1, -1, 0): return cell(2, k - 1, x + side, y)
        case (1, 1, -1): return cell(1, k + 1, x - side, y + side)
        case (1, -1, 1): return cell(1, k - 1, x + side, y - side)
        // Around the south pole.
        case (2, 1, 0): return cell(1, k + 1, x - side, y)
        case (2, 0, 1): return cell(1, k, x, y - side)
        case (2, 1, 1): return cell(0, k, x - side, y - side)
        case (2, 0, -1): return cell(2, k + 1, -1 - y, x)
        case (2, -1, 0): return cell(2, k - 1, y, -1 - x)
        case (2, -1, -1): return cell(2, k + 2, -1 - x, -1 - y)
        default: return nil
        }
    }
}
