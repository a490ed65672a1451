import HEALPix

/// Finds the cells just outside of a coverage, and some inside of it.
///
/// Cells of less than a block are grown by blocks, see ``BlockGrowth``. From each larger cell one looks in all eight
/// directions. A neighbour of the same size that is covered settles that direction; otherwise the children along that edge or
/// at that corner look in their turn, down to the order of the coverage. So the work is in proportion to the border and not
/// to the area.
struct BorderWalk {
    private let moc: MOC
    private var growth: BlockGrowth

    init(around moc: MOC, most: Int) {
        self.moc = moc
        growth = BlockGrowth(order: moc.order, most: most)
    }

    /// Cells of the coverage's order, in no sequence, also more than once.
    var numbers: [Int64] { growth.numbers }

    /// Looks from the cells of all ranges.
    mutating func run() throws(MOCError) {
        let shift = Axis.space.shift(moc.order.value)
        // The block whose cells are being gathered.
        var (block, bits) = (Int64(0), 0 as UInt64)
        for range in moc.ranges {
            var lower = range.lowerBound >> shift
            let upper = range.upperBound >> shift
            while lower < upper {
                let next = min(upper, (lower | 63) + 1)
                if next - lower == 64, moc.order.value >= 3 {
                    let whole = lower << shift..<(upper & ~63) << shift
                    try lookAround(whole)
                    lower = whole.upperBound >> shift
                    continue
                }
                if lower >> 6 != block {
                    if bits != 0 { try growth.grow(bits, of: block) }
                    (block, bits) = (lower >> 6, 0)
                }
                bits |= (UInt64.max >> UInt64(64 - (next - lower))) << UInt64(lower & 63)
                lower = next
            }
        }
        if bits != 0 { try growth.grow(bits, of: block) }
    }

    private mutating func lookAround(_ range: Range<Int64>) throws(MOCError) {
        var rest = range
        while !rest.isEmpty {
            let first = Axis.space.firstCell(of: rest)
            guard let cell = Cell(order: first.order, npix: first.number) else { return }
            for way in Compass.allCases { try look(from: cell, way, isClear: false) }
            rest = cell.range.upperBound..<rest.upperBound
        }
    }

    /// What was found.
    consuming func found() -> MOC {
        let (order, ranges) = (moc.order, growth.ranges)
        let beyond = MOC(order: order, valid: growth.takeNumbers())
        return MOC(order: order, normalised: ranges).union(beyond)
    }

    /// - Parameter isClear: whether the neighbour is known not to be covered anywhere.
    private mutating func look(from cell: Cell, _ way: Compass, isClear: Bool) throws(MOCError) {
        guard let neighbour = cell.neighbour(way) else { return }
        guard cell.order < moc.order else {
            // Whether it is covered shows when all of them are merged, which costs less than looking for it.
            try growth.add(neighbour.npix)
            return
        }
        var isClear = isClear
        if !isClear {
            let range = neighbour.range
            let index = moc.firstRange(endingAfter: range.lowerBound)
            let found = index < moc.ranges.count ? moc.ranges[index] : range.upperBound..<range.upperBound
            if found.lowerBound <= range.lowerBound, range.upperBound <= found.upperBound { return }
            isClear = found.lowerBound >= range.upperBound
        }
        for index in way.children {
            guard let child = cell.child(index) else { return }
            try look(from: child, way, isClear: isClear)
        }
    }
}

extension Compass {
    /// The children of a cell that touch its neighbour: two along an edge, one at a corner.
    fileprivate var children: [Int] {
        switch self {
        case .southWest: [0, 2]
        case .west: [2]
        case .northWest: [2, 3]
        case .north: [3]
        case .northEast: [1, 3]
        case .east: [1]
        case .southEast: [0, 1]
        case .south: [0]
        }
    }
}
