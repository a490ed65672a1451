import HEALPix

extension MOC {
    /// How many cells of ``order`` are covered.
    public var flatCellCount: Int64 {
        ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } >> flatShift
    }

    /// The numbers of all covered cells of ``order``, ascending.
    ///
    /// They are made as they are asked for: a coverage of one coarse cell at order 29 has more than fit in memory.
    public var flatCells: some Sequence<Int64> & Sendable {
        let shift = flatShift
        return ranges.lazy.map { ($0.lowerBound >> shift)..<($0.upperBound >> shift) }.joined()
    }

    private var flatShift: Int64 { Int64(2 * (Order.maximum.value - order.value)) }
}
