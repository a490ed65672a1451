import HEALPix

/// Lays a ring of cells around cells of a coverage, 8 x 8 of them at a time.
///
/// Cells of a block are the bits of a word, and growing is shifting it. What goes over the sides of the block goes to the
/// eight blocks around it; in a face these are found by adding to interleaved digits. At the sides of faces, and where
/// orders are too low for blocks, cells are grown one by one.
struct BlockGrowth {
    private static let xDigits: UInt64 = 0x5555_5555_5555_5555
    private static let yDigits: UInt64 = 0xaaaa_aaaa_aaaa_aaaa
    private static let firstColumn: UInt64 = 0x0101_0101_0101_0101

    private let order: Order
    private let shift: Int64
    /// The digits of a block's number within its face.
    private let inFace: UInt64
    private let most: Int
    /// Cells of the blocks themselves, grown: ranges of cells of the order, ascending.
    private(set) var ranges: [Range<Int64>] = []
    /// Cells beyond the blocks, in no sequence.
    private(set) var numbers: [Int64] = []

    init(order: Order, most: Int) {
        self.order = order
        self.most = most
        shift = Int64(2 * (Order.maximum.value - order.value))
        inFace = order.value < 3 ? 0 : (1 as UInt64) << UInt64(2 * (order.value - 3)) - 1
    }

    /// Grows the cells of a block, given as bits in the nested sequence.
    mutating func grow(_ cells: UInt64, of block: Int64) throws(MOCError) {
        let place = UInt64(truncatingIfNeeded: block) & inFace
        let (x, y) = (place & Self.xDigits, place & Self.yDigits)
        let (lastX, lastY) = (inFace & Self.xDigits, inFace & Self.yDigits)
        if x == 0 || y == 0 || x == lastX || y == lastY {
            try growEach(cells, of: block)
            return
        }
        let rows = CellBits.rows(nested: cells)
        let wide =
            rows | ((rows &<< 1) & ~Self.firstColumn) | ((rows &>> 1) & ~(Self.firstColumn &<< 7))
        append(wide | (wide &<< 8) | (wide &>> 8), of: block)
        let (west, east) = (rows & Self.firstColumn, (rows &>> 7) & Self.firstColumn)
        let (south, north) = (wide & 0xff, wide &>> 56)
        guard west | east | south | north != 0 else { return }
        // Sums of interleaved digits: a carry runs over the others where they are all set, a loan where they are not.
        let bits = UInt64(truncatingIfNeeded: block)
        let xs = bits & Self.xDigits
        let ys = bits & Self.yDigits
        let less = ((xs &- 1) & Self.xDigits, (ys &- 1) & Self.yDigits)
        let more = (((bits | Self.yDigits) &+ 1) & Self.xDigits, ((bits | Self.xDigits) &+ 1) & Self.yDigits)
        if west != 0 {
            spill((west | (west &<< 8) | (west &>> 8)) &<< 7, to: less.0 | ys)
            if rows & 1 != 0 { spill(1 &<< 63, to: less.0 | less.1) }
            if rows & (1 &<< 56) != 0 { spill(1 &<< 7, to: less.0 | more.1) }
        }
        if east != 0 {
            spill(east | (east &<< 8) | (east &>> 8), to: more.0 | ys)
            if rows & (1 &<< 7) != 0 { spill(1 &<< 56, to: more.0 | less.1) }
            if rows & (1 &<< 63) != 0 { spill(1, to: more.0 | more.1) }
        }
        if south != 0 { spill(south &<< 56, to: xs | less.1) }
        if north != 0 { spill(north, to: xs | more.1) }
        try checkCount()
    }

    /// Adds a single cell.
    mutating func add(_ number: Int64) throws(MOCError) {
        numbers.append(number)
        try checkCount()
    }

    /// Gives the numbers away, so that they need not be copied to be sorted.
    mutating func takeNumbers() -> [Int64] {
        var taken: [Int64] = []
        swap(&taken, &numbers)
        return taken
    }

    private func checkCount() throws(MOCError) {
        guard numbers.count <= most else {
            throw .tooLarge(
                "the border has more than \(most) cells of order \(order); degrade the coverage first")
        }
    }

    private mutating func append(_ rows: UInt64, of block: Int64) {
        CellBits.forEachRun(CellBits.nested(rows: rows)) { place, count in
            let lower = (block &<< 6 &+ place) &<< shift
            let upper = lower &+ count &<< shift
            if let last = ranges.last, last.upperBound == lower {
                ranges[ranges.count - 1] = Range(uncheckedBounds: (last.lowerBound, upper))
            } else {
                ranges.append(Range(uncheckedBounds: (lower, upper)))
            }
        }
    }

    private mutating func spill(_ rows: UInt64, to block: UInt64) {
        var rest = CellBits.nested(rows: rows)
        let first = Int64(truncatingIfNeeded: block &<< 6)
        while rest != 0 {
            numbers.append(first | Int64(rest.trailingZeroBitCount))
            rest &= rest &- 1
        }
    }

    private mutating func growEach(_ cells: UInt64, of block: Int64) throws(MOCError) {
        var rest = cells
        while rest != 0 {
            let number = block &<< 6 | Int64(rest.trailingZeroBitCount)
            rest &= rest &- 1
            guard let cell = Cell(order: order, npix: number) else { continue }
            numbers.append(number)
            for way in Compass.allCases {
                if let neighbour = cell.neighbour(way) { numbers.append(neighbour.npix) }
            }
        }
        try checkCount()
    }
}
