import FITS
import HEALPix

/// Reads the FITS forms: MOC 1.x and 2.0 with NUNIQ numbers, MOC 2.0 with ranges of space, time or both.
struct FITSReading {
    private let bytes: [UInt8]
    private let layout: FITSTableLayout
    private let accepted: MOCRepairs
    private(set) var repairs: [String] = []

    var cards: [FITSCard] { layout.cards }

    init(_ bytes: [UInt8], accepting repairs: MOCRepairs) throws {
        self.bytes = bytes
        accepted = repairs
        layout = try FITSTableLayout(of: bytes)
        guard layout.availableRows < layout.rows else { return }
        guard accepted.contains(.cutShort) else {
            throw MOCError.fits(
                "it is cut short after row \(layout.availableRows) of \(layout.rows)")
        }
        self.repairs.append(
            "the file is cut short after row \(layout.availableRows) of \(layout.rows): read those")
    }

    mutating func coverage() throws -> Coverage {
        let ordering = cards.string("ORDERING")?.uppercased() ?? "NUNIQ"
        switch (cards.string("MOCDIM")?.uppercased() ?? "SPACE", ordering) {
        case ("SPACE", "NUNIQ"):
            return .space(try numbers())
        case ("SPACE", "RANGE"), ("SPACE", "RANGE29"):
            let stated = try statedOrder(["MOCORD_S", "MOCORDER"], 29)
            let ranges = try bounds(.space)
            let order = max(stated ?? 0, Axis.space.order(of: ranges))
            return .space(MOC(order: Order(order) ?? .maximum, normalised: ranges))
        case ("TIME", "RANGE"):
            let stated = try statedOrder(["MOCORD_T", "MOCORDER"], 61)
            let ranges = try bounds(.time)
            return .time(TimeMOC(order: max(stated ?? 0, Axis.time.order(of: ranges)), normalised: ranges))
        case ("TIME.SPACE", "RANGE"):
            return .spaceTime(try spaceTime())
        case ("SPACE", _), ("TIME", _), ("TIME.SPACE", _):
            throw MOCError.fits(
                "ORDERING is \(ordering) where NUNIQ (of space alone) or RANGE is expected")
        case (let dimension, _):
            throw MOCError.fits("MOCDIM is \(dimension) where SPACE, TIME or TIME.SPACE is expected")
        }
    }

    private func statedOrder(_ keywords: [String], _ deepest: Int64) throws(MOCError) -> Int? {
        guard let stated = keywords.lazy.compactMap({ cards.integer($0) }).first else { return nil }
        guard (0...deepest).contains(stated) else {
            throw .fits("its order is \(stated) where 0 to \(deepest) is expected")
        }
        return Int(stated)
    }

    /// All numbers of the table.
    private func values() -> [Int64] {
        let count = layout.availableRows * layout.repeats
        return [Int64](unsafeUninitializedCapacity: count) { space, initialised in
            layout.read(bytes, into: UnsafeMutableBufferPointer(rebasing: space[..<count]))
            initialised = count
        }
    }

    private mutating func numbers() throws(MOCError) -> MOC {
        let values = values()
        let stated = try statedOrder(["MOCORD_S", "MOCORDER"], 29) ?? 0
        if let moc = Self.ascending(values, stated: stated) { return moc }
        var finest = Int64(stated)
        var list = RangeList(.space)
        for (row, number) in values.enumerated() {
            guard number >= 4 else {
                throw .fits(
                    "\(number) in row \(row / layout.repeats + 1) is not a NUNIQ number, which are 4 and above"
                )
            }
            let order = Int64(Self.order(of: number))
            let npix = number - 4 << (2 * order)
            do throws(MOCError) {
                try list.append(order: order, npix, npix, at: row / layout.repeats)
            } catch {
                throw .fits("row \(row / layout.repeats + 1): " + Coverage.outside(error))
            }
            finest = max(finest, order)
        }
        return MOC(order: Order(Int(finest)) ?? .maximum, normalised: try merge(list))
    }

    /// The order of the cell that a NUNIQ number of at least 4 stands for, up to 30.
    private static func order(of number: Int64) -> Int {
        (Int64.bitWidth &- 1 &- number.leadingZeroBitCount) / 2 &- 1
    }

    /// The coverage of numbers as most files have them: ascending, and no cell in another one. Nil for all others, which
    /// are looked at one by one.
    ///
    /// Ascending numbers are cells of one order after the other, ascending in each, which only have to be merged.
    private static func ascending(_ values: [Int64], stated: Int) -> MOC? {
        guard let first = values.first, let last = values.last, first >= 4 else { return nil }
        guard let finest = Order(max(stated, order(of: last))) else { return nil }
        var union = MOCUnion()
        var covered: Int64 = 0
        var start = 0
        var isAscending = true
        while start < values.count {
            let order = order(of: values[start])
            let base = Int64(4) << Int64(2 * order)
            let shift = Axis.space.shift(order)
            var end = start
            let ranges = [Range<Int64>](unsafeUninitializedCapacity: values.count - start) { space, count in
                // Safe: a range is written for a number, at the most.
                var (lower, upper) = (values[start] &- base, values[start] &- base)
                while end < values.count, values[end] < 4 &* base {
                    let number = values[end] &- base
                    isAscending = isAscending && number >= upper
                    if number > upper {
                        space[count] = Range(uncheckedBounds: (lower &<< shift, upper &<< shift))
                        count &+= 1
                        lower = number
                    }
                    upper = number &+ 1
                    end &+= 1
                }
                space[count] = Range(uncheckedBounds: (lower &<< shift, upper &<< shift))
                count &+= 1
                isAscending = isAscending && upper <= 3 &* base && end > start
            }
            guard isAscending else { return nil }
            covered += ranges.reduce(0) { $0 &+ ($1.upperBound &- $1.lowerBound) }
            union.add(MOC(order: finest, normalised: ranges))
            start = end
        }
        guard let moc = union.result else { return nil }
        let merged = moc.ranges.reduce(0) { $0 &+ ($1.upperBound &- $1.lowerBound) }
        return merged == covered ? moc : nil
    }

