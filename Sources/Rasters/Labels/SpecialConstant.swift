internal import GDAL

/// A constant of a label that stands for no data.
enum SpecialConstant {
    /// The stored value that a constant means: in decimals or, as `16#FF7FFFFB#` (PDS3) or `0xFF7FFFFB` (PDS4), as the
    /// pattern of the bits of a sample, its first byte first.
    ///
    /// Of signed integers a pattern is the two's complement; of floats, where it has all their digits, an IEEE pattern.
    /// - Returns: nil for what is no such number, and for the pattern of -0, which cannot be told from 0.
    static func value(_ text: String, _ type: SampleType) -> Double? {
        guard let pattern = Pattern(text) else {
            return Double(text).flatMap { $0.isFinite ? $0 : nil }
        }
        switch type {
        case .float32, .float64:
            switch pattern.width {
            case 32: return finite(Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern.bits))))
            case 64: return finite(Double(bitPattern: pattern.bits))
            default: return Double(pattern.bits)
            }
        case .uint8, .uint16, .uint32, .int8, .int16, .int32:
            let bits = UInt64(type.size * 8)
            guard pattern.bits >> bits == 0 else { return nil }
            let isSigned = type == .int8 || type == .int16 || type == .int32
            let isNegative = isSigned && pattern.bits >> (bits - 1) == 1
            return Double(Int64(pattern.bits) - (isNegative ? 1 << Int64(bits) : 0))
        }
    }

    /// Whether a constant is written as the pattern of its bits.
    static func isPattern(_ text: String) -> Bool { Pattern(text) != nil }

    private static func finite(_ value: Double) -> Double? {
        value.isFinite && !(value == 0 && value.sign == .minus) ? value : nil
    }

    /// Bits as a label writes them.
    private struct Pattern {
        let bits: UInt64
        /// Bits that the digits have room for; 0 where a digit is no whole number of bits.
        let width: Int

        init?(_ text: String) {
            let digits: Substring
            let base: Int
            if text.hasPrefix("0x") || text.hasPrefix("0X") {
                (digits, base) = (text.dropFirst(2), 16)
            } else {
                let parts = text.split(separator: "#", omittingEmptySubsequences: true)
                guard parts.count == 2, let stated = Int(parts[0]), (2...36).contains(stated) else {
                    return nil
                }
                (digits, base) = (parts[1], stated)
            }
            guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
                let bits = UInt64(digits, radix: base)
            else { return nil }
            self.bits = bits
            width = base == 16 ? digits.utf8.count * 4 : base == 2 ? digits.utf8.count : 0
        }
    }
}
