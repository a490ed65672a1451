/// A number type that a FITS image can hold (FITS 4.0, section 4.4.1.1).
public protocol FITSSample: BitwiseCopyable, Sendable {
    /// The value of `BITPIX`: bits per sample, negative for floating point.
    static var bitpix: Int { get }
}

extension UInt8: FITSSample {
    /// 8, unsigned.
    public static var bitpix: Int { 8 }
}

extension Int16: FITSSample {
    /// 16, two's complement.
    public static var bitpix: Int { 16 }
}

extension Int32: FITSSample {
    /// 32, two's complement.
    public static var bitpix: Int { 32 }
}

extension Float: FITSSample {
    /// -32, IEEE single precision.
    public static var bitpix: Int { -32 }
}

extension Double: FITSSample {
    /// -64, IEEE double precision.
    public static var bitpix: Int { -64 }
}
