public import HEALPix

extension MOC {
    /// Whether the whole of a cell is covered.
    ///
    /// - Complexity: O(log n).
    public func contains(_ cell: Cell) -> Bool {
        let range = cell.range
        guard let candidate = firstRange(endingAfter: range.lowerBound) else { return false }
        return candidate.lowerBound <= range.lowerBound && range.upperBound <= candidate.upperBound
    }

    /// Whether at least a part of a cell is covered.
    ///
    /// - Complexity: O(log n).
    public func intersects(_ cell: Cell) -> Bool {
        let range = cell.range
        guard let candidate = firstRange(endingAfter: range.lowerBound) else { return false }
        return candidate.lowerBound < range.upperBound
    }

    private func firstRange(endingAfter index: Int64) -> Range<Int64>? {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > index { high = middle } else { low = middle + 1 }
        }
        return low < ranges.count ? ranges[low] : nil
    }
}
