import FITS
import HEALPix

extension Coverage {
    /// The cards that say what the table holds (MOC 2.0, section 4.3.1; MOC 1.1, section 2.3.2).
    func cards(_ format: MOCFormat, system: String) -> [FITSCard] {
        let space: [FITSCard] = [FITSCard("COORDSYS", .string(system), comment: "see MOCBODY for the body")]
        let time: [FITSCard] = [FITSCard("TIMESYS", .string("TCB"), comment: "microseconds since JD 0")]
        func depth(_ keyword: String, _ order: Int, _ comment: String) -> FITSCard {
            FITSCard(keyword, .integer(Int64(order)), comment: comment)
        }
        var cards: [FITSCard] = []
        if format != .fitsV1 {
            cards.append(FITSCard("MOCVERS", .string("2.0"), comment: "MOC version"))
            cards.append(FITSCard("MOCDIM", .string(dimension), comment: "physical dimension"))
        }
        switch self {
        case .space(let moc):
            let isNumbers = format != .fitsRange
            cards.append(
                FITSCard(
                    "ORDERING", .string(isNumbers ? "NUNIQ" : "RANGE"),
                    comment: isNumbers ? "4 * 4^order + cell number" : "bounds of ranges at order 29"))
            cards += space
            if format != .fitsV1 { cards.append(depth("MOCORD_S", moc.order.value, "finest HEALPix order")) }
            if isNumbers { cards.append(depth("MOCORDER", moc.order.value, "the same in MOC 1.1")) }
            cards.append(FITSCard("PIXTYPE", .string("HEALPIX"), comment: "HEALPix nested cells"))
        case .time(let moc):
            cards.append(FITSCard("ORDERING", .string("RANGE"), comment: "bounds of ranges at order 61"))
            cards += time + [depth("MOCORD_T", moc.order, "finest order of times")]
        case .spaceTime(let moc):
            cards.append(FITSCard("ORDERING", .string("RANGE"), comment: "times, negative, before places"))
            cards += time + space
            cards.append(depth("MOCORD_T", moc.timeOrder, "finest order of times"))
            cards.append(depth("MOCORD_S", moc.spaceOrder.value, "finest HEALPix order"))
        }
        return cards
    }

    /// The FITS form (MOC 2.0, section 4.3.1).
    ///
    /// - Parameters:
    ///   - format: one of the forms of FITS.
    ///   - system: `COORDSYS`.
    ///   - more: further keywords.
    /// - Throws: ``FITSError`` when a card cannot be written, ``MOCError/form(_:)`` for times in MOC 1.1.
    func fitsBytes(_ format: MOCFormat, system: String, more: [FITSCard]) throws -> [UInt8] {
        let cards = cards(format, system: system) + more
        switch self {
        case .space(let moc) where format == .fitsRange:
            return try Self.encode("RANGE", [moc.ranges], cards)
        case .space(let moc):
            return try Self.encodeNumbers(moc, cards)
        case .time, .spaceTime:
            guard format != .fitsV1 else { throw MOCError.form("MOC 1.1 knows no times") }
            if case .spaceTime(let moc) = self {
                // The sign bit tells times from places (MOC 2.0, section 4.3.1).
                let lists = moc.parts.flatMap { part in
                    [part.times.map { $0.lowerBound | .min..<$0.upperBound | .min }, part.places]
                }
                return try Self.encode("RANGE", lists, cards)
            }
            guard case .time(let moc) = self else { return [] }
            return try Self.encode("RANGE", [moc.ranges], cards)
        }
    }

    /// Bounds of ranges, list after list.
    private static func encode(
        _ column: String, _ lists: [[Range<Int64>]], _ cards: [FITSCard]
    ) throws(FITSError) -> [UInt8] {
        let count = lists.reduce(0) { $0 + $1.count }
        return try FITSTable.encode(column: column, rows: 2 * count, isNarrow: false, cards: cards) { data in
            // Safe: two bounds of 8 bytes for each range, as many as were asked for.
            var offset = 0
            for list in lists {
                for range in list {
                    data.storeBytes(of: range.lowerBound.bigEndian, toByteOffset: offset, as: Int64.self)
                    data.storeBytes(of: range.upperBound.bigEndian, toByteOffset: offset &+ 8, as: Int64.self)
                    offset &+= 16
                }
            }
        }
    }

    /// The NUNIQ numbers of the fewest cells, ascending.
    static func encodeNumbers(_ moc: MOC, _ cards: [FITSCard]) throws(FITSError) -> [UInt8] {
        var places = CellTable.starts(moc.ranges, axis: .space)
        let count = places[places.count - 1]
        // Numbers of order 13 fit 32 bits. By the order of the coverage, not of its cells: mocpy takes 13 for the finest order
        // of a column of 32 bits, whatever the header says.
        let isNarrow = moc.order.value <= 13
        return try FITSTable.encode(column: "UNIQ", rows: count, isNarrow: isNarrow, cards: cards) { data in
            // Safe: a number of the size asked for from each of the cells that were counted.
            places.withUnsafeMutableBufferPointer { places in
                for range in moc.ranges {
                    Axis.space.forEachCell(of: range) { order, number in
                        let value = (4 &<< Int64(2 &* order)) &+ number
                        let place = places[order]
                        places[order] = place &+ 1
                        if isNarrow {
                            let narrow = Int32(truncatingIfNeeded: value).bigEndian
                            data.storeBytes(of: narrow, toByteOffset: 4 &* place, as: Int32.self)
                        } else {
                            data.storeBytes(of: value.bigEndian, toByteOffset: 8 &* place, as: Int64.self)
                        }
                    }
                }
            }
        }
    }
}