    private mutating func merge(_ list: RangeList) throws(MOCError) -> [Range<Int64>] {
        let (ranges, overlaps) = try list.merged(accepting: accepted) { row in
            .fits("the cell in row \(row + 1) overlaps one of another row")
        }
        if overlaps > 0 { repairs.append("\(overlaps) cells overlap others or are named twice: merged") }
        return ranges
    }

    /// The ranges of a table of bounds, sorted and merged.
    private mutating func bounds(_ axis: Axis) throws(MOCError) -> [Range<Int64>] {
        let count = try pairCount()
        var end: Int64 = -1
        var isNormalised = true
        // Where a file is as it should be, this is all that is done with it.
        let ranges = [Range<Int64>](unsafeUninitializedCapacity: count) { space, initialised in
            // Safe: a range is laid out as its two bounds, and ranges are trivial; each is made anew from its bounds.
            let raw = UnsafeMutableRawBufferPointer(space)
            let bounds = raw.bindMemory(to: Int64.self)
            layout.read(bytes, into: UnsafeMutableBufferPointer(rebasing: bounds[..<(2 * count)]))
            for index in 0..<count {
                let (lower, upper) = (bounds[2 &* index], bounds[2 &* index &+ 1])
                isNormalised = isNormalised && lower > end && lower < upper
                end = upper
            }
            _ = raw.bindMemory(to: Range<Int64>.self)
            initialised = isNormalised && end <= axis.end ? count : 0
        }
        if ranges.count == count { return ranges }
        var list = RangeList(axis)
        let values = values()
        for index in 0..<count {
            try append(&list, (values[2 * index], values[2 * index + 1]), at: 2 * index)
        }
        return try merge(list)
    }

    private func append(
        _ list: inout RangeList, _ bounds: (lower: Int64, upper: Int64), at index: Int
    ) throws(MOCError) {
        guard 0 <= bounds.lower, bounds.lower <= bounds.upper, bounds.upper <= list.axis.end else {
            throw .fits(
                "\(bounds.lower) to \(bounds.upper) in row \(index / layout.repeats + 1) is not a range of cells at order "
                    + "\(list.axis.deepest)")
        }
        list.append(bounds.lower..<bounds.upper, at: index / layout.repeats)
    }

    /// Times, which have their sign bit set, and then the places that are covered at them, over and over.
    private mutating func spaceTime() throws(MOCError) -> SpaceTimeMOC {
        let count = try pairCount()
        let values = values()
        var lists: [(times: RangeList, places: RangeList)] = []
        for index in 0..<count {
            let (lower, upper) = (values[2 * index], values[2 * index + 1])
            let isTime = lower < 0
            guard isTime == (upper < 0) else {
                throw .fits(
                    "one of the bounds in row \(2 * index / layout.repeats + 1) is a time and the other is not"
                )
            }
            if isTime, lists.last?.places.isEmpty != true {
                lists.append((RangeList(.time), RangeList(.space)))
            }
            guard !lists.isEmpty else { throw .fits("it begins with places that have no time") }
            let bounds = (lower & .max, upper & .max)
            if isTime {
                try append(&lists[lists.count - 1].times, bounds, at: 2 * index)
            } else {
                try append(&lists[lists.count - 1].places, bounds, at: 2 * index)
            }
        }
        if lists.last?.places.isEmpty == true {
            guard accepted.contains(.cutShort), layout.availableRows < layout.rows else {
                throw .fits("it ends with times that have no places")
            }
            lists.removeLast()
        }
        var parts: [SpaceTimeMOC.Part] = []
        for list in lists {
            let part = SpaceTimeMOC.Part(times: try merge(list.times), places: try merge(list.places))
            // Ranges may be empty, and a part of none but such covers nothing.
            if !part.times.isEmpty && !part.places.isEmpty { parts.append(part) }
        }
        let stated = (try statedOrder(["MOCORD_T"], 61), try statedOrder(["MOCORD_S"], 29))
        let time = Axis.time.order(of: parts.lazy.flatMap(\.times))
        let space = Axis.space.order(of: parts.lazy.flatMap(\.places))
        return SpaceTimeMOC(
            timeOrder: max(stated.0 ?? 0, time), spaceOrder: Order(max(stated.1 ?? 0, space)) ?? .maximum,
            parts: parts)
    }

    private func pairCount() throws(MOCError) -> Int {
        let count = layout.availableRows * layout.repeats
        guard !count.isMultiple(of: 2) else { return count / 2 }
        guard accepted.contains(.cutShort), layout.availableRows < layout.rows else {
            throw .fits("it has \(count) range bounds where an even number is expected")
        }
        return count / 2
    }
}
