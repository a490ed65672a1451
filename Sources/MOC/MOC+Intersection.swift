extension MOC {
    /// What both coverages cover, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func intersection(_ other: MOC) -> MOC {
        var common: [Range<Int64>] = []
        var (left, right) = (0, 0)
        while left < ranges.count, right < other.ranges.count {
            let (first, second) = (ranges[left], other.ranges[right])
            let overlap = first.clamped(to: second)
            if !overlap.isEmpty { common.append(overlap) }
            if first.upperBound <= second.upperBound { left += 1 } else { right += 1 }
        }
        return MOC(order: max(order, other.order), sorted: common)
    }
}
