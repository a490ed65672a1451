public import HEALPix

extension MOC {
    /// The fewest cells that make up this coverage, sorted by order and then by number.
    ///
    /// This is the order of their NUNIQ numbers (MOC 2.0, section 3.1).
    public var cells: [Cell] {
        var byOrder = [[Cell]](repeating: [], count: order.value + 1)
        for range in ranges {
            var start = range.lowerBound
            while start < range.upperBound {
                // The largest cell that begins here and ends inside the range: aligned by the trailing zero
                // bits of its start, sized by the leading bit of what is left.
                let alignment = start == 0 ? 58 : min(58, start.trailingZeroBitCount & ~1)
                let left = range.upperBound - start
                let fitting = (Int64.bitWidth - 1 - left.leadingZeroBitCount) & ~1
                let shift = min(alignment, fitting)
                let order = Order.maximum.value - shift / 2
                if let cell = Cell(order: order, npix: start >> Int64(shift)) { byOrder[order].append(cell) }
                start += 1 << Int64(shift)
            }
        }
        return Array(byOrder.joined())
    }
}
