import HEALPix

extension MOC {
    /// The connected parts of this coverage, in the sequence of their first cells, each at the same order.
    ///
    /// - Parameter diagonally: Whether cells that only touch at a corner are connected; otherwise they must share (a part
    ///   of) an edge. mocpy calls them indirect neighbours.
    /// - Throws: ``MOCError/tooLarge(_:)`` for 2^31 cells and more.
    /// - Complexity: O(n log n) for n cells; 8 bytes of memory for a cell beside the parts.
    public func parts(diagonally: Bool = false) throws(MOCError) -> [MOC] {
        var forest = try CellForest(self)
        forest.connect(diagonally ? Compass.allCases : [.southWest, .northWest, .northEast, .southEast])
        return forest.parts().map { MOC(order: order, sorted: $0) }
    }
}

/// The cells of a coverage as a forest of union-find trees, one for each connected part.
private struct CellForest {
    private let moc: MOC
    /// For each range the place of its first cell.
    private var firsts: [Int32]
    /// For each cell the place of another one of the same part that comes before it, or its own.
    private var parents: [Int32] = []

    init(_ moc: MOC) throws(MOCError) {
        self.moc = moc
        firsts = []
        firsts.reserveCapacity(moc.ranges.count)
        let count = moc.cellCount
        guard count < Int(Int32.max) else {
            throw .tooLarge("it has \(count) cells where at most 2^31 can be told apart; degrade it first")
        }
        var place: Int32 = 0
        for range in moc.ranges {
            firsts.append(place)
            Axis.space.forEachCell(of: range) { _, _ in place += 1 }
        }
        parents = Array(0..<place)
    }

    /// Joins each cell with the cells around it. Of two neighbours the smaller one finds the larger one.
    mutating func connect(_ ways: [Compass]) {
        for (index, range) in moc.ranges.enumerated() {
            var place = firsts[index]
            Axis.space.forEachCell(of: range) { order, number in
                guard let cell = Cell(order: order, npix: number) else { return }
                for way in ways {
                    guard let other = cell.neighbour(way), let found = self.place(of: other) else { continue }
                    join(place, found)
                }
                place += 1
            }
        }
    }

    /// The place of the cell around another one; nil when that is not wholly covered.
    private func place(of cell: Cell) -> Int32? {
        let index = moc.firstRange(endingAfter: cell.range.lowerBound)
        guard index < moc.ranges.count else { return nil }
        let range = moc.ranges[index]
        guard range.lowerBound <= cell.range.lowerBound, cell.range.upperBound <= range.upperBound else {
            return nil
        }
        var place = firsts[index]
        var rest = range
        while true {
            let first = Axis.space.firstCell(of: rest)
            let end = (first.number + 1) << first.shift
            if end > cell.range.lowerBound { return place }
            rest = end..<rest.upperBound
            place += 1
        }
    }

    private mutating func root(_ place: Int32) -> Int32 {
        var place = place
        while parents[Int(place)] != place {
            // Halves the way for the next one who asks.
            parents[Int(place)] = parents[Int(parents[Int(place)])]
            place = parents[Int(place)]
        }
        return place
    }

    private mutating func join(_ first: Int32, _ second: Int32) {
        let (a, b) = (root(first), root(second))
        if a < b { parents[Int(b)] = a } else { parents[Int(a)] = b }
    }

    /// The cells of each part as sorted ranges.
    mutating func parts() -> [[Range<Int64>]] {
        var parts: [[Range<Int64>]] = []
        // The place of a part's first cell leads to the part: roots are the first cells of their trees.
        var numbers = [Int32](repeating: -1, count: parents.count)
        for (index, range) in moc.ranges.enumerated() {
            var place = firsts[index]
            Axis.space.forEachCell(of: range) { order, number in
                let shift = Axis.space.shift(order)
                let cell = number &<< shift..<(number &+ 1) &<< shift
                let root = Int(root(place))
                if numbers[root] < 0 {
                    numbers[root] = Int32(parts.count)
                    parts.append([])
                }
                let part = Int(numbers[root])
                if let last = parts[part].last, last.upperBound == cell.lowerBound {
                    parts[part][parts[part].count - 1] = last.lowerBound..<cell.upperBound
                } else {
                    parts[part].append(cell)
                }
                place += 1
            }
        }
        return parts
    }
}
