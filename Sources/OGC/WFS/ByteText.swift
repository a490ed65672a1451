/// Text that is put together byte by byte, for documents of many thousands of features.
struct ByteText {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Takes out what has been written.
    mutating func drain() -> [UInt8] {
        var taken: [UInt8] = []
        taken.reserveCapacity(bytes.capacity)
        swap(&taken, &bytes)
        return taken
    }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func raw(_ piece: [UInt8]) { bytes.append(contentsOf: piece) }

    mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    mutating func byte(_ scalar: Unicode.Scalar) { bytes.append(UInt8(truncatingIfNeeded: scalar.value)) }

    /// A whole number.
    mutating func integer(_ value: Int64) {
        if value < 0 { byte("-") }
        digits(value.magnitude)
    }

    private mutating func digits(_ value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            let (digit, remainder) = rest.quotientAndRemainder(dividingBy: divisor)
            bytes.append(0x30 + UInt8(truncatingIfNeeded: digit))
            rest = remainder
            divisor /= 10
        }
    }

    /// A number rounded to so many places after the point; zeros at its end are left out.
    mutating func fixed(_ value: Double, _ decimals: Decimals) {
        let scaled = (value * decimals.scale).rounded()
        guard abs(scaled) < 9e15 else {
            raw("\(value)")
            return
        }
        var whole = UInt64(abs(scaled))
        if scaled < 0 { byte("-") }
        var divisor = UInt64(decimals.scale)
        digits(whole / divisor)
        whole %= divisor
        guard whole > 0 else { return }
        byte(".")
        while whole > 0 {
            divisor /= 10
            let (digit, rest) = whole.quotientAndRemainder(dividingBy: divisor)
            bytes.append(0x30 + UInt8(truncatingIfNeeded: digit))
            whole = rest
        }
    }

    /// The shortest text that reads back as the same number, in the words of XML Schema (part 2, section 3.2.5).
    mutating func real(_ value: Double) {
        if value.isFinite {
            // Most numbers in tables have few digits.
            let scaled = value * 10000
            if abs(scaled) < 1e15, scaled.rounded() / 10000 == value {
                fixed(value, .four)
            } else {
                raw("\(value)")
            }
        } else {
            raw(value.isNaN ? "NaN" : value < 0 ? "-INF" : "INF")
        }
    }

    /// Text inside an element or an attribute; characters that XML 1.0 cannot hold become U+FFFD.
    mutating func xml(_ text: String) {
        let source = text.utf8.span
        if source.isPlainXML {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"": raw("&quot;")
            case "\r": raw("&#13;")
            case "\n": raw("&#10;")
            case "\t": raw("&#9;")
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                raw("\u{FFFD}")
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }

    /// A string of JSON with its quotes.
    mutating func json(_ text: String) {
        byte("\"")
        for unit in text.utf8 {
            switch unit {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                byte("\\")
                bytes.append(unit)
            case 0..<0x20:
                raw("\\u00")
                bytes.append(Self.hexDigits[Int(unit >> 4)])
                bytes.append(Self.hexDigits[Int(unit & 15)])
            default: bytes.append(unit)
            }
        }
        byte("\"")
    }

    /// A field of a CSV file (RFC 4180, section 2).
    mutating func csv(_ text: String) {
        let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        byte("\"")
        for unit in text.utf8 {
            if unit == 0x22 { byte("\"") }
            bytes.append(unit)
        }
        byte("\"")
    }

    /// Bytes in base 16.
    mutating func hex(_ data: [UInt8]) {
        for byte in data {
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)
}

/// How many places after the point a coordinate is written with.
struct Decimals: Sendable {
    let scale: Double

    /// Degrees: a millimetre on all planets but the giants, a centimetre there.
    static let degrees = Decimals(scale: 1e8)
    /// Metres: a tenth of a millimetre.
    static let metres = Decimals(scale: 1e4)
    static let four = Decimals(scale: 1e4)
}

extension Span<UInt8> {
    /// Whether nothing in a text has to be escaped, and nothing is beyond ASCII.
    fileprivate var isPlainXML: Bool {
        for index in indices {
            let byte = self[index]
            if byte < 0x20 || byte > 0x7E || byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x22 {
                return false
            }
        }
        return true
    }
}
