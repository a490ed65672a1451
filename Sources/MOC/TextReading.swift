import HEALPix

/// What is found in a text form, to be put together to a coverage.
struct TextReading {
    /// Times and places that belong together; without times where the text names none.
    private var parts: [(times: RangeList, places: RangeList)] = []
    private var hasTime = false
    private var hasSpace = false
    private(set) var repairs: [String] = []
    let accepted: MOCRepairs

    init(accepting repairs: MOCRepairs) { accepted = repairs }

    /// Begins a part.
    mutating func beginPart() { parts.append((RangeList(.time), RangeList(.space))) }

    /// Begins the places or the times of the last part.
    mutating func begin(_ axis: Axis) {
        if parts.isEmpty { beginPart() }
        if axis == .time { hasTime = true } else { hasSpace = true }
    }

    mutating func note(_ axis: Axis, order: Int64) throws(MOCError) {
        if axis == .time {
            try parts[parts.count - 1].times.note(order: order)
        } else {
            try parts[parts.count - 1].places.note(order: order)
        }
    }

    mutating func append(
        _ axis: Axis, order: Int64, _ first: Int64, _ last: Int64, at position: Int
    ) throws(MOCError) {
        if axis == .time {
            try parts[parts.count - 1].times.append(order: order, first, last, at: position)
        } else {
            try parts[parts.count - 1].places.append(order: order, first, last, at: position)
        }
    }

    /// Whether the last part has places, or says of what order they would be.
    var hasPlaces: Bool { parts.last?.places.finest != nil }

    mutating func say(_ repair: String) { repairs.append(repair) }

    /// Puts the coverage together.
    mutating func coverage(_ scanner: TextScanner, emptyExample: String) throws(MOCError) -> Coverage {
        var overlaps = 0
        func merge(_ list: RangeList) throws(MOCError) -> [Range<Int64>] {
            let (ranges, count) = try list.merged(accepting: accepted) {
                scanner.failure("a cell overlaps one that stands before it", at: $0)
            }
            overlaps += count
            return ranges
        }
        var merged: [SpaceTimeMOC.Part] = []
        for part in parts {
            merged.append(.init(times: try merge(part.times), places: try merge(part.places)))
        }
        if overlaps > 0 { say("\(overlaps) cells overlap others or are named twice: merged") }
        let timeOrder = parts.compactMap(\.times.finest).max()
        let spaceOrder = parts.compactMap(\.places.finest).max().flatMap { Order($0) }
        switch (timeOrder, spaceOrder) {
        case (nil, nil):
            throw scanner.failure("it names no order; an empty MOC of order 3 is written \(emptyExample)")
        case (nil, let order?) where !hasTime:
            return .space(MOC(order: order, normalised: merged.first?.places ?? []))
        case (let order?, nil) where !hasSpace:
            return .time(TimeMOC(order: order, normalised: merged.first?.times ?? []))
        case (let timeOrder?, let spaceOrder?):
            let parts = merged.filter { !$0.times.isEmpty || !$0.places.isEmpty }
            guard parts.allSatisfy({ !$0.times.isEmpty && !$0.places.isEmpty }) else {
                throw scanner.failure("it has times without places, or places without times")
            }
            return .spaceTime(
                SpaceTimeMOC(timeOrder: timeOrder, spaceOrder: spaceOrder, parts: parts))
        default:
            throw scanner.failure("it names times or places, but no order of them")
        }
    }
}
