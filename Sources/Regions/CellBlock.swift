/// A square of 1, 2, 4 or 8 cells a side on which pieces of a border are drawn, a bit for each cell: bit 8 y + x.
///
/// This takes the place of the last three steps of a descent. A piece is drawn row by row, like a line on a screen: in
/// each row it runs over an interval of x, and meets the cells that the interval does.
struct CellBlock {
    /// The number of halvings from a block to a cell, where there are as many: 8 cells a side.
    static let depth = 3

    let width: Int
    private let lowX: Double
    private let lowY: Double
    /// Cells in the side of the face.
    private let scale: Double

    /// Cells that a curve surely meets.
    private(set) var met: UInt64 = 0
    /// Cells that a curve meets perhaps, the sure ones among them; it meets no others.
    private(set) var perhaps: UInt64 = 0

    init(lowX: Double, lowY: Double, side: Double, width: Int) {
        (self.lowX, self.lowY, self.width) = (lowX, lowY, width)
        scale = Double(width) / side
    }

    /// All cells of the block.
    var all: UInt64 {
        let row = (1 as UInt64) << UInt64(width) - 1
        var cells: UInt64 = 0
        for y in 0..<width { cells |= row << UInt64(8 * y) }
        return cells
    }

    /// Adds the cells that a curve meets, as far as its straight piece tells.
    ///
    /// The piece keeps within its tolerance of the curve in x and in y. So the curve meets no cell that the piece misses
    /// when the cell is wider by the tolerance on each side, and meets each that the piece meets when it is narrower.
    @inline(__always)
    mutating func draw(_ piece: Boundary.Piece) {
        let isRising = piece.y0 <= piece.y1
        let startX = ((isRising ? piece.x0 : piece.x1) - lowX) * scale
        let startY = ((isRising ? piece.y0 : piece.y1) - lowY) * scale
        let endX = ((isRising ? piece.x1 : piece.x0) - lowX) * scale
        let endY = ((isRising ? piece.y1 : piece.y0) - lowY) * scale
        let tolerance = piece.tolerance * scale
        let slope = (endX - startX) / (endY - startY)
        // Between the ends alone, so that a level piece is never divided by its height.
        @inline(__always)
        func cells(from low: Double, to high: Double, widened: Double) -> UInt64 {
            guard low <= high, low <= endY, high >= startY else { return 0 }
            let first = low <= startY ? startX : startX + (low - startY) * slope
            let last = high >= endY ? endX : startX + (high - startY) * slope
            let left = Self.first(min(first, last) - widened)
            let right = Self.last(max(first, last) + widened, width)
            guard left <= right else { return 0 }
            return (2 as UInt64) &<< UInt64(right) &- (1 as UInt64) &<< UInt64(left)
        }
        let last = Self.last(endY + tolerance, width)
        var row = Self.first(startY - tolerance)
        while row <= last {
            let (low, high) = (Double(row), Double(row + 1))
            let place = UInt64(8 * row)
            perhaps |= cells(from: low - tolerance, to: high + tolerance, widened: tolerance) &<< place
            met |= cells(from: low + tolerance, to: high - tolerance, widened: -tolerance) &<< place
            row += 1
        }
    }

    /// The first cell that reaches a place from below, its border included; at least 0.
    @inline(__always)
    private static func first(_ place: Double) -> Int {
        guard place > 0 else { return 0 }
        guard place <= 8 else { return 8 }
        let cell = Int(place)
        return Double(cell) == place ? cell - 1 : cell
    }

    /// The last cell that begins at a place or before it; -1 where none does, at most the last of all.
    @inline(__always)
    private static func last(_ place: Double, _ width: Int) -> Int {
        guard place >= 0 else { return -1 }
        return place < Double(width) ? Int(place) : width - 1
    }

    /// Calls for each cell with its column, its row and its bit.
    @inline(__always)
    static func forEach(_ cells: UInt64, _ body: (_ x: Double, _ y: Double, _ cell: UInt64) -> Void) {
        var rest = cells
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            let cell = rest & (~rest &+ 1)
            rest ^= cell
            body(Double(place & 7), Double(place >> 3), cell)
        }
    }

    /// The cells that can be reached from one of `free` over edges without leaving these.
    static func connected(to seed: UInt64, in free: UInt64) -> UInt64 {
        let notFirst: UInt64 = 0xfefe_fefe_fefe_fefe
        var found = seed
        while true {
            let aside = ((found &<< 1) & notFirst) | ((found & notFirst) &>> 1)
            let wider = (found | aside | (found &<< 8) | (found &>> 8)) & free
            if wider == found { return found }
            found = wider
        }
    }
}
