import HEALPix

/// Finds the cells just outside of a coverage, and some inside of it next to cells of its own order.
///
/// From each of its cells, however large, one looks in all eight directions. A neighbour of the same size that is covered
/// settles that direction; otherwise the children along that edge or at that corner look in their turn, down to the order
/// of the coverage. So the work is in proportion to the border and not to the area.
struct BorderWalk {
    private let moc: MOC
    private let most: Int
    /// Cells of the coverage's order, in no sequence, also more than once.
    private(set) var numbers: [Int64] = []

    init(around moc: MOC, most: Int) {
        self.moc = moc
        self.most = most
    }

    /// Looks from the cells of all ranges.
    mutating func run() throws(MOCError) {
        for range in moc.ranges {
            var rest = range
            while !rest.isEmpty {
                let first = Axis.space.firstCell(of: rest)
                guard let cell = Cell(order: first.order, npix: first.number) else { return }
                for way in Compass.allCases { try look(from: cell, way, isClear: false) }
                rest = cell.range.upperBound..<rest.upperBound
            }
        }
    }

    /// Gives the numbers away, so that they need not be copied to be sorted.
    mutating func takeNumbers() -> [Int64] {
        var taken: [Int64] = []
        swap(&taken, &numbers)
        return taken
    }

    /// - Parameter isClear: whether the neighbour is known not to be covered anywhere.
    private mutating func look(from cell: Cell, _ way: Compass, isClear: Bool) throws(MOCError) {
        guard let neighbour = cell.neighbour(way) else { return }
        guard cell.order < moc.order else {
            // Whether it is covered shows when all of them are merged, which costs less than looking for it.
            guard numbers.count < most else {
                throw .tooLarge(
                    "the border has more than \(most) cells of order \(moc.order); degrade the coverage first"
                )
            }
            numbers.append(neighbour.npix)
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
