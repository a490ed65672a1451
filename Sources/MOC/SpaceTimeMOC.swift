public import HEALPix

/// A coverage of space that changes with time (IVOA MOC 2.0, section 3.5): parts that each have times and places.
public struct SpaceTimeMOC: Sendable, Equatable {
    /// Some times, and what is covered at each of them.
    public struct Part: Sendable, Equatable {
        /// Sorted ranges of microseconds since JD 0 TCB.
        public let times: [Range<Int64>]
        /// Sorted ranges of nested HEALPix indices at order 29.
        public let places: [Range<Int64>]
    }

    /// The finest order of the times, 0 to 61.
    public let timeOrder: Int
    /// The finest order of the places.
    public let spaceOrder: Order
    /// The parts as they were read; none has times alone or places alone.
    public let parts: [Part]

    /// Makes a coverage of the same places at all of some times; one without times or places covers nothing.
    public init(times: TimeMOC, places: MOC) {
        timeOrder = times.order
        spaceOrder = places.order
        parts =
            times.ranges.isEmpty || places.isEmpty ? [] : [Part(times: times.ranges, places: places.ranges)]
    }

    init(timeOrder: Int, spaceOrder: Order, parts: [Part]) {
        self.timeOrder = timeOrder
        self.spaceOrder = spaceOrder
        self.parts = parts
    }

    /// All places that are covered at some time.
    public var places: MOC {
        MOC.union(of: parts.map { MOC(order: spaceOrder, sorted: $0.places) }) ?? MOC(order: spaceOrder)
    }

    /// All times at which something is covered.
    public var times: TimeMOC {
        let all = parts.flatMap(\.times).sorted { $0.lowerBound < $1.lowerBound }
        return TimeMOC(order: timeOrder, normalised: RangeList.merged(all))
    }
}
