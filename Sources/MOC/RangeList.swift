/// Ranges as they are read, with the place of each in the file.
struct RangeList {
    let axis: Axis
    private(set) var ranges: [Range<Int64>] = []
    private(set) var finest: Int?
    /// For each range where in the file it stands, so that an error can say so.
    private var positions: [Int] = []

    init(_ axis: Axis) { self.axis = axis }

    var isEmpty: Bool { ranges.isEmpty }

    mutating func note(order: Int64) throws(MOCError) {
        _ = try axis.range(order: order, first: 0, last: 0)
        finest = max(finest ?? 0, Int(order))
    }

    mutating func append(order: Int64, _ first: Int64, _ last: Int64, at position: Int) throws(MOCError) {
        append(try axis.range(order: order, first: first, last: last), at: position)
    }

    /// Takes a range that is checked to be on the axis.
    mutating func append(_ range: Range<Int64>, at position: Int) {
        ranges.append(range)
        positions.append(position)
    }

    /// Sorts and merges the ranges.
    /// - Parameters:
    ///   - fail: makes the error from the place of a cell that overlaps one before it.
    /// - Returns: the ranges and how many overlapped others.
    func merged(
        accepting repairs: MOCRepairs, _ fail: (Int) -> MOCError
    ) throws(MOCError) -> (ranges: [Range<Int64>], overlaps: Int) {
        let isSorted = zip(ranges, ranges.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound }
        let sorted = isSorted ? ranges : ranges.sorted { $0.lowerBound < $1.lowerBound }
        var end: Int64 = 0
        var overlaps = 0
        for range in sorted {
            if range.lowerBound < end { overlaps += 1 }
            end = max(end, range.upperBound)
        }
        if overlaps > 0, !repairs.contains(.overlaps) { throw fail(firstOverlap) }
        return (Self.merged(sorted), overlaps)
    }

    /// Where the first cell in the file stands that overlaps one before it.
    private var firstOverlap: Int {
        let places = ranges.indices.sorted {
            (ranges[$0].lowerBound, positions[$0]) < (ranges[$1].lowerBound, positions[$1])
        }
        var first = Int.max
        // The range that reaches furthest so far, which is what the next one overlaps.
        var (end, holder) = (Int64(0), 0)
        for place in places {
            if ranges[place].lowerBound < end { first = min(first, max(positions[place], positions[holder])) }
            if ranges[place].upperBound > end { (end, holder) = (ranges[place].upperBound, place) }
        }
        return first
    }

    /// Merges sorted ranges that overlap or touch.
    static func merged(_ sorted: [Range<Int64>]) -> [Range<Int64>] {
        var merged: [Range<Int64>] = []
        merged.reserveCapacity(sorted.count)
        for range in sorted where !range.isEmpty {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                if range.upperBound > last.upperBound {
                    merged[merged.count - 1] = last.lowerBound..<range.upperBound
                }
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
