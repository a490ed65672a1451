extension MOC {
    /// What both coverages cover, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func intersection(_ other: MOC) -> MOC {
        guard !isEmpty, !other.isEmpty else { return MOC(order: max(order, other.order)) }
        let room = ranges.count + other.ranges.count
        let common = [Range<Int64>](unsafeUninitializedCapacity: room) { space, count in
            // Safe: one range is written at each step, of which there are fewer than ranges.
            ranges.withUnsafeBufferPointer { first in
                other.ranges.withUnsafeBufferPointer { second in
                    count = Self.overlaps(first, second, into: space.baseAddress!)
                }
            }
        }
        return MOC(order: max(order, other.order), normalised: common)
    }

    /// Writes the overlaps of two lists, fewer than both have ranges, and says how many there are.
    ///
    /// Which list goes on is no branch, see ``BoundSweep``.
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
            // The list whose range ends first goes on, or both. A sign bit, since bounds have 62 bits; the compiler would make a
            // branch of anything clearer.
            i &+= 1 &+ Int(truncatingIfNeeded: (right.upperBound &- left.upperBound) &>> 63)
            j &+= 1 &+ Int(truncatingIfNeeded: (left.upperBound &- right.upperBound) &>> 63)
        }
        return k
    }
}
