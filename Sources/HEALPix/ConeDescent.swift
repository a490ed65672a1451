import Glibc

/// The walk from the base cells down to the cells of a cone.
///
/// The cone is a ball of radius `chord` around the point `axis` of the unit sphere. A cone beyond a hemisphere is
/// held as the ball around the opposite point that it leaves free: chords near the diameter tell angles badly.
struct ConeDescent {
    private let order: Order
    private let mode: ConeMode
    private let axis: Vector
    private let chord: Double
    private let isOutside: Bool
    private let centreCell: Cell
    private let antipodeCell: Cell
    private(set) var ranges: [Range<Int64>] = []

    /// Bound of the rounding in a distance between two points made from longitudes up to 2 pi.
    private static let slack = 4e-15

    init(cone: Cone, order: Order, mode: ConeMode) {
        self.order = order
        self.mode = mode
        let centre = cone.centre
        let lon = centre.lonRad
        let antipode = Direction(lonRad: lon < .pi ? lon + .pi : lon - .pi, latRad: -centre.latRad)
        isOutside = cone.radiusRad > .pi / 2
        axis = Vector(isOutside ? antipode : centre)
        chord = 2 * sin(0.5 * (isOutside ? .pi - cone.radiusRad : cone.radiusRad))
        centreCell = Self.deepestCell(centre)
        antipodeCell = Self.deepestCell(antipode)
    }

    /// The cell of order 29 that holds a direction of a cone, which `Cone` has checked to be one.
    private static func deepestCell(_ direction: Direction) -> Cell {
        guard let cell = Cell(containing: direction, order: .maximum) else {
            preconditionFailure("a cone has a direction for its centre")
        }
        return cell
    }

    /// Adds the cells of the cone inside `cell`, in ascending order.
    mutating func visit(_ cell: Cell) {
        let outline = CellOutline(cell)
        if cell.order == order {
            let isIn = mode == .inclusive ? touches(cell, outline) : holds(outline.centre)
            if isIn { add(cell) }
            return
        }
        guard touches(cell, outline) else { return }
        if isInside(cell, outline) {
            add(cell)
            return
        }
        for child in cell.children { visit(child) }
    }

    private mutating func add(_ cell: Cell) {
        guard let new = cell.descendants(at: order) else { return }
        if let last = ranges.last, last.upperBound == new.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound..<new.upperBound
        } else {
            ranges.append(new)
        }
    }

    private func holds(_ point: Vector) -> Bool {
        let distance = point.distance(to: axis)
        return isOutside ? distance >= chord : distance <= chord
    }

    /// Whether the cell and the cone share a point.
    ///
    /// They do when the border of the cell meets the cone, or else when the cell holds the whole cone.
    private func touches(_ cell: Cell, _ outline: CellOutline) -> Bool {
        if cell.contains(centreCell) { return true }
        return outline.edges.contains { meets($0) }
    }

    /// Whether the whole cell is surely in the cone: its border is, and it does not hold the cone's outside.
    private func isInside(_ cell: Cell, _ outline: CellOutline) -> Bool {
        if cell.contains(antipodeCell) { return false }
        return outline.edges.allSatisfy { edge in
            if isOutside {
                return axis.distance(toSegment: edge.start, edge.end) - edge.sagitta >= chord + Self.slack
            }
            return max(edge.start.distance(to: axis), edge.end.distance(to: axis)) + edge.sagitta
                <= chord - Self.slack
        }
    }

    /// Whether an edge meets the cone, by halving it until its distance from its chord does not matter.
    private func meets(_ edge: CellEdge) -> Bool {
        let start = edge.start.distance(to: axis)
        let end = edge.end.distance(to: axis)
        if isOutside {
            let reach = chord - Self.slack
            if start >= reach || end >= reach { return true }
            if max(start, end) + edge.sagitta < reach { return false }
        } else {
            let reach = chord + Self.slack
            if start <= reach || end <= reach { return true }
            if axis.distance(toSegment: edge.start, edge.end) - edge.sagitta > reach { return false }
        }
        if edge.sagitta < 0.01 * Self.slack { return true }
        let (first, second) = edge.halves
        return meets(first) || meets(second)
    }
}
