/// The union of any number of coverages that come one after the other.
///
/// Coverages of about the same size are merged with each other, the way a merge sort does it: so N ranges of k coverages
/// are copied log k times, and no more than about twice their number is in memory.
public struct MOCUnion: Sendable {
    /// Merged coverages, each at least twice as large as the next.
    private var waiting: [MOC] = []

    /// The union of nothing.
    public init() {}

    /// Takes one more coverage.
    /// - Complexity: O(n log k) for all of k coverages with n ranges together.
    public mutating func add(_ coverage: MOC) {
        var merged = coverage
        while let last = waiting.last, last.ranges.count < 2 * merged.ranges.count + 16 {
            waiting.removeLast()
            merged = last.union(merged)
        }
        waiting.append(merged)
    }

    /// What has been covered so far, at the finest order seen; nil before the first coverage.
    public var result: MOC? {
        guard var merged = waiting.last else { return nil }
        for coverage in waiting.dropLast().reversed() { merged = coverage.union(merged) }
        return merged
    }
}
