extension MOC {
    /// What this coverage covers and the other does not, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func difference(_ other: MOC) -> MOC {
        let finer = max(order, other.order)
        guard !isEmpty, !other.isEmpty else { return MOC(order: finer, normalised: ranges) }
        let room = ranges.count + other.ranges.count
        let left = [Range<Int64>](unsafeUninitializedCapacity: room) { space, count in
            ranges.withUnsafeBufferPointer { first in
                other.ranges.withUnsafeBufferPointer { second in
                    count = Self.remainders(first, second, into: space.baseAddress!)
                }
            }
        }
        return MOC(order: finer, normalised: left)
    }

    /// Writes what is left of the first list, at most as many ranges as both have, and says how many there are.
    ///
    /// `lower` is where the rest of the present range of the first list begins; each range of the second cuts it. A list
    /// is left as soon as its range ends first, without a branch, see ``BoundSweep``.
    private static func remainders(
        _ first: UnsafeBufferPointer<Range<Int64>>, _ second: UnsafeBufferPointer<Range<Int64>>,
        into result: UnsafeMutablePointer<Range<Int64>>
    ) -> Int {
        guard let a = first.baseAddress, let b = second.baseAddress else { return 0 }
        let (n, m) = (first.count, second.count)
        var (i, j, k) = (0, 0, 0)
        // The gaps of the second list are what is not taken away; this is where the present one begins.
        var gap: Int64 = 0
        while i < n, j < m {
            let (range, taken) = (a[i], b[j])
            let lower = max(range.lowerBound, gap)
            let upper = min(range.upperBound, taken.lowerBound)
            result[k] = Range(uncheckedBounds: (lower, max(lower, upper)))
            k &+= lower < upper ? 1 : 0
            // All bits set where the second list's range ends this gap, since bounds have 62 bits; the compiler would make a
            // branch of anything clearer.
            let goesOn = (taken.lowerBound &- range.upperBound) &>> 63
            i &+= 1 &+ Int(truncatingIfNeeded: goesOn)
            j &-= Int(truncatingIfNeeded: goesOn)
            gap ^= (gap ^ taken.upperBound) & goesOn
        }
        while i < n {
            let lower = max(a[i].lowerBound, gap)
            if lower < a[i].upperBound {
                result[k] = Range(uncheckedBounds: (lower, a[i].upperBound))
                k &+= 1
            }
            i &+= 1
        }
        return k
    }
}
