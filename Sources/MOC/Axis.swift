/// One dimension of a coverage: how its cells are numbered (MOC 2.0, section 3).
enum Axis: Sendable {
    /// HEALPix cells to order 29, each divided into four.
    case space
    /// Intervals of microseconds of TCB from JD 0, to order 61, each divided into two.
    case time

    var deepest: Int { self == .space ? 29 : 61 }

    /// Bits that a cell's number grows by from one order to the next.
    @inline(__always)
    var bits: Int { self == .space ? 2 : 1 }

    /// Numbers at the deepest order.
    var end: Int64 { self == .space ? 12 << 58 : 1 << 62 }

    /// Bits between a number at an order and at the deepest.
    @inline(__always)
    func shift(_ order: Int) -> Int64 { Int64(bits &* (deepest &- order)) }

    /// The numbers at the deepest order of the cells from `first` to `last` of an order, which are all checked to exist.
    func range(order: Int64, first: Int64, last: Int64) throws(MOCError) -> Range<Int64> {
        guard (0...Int64(deepest)).contains(order) else { throw missing(order, first) }
        let shift = shift(Int(order))
        guard first >= 0, first < end >> shift else { throw missing(order, first) }
        guard last >= first, last < end >> shift else { throw missing(order, last) }
        return first << shift..<(last + 1) << shift
    }

    private func missing(_ order: Int64, _ number: Int64) -> MOCError {
        self == .space ? .cell(order: order, npix: number) : .timeCell(order: order, number: number)
    }

    /// The largest cell that begins where a range does and ends inside of it: aligned by the trailing zero bits of the
    /// start, sized by the leading bit of the length.
    @inline(__always)
    func firstCell(of range: Range<Int64>) -> (order: Int, number: Int64, shift: Int64) {
        let start = range.lowerBound
        let widest = Int(shift(0))
        let alignment = start == 0 ? widest : min(widest, start.trailingZeroBitCount)
        let length = range.upperBound &- start
        var shift = min(alignment, Int64.bitWidth &- 1 &- length.leadingZeroBitCount)
        if bits == 2 { shift &= ~1 }
        return (deepest &- (bits == 2 ? shift &>> 1 : shift), start &>> Int64(shift), Int64(shift))
    }

    /// Divides a range of numbers at the deepest order into the fewest cells, ascending.
    @inline(__always)
    func forEachCell<Failure: Error>(
        of range: Range<Int64>, _ body: (_ order: Int, _ number: Int64) throws(Failure) -> Void
    ) throws(Failure) {
        var start = range.lowerBound
        while start < range.upperBound {
            let cell = firstCell(of: Range(uncheckedBounds: (start, range.upperBound)))
            try body(cell.order, cell.number)
            start &+= 1 &<< cell.shift
        }
    }

    /// The coarsest order whose cells these ranges are made of.
    func order(of ranges: some Sequence<Range<Int64>>) -> Int {
        let used = ranges.reduce(0) { $0 | $1.lowerBound | $1.upperBound }
        return used == 0 ? 0 : max(0, deepest - used.trailingZeroBitCount / bits)
    }
}
