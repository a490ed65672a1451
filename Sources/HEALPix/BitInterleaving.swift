/// Interleaving of two 32-bit indices into the nested cell number of a face (Morton order):
/// x takes the even bits, y the odd ones (Gorski et al. 2005, section 4.1).
enum BitInterleaving {
    /// Moves bit i of the low 32 bits to bit 2i.
    @inline(__always)
    static func spread(_ value: UInt64) -> UInt64 {
        var v = value & 0x0000_0000_ffff_ffff
        v = (v | (v &<< 16)) & 0x0000_ffff_0000_ffff
        v = (v | (v &<< 8)) & 0x00ff_00ff_00ff_00ff
        v = (v | (v &<< 4)) & 0x0f0f_0f0f_0f0f_0f0f
        v = (v | (v &<< 2)) & 0x3333_3333_3333_3333
        v = (v | (v &<< 1)) & 0x5555_5555_5555_5555
        return v
    }

    /// Gathers the even bits: bit 2i goes to bit i.
    @inline(__always)
    static func gather(_ value: UInt64) -> UInt64 {
        var v = value & 0x5555_5555_5555_5555
        v = (v | (v &>> 1)) & 0x3333_3333_3333_3333
        v = (v | (v &>> 2)) & 0x0f0f_0f0f_0f0f_0f0f
        v = (v | (v &>> 4)) & 0x00ff_00ff_00ff_00ff
        v = (v | (v &>> 8)) & 0x0000_ffff_0000_ffff
        v = (v | (v &>> 16)) & 0x0000_0000_ffff_ffff
        return v
    }

    /// The number whose even bits are `x` and whose odd bits are `y`.
    @inline(__always)
    static func interleave(x: Int64, y: Int64) -> Int64 {
        Int64(truncatingIfNeeded: spread(UInt64(truncatingIfNeeded: x)))
            | Int64(truncatingIfNeeded: spread(UInt64(truncatingIfNeeded: y)) &<< 1)
    }

    /// The two indices that `interleave` joined.
    @inline(__always)
    static func deinterleave(_ value: Int64) -> (x: Int64, y: Int64) {
        let bits = UInt64(truncatingIfNeeded: value)
        return (
            Int64(truncatingIfNeeded: gather(bits)), Int64(truncatingIfNeeded: gather(bits &>> 1))
        )
    }
}
