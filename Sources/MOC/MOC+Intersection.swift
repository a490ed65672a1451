extension MOC {
    /// What both coverages cover, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func intersection(_ other: MOC) -> MOC {
        guard !isEmpty, !other.isEmpty else { return MOC(order: max(order, other.order)) }
        let room = ranges.count + other.ranges.count - 1
        let common = [Range<Int64>](unsafeUninitializedCapacity: room) { space, count in
            // Safe: two lists overlap at most once for each step, of which there are fewer than ranges.
            ranges.withUnsafeBufferPointer { first in
                other.ranges.withUnsafeBufferPointer { second in
                    count = Self.overlaps(first, second, into: space.baseAddress!)
                }
            }
        }
        return MOC(order: max(order, other.order), normalised: common)
    }

    /// Writes the overlaps of two lists, at most as many as both have ranges, less one, and says how many there are.
    ///
    /// Without a branch but the loop's, see ``BoundSweep``.
    static func overlaps(
        _ first: UnsafeBufferPointer<Range<Int64>>, _ second: UnsafeBufferPointer<Range<Int64>>,
        into result: UnsafeMutablePointer<Range<Int64>>
    ) -> Int {
        guard let a = first.baseAddress, let b = second.baseAddress else { return 0 }
        let (n, m) = (first.count, second.count)
        var (i, j, k) = (0, 0, 0)
        while i < n, j < m {
            let (left, right) = (a[i], b[j])
            let lower = max(left.lowerBound, right.lowerBound)
            let upper = min(left.upperBound, right.upperBound)
            if lower < upper {
                result[k] = Range(uncheckedBounds: (lower, upper))
                k &+= 1
            }
            i &+= left.upperBound <= right.upperBound ? 1 : 0
            j &+= right.upperBound <= left.upperBound ? 1 : 0
        }
        return k
    }
}
