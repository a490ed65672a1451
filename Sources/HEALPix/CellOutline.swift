/// The border of a cell as four curves on the unit sphere.
struct CellOutline {
    let edges: [CellEdge]
    let centre: Vector

    init(_ cell: Cell) {
        let (x, y) = cell.placeInFace
        let face = cell.face
        let step = 1 / Double(cell.order.nside)
        let (west, south) = (Double(x) * step, Double(y) * step)
        let (east, north) = (west + step, south + step)
        let corners = (
            Vector(face: face, u: west, v: south), Vector(face: face, u: east, v: south),
            Vector(face: face, u: east, v: north), Vector(face: face, u: west, v: north)
        )
        centre = Vector(face: face, u: west + 0.5 * step, v: south + 0.5 * step)
        edges = [
            CellEdge(face, fixed: south, isUFixed: false, west, east, corners.0, corners.1),
            CellEdge(face, fixed: east, isUFixed: true, south, north, corners.1, corners.2),
            CellEdge(face, fixed: north, isUFixed: false, west, east, corners.3, corners.2),
            CellEdge(face, fixed: west, isUFixed: true, south, north, corners.0, corners.3),
        ]
    }
}
