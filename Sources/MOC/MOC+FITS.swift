public import FITS
import HEALPix

extension MOC {
    /// The FITS form (MOC 2.0, section 4.3.1): one column of NUNIQ numbers, in an order of their own.
    ///
    /// `COORDSYS` is always `C`: mocpy refuses every other value, and Aladin may refuse to lay the coverage
    /// over other maps. The body stands in `MOCBODY` instead. No date is written, so that equal coverages
    /// give equal bytes.
    ///
    /// - Parameters:
    ///   - body: The body whose body-fixed frame the cells belong to, for `MOCBODY`; nil for none.
    ///   - cards: Further keywords.
    /// - Returns: The file, a whole number of 2880-byte blocks.
    /// - Throws: ``FITSError`` when a card cannot be written.
    public func fits(body: String? = nil, cards: [FITSCard] = []) throws(FITSError) -> [UInt8] {
        let depth = FITSValue.integer(Int64(order.value))
        var header: [FITSCard] = [
            FITSCard("MOCVERS", .string("2.0"), comment: "MOC version"),
            FITSCard("MOCDIM", .string("SPACE"), comment: "physical dimension"),
            FITSCard("ORDERING", .string("NUNIQ"), comment: "4 * 4^order + cell number"),
            FITSCard("COORDSYS", .string("C"), comment: "fixed word, see MOCBODY for the body"),
            FITSCard("MOCORD_S", depth, comment: "finest HEALPix order"),
            FITSCard("MOCORDER", depth, comment: "the same in MOC 1.1"),
            FITSCard("PIXTYPE", .string("HEALPIX"), comment: "HEALPix nested cells"),
        ]
        if let body {
            header.append(
                FITSCard("MOCBODY", .string(body), comment: "body-fixed frame, east-positive"))
        }
        let numbers = cells.map { (4 << Int64(2 * $0.order.value)) + $0.npix }
        return try FITSTable(column: "UNIQ", values: numbers, cards: header + cards).encoded()
    }

    /// Reads the FITS form: MOC 1.x and 2.0 with NUNIQ numbers, MOC 2.0 with ranges at order 29.
    ///
    /// `COORDSYS` is not looked at. The order is that of the header, or the finest cell's where that is
    /// finer or the header has none.
    ///
    /// - Throws: ``FITSError`` for bytes that hold no table of whole numbers, ``MOCError`` for a table that
    ///   is no spatial MOC.
    public init(fits bytes: [UInt8]) throws {
        let table = try FITSTable.decode(bytes)
        let dimension = table.cards.string("MOCDIM") ?? "SPACE"
        guard dimension == "SPACE" else {
            throw MOCError.fits("MOCDIM is \(dimension) where SPACE is expected")
        }
        let stated = table.cards.integer("MOCORD_S") ?? table.cards.integer("MOCORDER")
        if let stated, !(0...29).contains(stated) {
            throw MOCError.fits("its order is \(stated) where 0 to 29 is expected")
        }
        let ordering = table.cards.string("ORDERING") ?? "NUNIQ"
        switch ordering {
        case "NUNIQ": try self.init(numbers: table.values, stated: stated)
        case "RANGE", "RANGE29": try self.init(bounds: table.values, stated: stated)
        default: throw MOCError.fits("ORDERING is \(ordering) where NUNIQ or RANGE is expected")
        }
    }

    private init(numbers: [Int64], stated: Int64?) throws {
        var finest = stated ?? 0
        var ranges: [Range<Int64>] = []
        ranges.reserveCapacity(numbers.count)
        for number in numbers {
            guard number >= 4 else {
                throw MOCError.fits("\(number) is not a NUNIQ number, which are 4 and above")
            }
            let order = Int64((Int64.bitWidth - 1 - number.leadingZeroBitCount) / 2 - 1)
            let npix = number - (4 << (2 * order))
            ranges.append(try cellRange(order, npix, npix))
            finest = max(finest, order)
        }
        guard let order = Order(Int(finest)) else { throw MOCError.fits("its order is \(finest)") }
        self.init(order: order, covering: ranges)
    }

    private init(bounds: [Int64], stated: Int64?) throws {
        guard bounds.count.isMultiple(of: 2) else {
            throw MOCError.fits("it has \(bounds.count) range bounds where an even number is expected")
        }
        var ranges: [Range<Int64>] = []
        ranges.reserveCapacity(bounds.count / 2)
        // The finest order shows in the lowest bit that any bound has set.
        var bits: Int64 = 0
        for index in stride(from: 0, to: bounds.count, by: 2) {
            let (lower, upper) = (bounds[index], bounds[index + 1])
            guard 0 <= lower, lower <= upper, upper <= MOC.sphere else {
                throw MOCError.fits("\(lower) to \(upper) is not a range of cells at order 29")
            }
            ranges.append(lower..<upper)
            bits |= lower | upper
        }
        let needed = bits == 0 ? 0 : max(0, 29 - bits.trailingZeroBitCount / 2)
        guard let order = Order(max(needed, Int(stated ?? 0))) else {
            throw MOCError.fits("its order is \(needed)")
        }
        self.init(order: order, covering: ranges)
    }
}
