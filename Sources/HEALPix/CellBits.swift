/// The 8 x 8 cells inside of a cell three orders up, as the bits of a word: row by row (bit 8 y + x), or in the nested
/// sequence (x in the even digits of the place, y in the odd ones).
package enum CellBits {
    /// From rows to the nested sequence: y2 y1 y0 x2 x1 x0 becomes y2 x2 y1 x1 y0 x0, by exchanging two binary digits of
    /// the places at a time.
    package static func nested(rows: UInt64) -> UInt64 {
        var bits = rows
        exchange(&bits, 12, 0x0000_f0f0_0000_f0f0)
        exchange(&bits, 4, 0x00f0_00f0_00f0_00f0)
        exchange(&bits, 2, 0x0c0c_0c0c_0c0c_0c0c)
        return bits
    }

    /// From the nested sequence to rows.
    package static func rows(nested: UInt64) -> UInt64 {
        var bits = nested
        exchange(&bits, 2, 0x0c0c_0c0c_0c0c_0c0c)
        exchange(&bits, 4, 0x00f0_00f0_00f0_00f0)
        exchange(&bits, 12, 0x0000_f0f0_0000_f0f0)
        return bits
    }

    /// Exchanges the bits of a mask with those `distance` places higher.
    @inline(__always)
    private static func exchange(_ bits: inout UInt64, _ distance: UInt64, _ mask: UInt64) {
        let differing = (bits ^ (bits &>> distance)) & mask
        bits ^= differing | (differing &<< distance)
    }

    /// Calls for each run of bits that are set, ascending.
    @inline(__always)
    package static func forEachRun(_ bits: UInt64, _ body: (_ place: Int64, _ count: Int64) -> Void) {
        var rest = bits
        var place: Int64 = 0
        while rest != 0 {
            let gap = rest.trailingZeroBitCount
            rest &>>= UInt64(gap)
            let run = (~rest).trailingZeroBitCount
            rest = run == 64 ? 0 : rest &>> UInt64(run)
            body(place &+ Int64(gap), Int64(run))
            place &+= Int64(gap &+ run)
        }
    }
}
