extension MOC {
    /// What either coverage covers, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func union(_ other: MOC) -> MOC {
        var merged: [Range<Int64>] = []
        merged.reserveCapacity(ranges.count + other.ranges.count)
        var (left, right) = (ranges[...], other.ranges[...])
        while let first = left.first, let second = right.first {
            if first.lowerBound <= second.lowerBound {
                merged.append(left.removeFirst())
            } else {
                merged.append(right.removeFirst())
            }
        }
        merged += left
        merged += right
        return MOC(order: max(order, other.order), sorted: merged)
    }
}
