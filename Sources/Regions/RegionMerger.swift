/// Ranges of many regions joined into one ascending list, without keeping more than about twice what they cover.
public struct RegionMerger: Sendable {
    private var joined: [Range<Int64>] = []
    /// How many of `joined`, from the start, ascend and are apart from each other.
    private var settled = 0

    /// Nothing yet.
    public init() {}

    /// Adds ascending ranges.
    public mutating func add(_ ranges: [Range<Int64>]) {
        joined += ranges
        // Settled after each doubling, so that a range is handled a logarithmic number of times.
        if joined.count > 2 * settled + 65536 { settle() }
    }

    /// Everything that was added.
    public mutating func finish() -> [Range<Int64>] {
        settle()
        return joined
    }

    private mutating func settle() {
        guard joined.count > settled else { return }
        // Lists that ascend are runs, which the sort of the standard library merges.
        joined.sort { $0.lowerBound < $1.lowerBound }
        var count = 0
        for range in joined {
            if count > 0, range.lowerBound <= joined[count - 1].upperBound {
                if range.upperBound > joined[count - 1].upperBound {
                    joined[count - 1] = joined[count - 1].lowerBound..<range.upperBound
                }
            } else {
                joined[count] = range
                count += 1
            }
        }
        joined.removeLast(joined.count - count)
        settled = count
    }
}
