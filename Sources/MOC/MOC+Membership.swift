public import HEALPix

extension MOC {
    /// Whether the whole of a cell is covered.
    ///
    /// - Complexity: O(log n).
    public func contains(_ cell: Cell) -> Bool {
        let range = cell.range
        let index = firstRange(endingAfter: range.lowerBound)
        guard index < ranges.count else { return false }
        return ranges[index].lowerBound <= range.lowerBound && range.upperBound <= ranges[index].upperBound
    }

    /// Whether at least a part of a cell is covered.
    ///
    /// - Complexity: O(log n).
    public func intersects(_ cell: Cell) -> Bool {
        let range = cell.range
        let index = firstRange(endingAfter: range.lowerBound)
        return index < ranges.count && ranges[index].lowerBound < range.upperBound
    }

    /// Whether the cell of this order that holds a direction is covered; false for what is no direction.
    ///
    /// - Complexity: O(log n).
    public func contains(_ direction: Direction) -> Bool {
        Cell(containing: direction, order: order).map { contains($0) } ?? false
    }

    /// Whether everything that another coverage covers is covered.
    ///
    /// - Complexity: O(n + m), less where something is found not to be.
    public func contains(_ other: MOC) -> Bool {
        var index = 0
        for range in other.ranges {
            while index < ranges.count, ranges[index].upperBound <= range.lowerBound { index += 1 }
            guard index < ranges.count, ranges[index].lowerBound <= range.lowerBound,
                range.upperBound <= ranges[index].upperBound
            else { return false }
        }
        return true
    }

    /// Whether some place is covered by both; where nothing is, they are disjoint.
    ///
    /// - Complexity: O(n log m) for the smaller and the larger number of ranges, less where something is found.
    public func intersects(_ other: MOC) -> Bool {
        let (few, many) = ranges.count < other.ranges.count ? (self, other) : (other, self)
        return few.ranges.contains { range in
            let index = many.firstRange(endingAfter: range.lowerBound)
            return index < many.ranges.count && many.ranges[index].lowerBound < range.upperBound
        }
    }

    /// The index of the first range that ends after an order-29 cell; the number of ranges when there is none.
    func firstRange(endingAfter index: Int64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > index { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
