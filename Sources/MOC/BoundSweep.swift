/// One walk over the bounds of two coverages, which is what every set operation is.
///
/// A coverage is a list of bounds that alternately enter and leave it. Both lists are walked together, always to the
/// lesser of their next bounds; the result has a bound wherever what the operation says of the two sides changes. There
/// is no branch but the loop's: with footprints that have nothing to do with each other, every other branch would be
/// foretold wrongly, which is dearer than the rest.
///
/// The pointers are safe: the inputs are lent for the length of the call, and the result has room for all bounds of both.
struct BoundSweep {
    /// Whether a place is in the result: bit 0 for outside of both, 1 inside the first alone, 2 the second alone, 3 both.
    let table: Int

    /// Inside of one and not of the other.
    static let symmetricDifference = BoundSweep(table: 0b0110)

    /// The result for two lists of sorted ranges that neither overlap nor touch; it is such a list.
    /// - Complexity: O(n + m) time, and room for n + m ranges.
    func ranges(_ first: [Range<Int64>], _ second: [Range<Int64>]) -> [Range<Int64>] {
        let room = first.count + second.count
        return [Range<Int64>](unsafeUninitializedCapacity: room) { space, count in
            guard room > 0, let start = space.baseAddress else { return }
            let result = UnsafeMutableRawPointer(start).assumingMemoryBound(to: Int64.self)
            let bounds = first.withUnsafeBytes { first in
                second.withUnsafeBytes { second in
                    sweep(
                        first.assumingMemoryBound(to: Int64.self), second.assumingMemoryBound(to: Int64.self),
                        into: result)
                }
            }
            count = bounds / 2
        }
    }

    /// Writes the bounds of the result and says how many there are, an even number.
    private func sweep(
        _ first: UnsafeBufferPointer<Int64>, _ second: UnsafeBufferPointer<Int64>,
        into result: UnsafeMutablePointer<Int64>
    ) -> Int {
        var (i, j, k) = (0, 0, 0)
        // The result's list is inside at k odd, as the inputs' are at i and j odd.
        if let a = first.baseAddress, let b = second.baseAddress {
            let (n, m) = (first.count, second.count)
            while i < n, j < m {
                let (left, right) = (a[i], b[j])
                result[k] = left < right ? left : right
                i &+= left <= right ? 1 : 0
                j &+= right <= left ? 1 : 0
                let isIn = table &>> ((i & 1) | (j & 1) &<< 1)
                k &+= (isIn ^ k) & 1
            }
        }
        // What is left of one list, the other being behind: as it is, or nothing.
        if table & 0b0010 != 0 { k = append(first[i...], to: result, at: k) }
        if table & 0b0100 != 0 { k = append(second[j...], to: result, at: k) }
        return k
    }

    private func append(
        _ rest: Slice<UnsafeBufferPointer<Int64>>, to result: UnsafeMutablePointer<Int64>, at k: Int
    ) -> Int {
        guard let source = rest.base.baseAddress, !rest.isEmpty else { return k }
        (result + k).update(from: source + rest.startIndex, count: rest.count)
        return k + rest.count
    }
}
