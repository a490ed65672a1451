extension MOC {
    /// What either coverage covers, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func union(_ other: MOC) -> MOC {
        let room = ranges.count + other.ranges.count
        let merged = [Range<Int64>](unsafeUninitializedCapacity: room) { space, count in
            ranges.withUnsafeBufferPointer { first in
                other.ranges.withUnsafeBufferPointer { second in
                    count = Self.merge(first, second, into: space)
                }
            }
        }
        return MOC(order: max(order, other.order), normalised: merged)
    }

    /// Writes the merged ranges of two lists, at most as many as both have, and says how many there are.
    ///
    /// The range that begins first is taken, and either goes on with the one that is being put together or ends it. Without a
    /// branch but the loop's, see ``BoundSweep``: what is being put together is written each time, and counted when it ends.
    ///
    /// The pointers are safe: a range is written for each that is taken, at the most.
    private static func merge(
        _ first: UnsafeBufferPointer<Range<Int64>>, _ second: UnsafeBufferPointer<Range<Int64>>,
        into result: UnsafeMutableBufferPointer<Range<Int64>>
    ) -> Int {
        guard let a = first.baseAddress else { return copy(second, to: result) }
        guard let b = second.baseAddress, !first.isEmpty, !second.isEmpty else {
            return copy(first.isEmpty ? second : first, to: result)
        }
        let space = result.baseAddress!
        let (n, m) = (first.count, second.count)
        var (i, j, k) = (0, 0, 0)
        var lower = min(a[0].lowerBound, b[0].lowerBound)
        var upper = lower
        while i < n, j < m {
            let (left, right) = (a[i], b[j])
            // All bits set where the second list's range begins first, since bounds have 62 bits; the compiler would make a
            // branch of anything clearer.
            let second = (right.lowerBound &- left.lowerBound) &>> 63
            let nextLower = left.lowerBound ^ ((left.lowerBound ^ right.lowerBound) & second)
            let nextUpper = left.upperBound ^ ((left.upperBound ^ right.upperBound) & second)
            i &+= 1 &+ Int(truncatingIfNeeded: second)
            j &-= Int(truncatingIfNeeded: second)
            let isApart = nextLower > upper
            space[k] = Range(uncheckedBounds: (lower, upper))
            k &+= isApart ? 1 : 0
            lower = isApart ? nextLower : lower
            upper = max(upper, nextUpper)
        }
        var rest = i < n ? first[i...] : second[j...]
        while let next = rest.first, next.lowerBound <= upper {
            upper = max(upper, next.upperBound)
            rest.removeFirst()
        }
        space[k] = Range(uncheckedBounds: (lower, upper))
        k += 1
        return k
            + copy(
                UnsafeBufferPointer(rebasing: rest), to: UnsafeMutableBufferPointer(rebasing: result[k...]))
    }

    private static func copy(
        _ ranges: UnsafeBufferPointer<Range<Int64>>, to space: UnsafeMutableBufferPointer<Range<Int64>>
    ) -> Int {
        _ = space.update(fromContentsOf: ranges)
        return ranges.count
    }

    /// What any of the coverages covers, at the finest of their orders; nil when there is none.
    ///
    /// They are taken one after the other, see ``MOCUnion``.
    public static func union(of coverages: some Sequence<MOC>) -> MOC? {
        var union = MOCUnion()
        for coverage in coverages { union.add(coverage) }
        return union.result
    }
}
