/// The pixels of one cell of a tile.
struct CellFrame {
    let left: Int
    let top: Int
    let width: Int
    let height: Int

    /// Nine nodes, of which the fifth is in the middle, and four checks between them.
    static let sampleCount = 13
    static let centreSample = 4

    /// Whether the cell is projected pixel by pixel.
    var isSmall: Bool { width < ProjectionGrid.smallestCell || height < ProjectionGrid.smallestCell }

    var parts: [CellFrame] {
        let (w, h) = (width / 2, height / 2)
        return [
            CellFrame(left: left, top: top, width: w, height: h),
            CellFrame(left: left + w, top: top, width: width - w, height: h),
            CellFrame(left: left, top: top + h, width: w, height: height - h),
            CellFrame(left: left + w, top: top + h, width: width - w, height: height - h),
        ]
    }

    /// The three places of nodes along a side of so many pixels.
    static func nodes(_ size: Int) -> (Int, Int, Int) { (0, (size - 1) / 2, size - 1) }

    /// The place of a sample from the cell's first pixel.
    func offset(of sample: Int) -> (Int, Int) {
        let (x, y) = (Self.nodes(width), Self.nodes(height))
        func along(_ n: (Int, Int, Int), _ index: Int) -> Int { index == 0 ? n.0 : index == 1 ? n.1 : n.2 }
        if sample < 9 { return (along(x, sample % 3), along(y, sample / 3)) }
        // Midway between nodes the error of a parabola is within some per cent of its largest.
        func between(_ n: (Int, Int, Int), _ side: Int) -> Int {
            side == 0 ? (n.0 + n.1) / 2 : (n.1 + n.2 + 1) / 2
        }
        return (between(x, (sample - 9) % 2), between(y, (sample - 9) / 2))
    }
}

/// A cell and how its pixels are had.
struct ProjectionCell {
    enum Kind {
        /// By two polynomials.
        case smooth(CellSurface)
        /// One by one, row by row from an index in the grid's lists.
        case exact(start: Int)
        /// None of them is on the map.
        case missing
    }

    let frame: CellFrame
    let kind: Kind
}

/// Column and row of the source as polynomials of the second degree in both indices of a cell.
struct CellSurface {
    /// Coefficients of u^a v^b at 3 b + a.
    var column = InlineArray<9, Double>(repeating: 0)
    var row = InlineArray<9, Double>(repeating: 0)

    init(frame: CellFrame, column c: InlineArray<13, Double>, row r: InlineArray<13, Double>) {
        let x = CellFrame.nodes(frame.width)
        let y = CellFrame.nodes(frame.height)
        column = Self.fit(c, x, y)
        row = Self.fit(r, x, y)
    }

    /// Lagrange's parabola through three values, as coefficients of 1, t and t^2 from the first node.
    private static func parabola(_ f0: Double, _ f1: Double, _ f2: Double, _ n: (Int, Int, Int)) -> (
        Double, Double, Double
    ) {
        let (a, b) = (Double(n.1), Double(n.2))
        let first = (f1 - f0) / a
        let second = ((f2 - f0) / b - first) / (b - a)
        return (f0, first - second * a, second)
    }

    private static func fit(
        _ f: InlineArray<13, Double>, _ x: (Int, Int, Int), _ y: (Int, Int, Int)
    ) -> InlineArray<9, Double> {
        var rows = InlineArray<9, Double>(repeating: 0)
        for j in 0..<3 {
            (rows[3 * j], rows[3 * j + 1], rows[3 * j + 2]) = parabola(
                f[3 * j], f[3 * j + 1], f[3 * j + 2], x)
        }
        var result = InlineArray<9, Double>(repeating: 0)
        for a in 0..<3 {
            (result[a], result[3 + a], result[6 + a]) = parabola(rows[a], rows[3 + a], rows[6 + a], y)
        }
        return result
    }

    /// The parabolas along u of one v.
    func along(v: Double) -> (column: (Double, Double, Double), row: (Double, Double, Double)) {
        func at(_ c: InlineArray<9, Double>, _ a: Int) -> Double { c[a] + v * (c[3 + a] + v * c[6 + a]) }
        return ((at(column, 0), at(column, 1), at(column, 2)), (at(row, 0), at(row, 1), at(row, 2)))
    }

    func value(u: Double, v: Double) -> (column: Double, row: Double) {
        let (c, r) = along(v: v)
        return (c.0 + u * (c.1 + u * c.2), r.0 + u * (r.1 + u * r.2))
    }
}
