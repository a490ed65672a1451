/// A coverage of time by intervals (IVOA MOC 2.0, section 3.3).
///
/// Time is counted in microseconds of barycentric coordinate time (TCB) since JD 0; an interval of order k has
/// 2^(61 - k) of them.
public struct TimeMOC: Sendable, Equatable {
    /// The finest order at which this coverage can tell times apart, 0 to 61.
    public let order: Int
    /// What is covered: sorted ranges of microseconds since JD 0 TCB that neither overlap nor touch.
    public let ranges: [Range<Int64>]

    /// Makes a coverage of the intervals of `order` that meet ranges of microseconds, given in any sequence; nil unless
    /// the order is 0 to 61 and the ranges lie in 0 to 2^62.
    public init?(order: Int, covering unsorted: [Range<Int64>]) {
        guard (0...61).contains(order),
            unsorted.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= Axis.time.end })
        else { return nil }
        let mask = (Int64(1) << Axis.time.shift(order)) - 1
        let widened = unsorted.filter { !$0.isEmpty }
            .map { $0.lowerBound & ~mask..<($0.upperBound + mask) & ~mask }
            .sorted { $0.lowerBound < $1.lowerBound }
        self.init(order: order, normalised: RangeList.merged(widened))
    }

    init(order: Int, normalised ranges: [Range<Int64>]) {
        self.order = order
        self.ranges = ranges
    }
}
