internal import Glibc

/// Walks over the bytes of a text that need not be trusted.
struct ShapeScanner {
    private let bytes: [UInt8]
    let count: Int
    var position: Int
    let form: String

    init(_ bytes: [UInt8], form: String) {
        // The 0 behind the text ends every number.
        self.bytes = bytes + [0]
        count = bytes.count
        position = 0
        self.form = form
    }

    /// The byte here, 0 at the end.
    @inline(__always)
    var byte: UInt8 { bytes[position] }

    var isAtEnd: Bool { position >= count }

    func failure(_ reason: String, at place: Int? = nil) -> RegionError {
        .text(form: form, reason: reason, position: min(place ?? position, count))
    }

    /// What is here, for a message.
    var found: String {
        if isAtEnd { return "the end" }
        let rest = bytes[position..<min(position + 12, count)]
        return "\"" + String(decoding: rest.prefix { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self) + "\""
    }

    @inline(__always)
    mutating func skipSpace() {
        while byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Reads one character after white space, if it is this one.
    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard byte == UInt8(truncatingIfNeeded: character.value), !isAtEnd else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar, _ purpose: String) throws(RegionError) {
        guard take(character) else { throw failure("\"\(character)\" is expected \(purpose), not \(found)") }
    }

    /// Reads a word of letters, digits, `_`, `-`, `.` and `:` that starts with a letter; nil where there is none.
    mutating func word() -> String? {
        skipSpace()
        let start = position
        guard Self.isLetter(byte) else { return nil }
        while Self.isLetter(byte) || Self.isDigit(byte) || [0x5F, 0x2D, 0x2E, 0x3A].contains(byte) {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Whether a number may begin here.
    var isAtNumber: Bool { Self.isDigit(byte) || byte == 0x2D || byte == 0x2B || byte == 0x2E }

    /// Reads a decimal number.
    ///
    /// Up to 15 digits and powers of ten that a double holds exactly are divided once, which rounds correctly; others go
    /// to the C library.
    mutating func number() throws(RegionError) -> Double {
        skipSpace()
        let start = position
        let isNegative = byte == 0x2D
        if isNegative || byte == 0x2B { position += 1 }
        var mantissa: Int64 = 0
        var digits = 0
        var fraction = 0
        while Self.isDigit(byte) {
            if digits < 18 { mantissa = mantissa * 10 + Int64(byte - 0x30) }
            digits += 1
            position += 1
        }
        if byte == 0x2E {
            position += 1
            while Self.isDigit(byte) {
                if digits < 18 { mantissa = mantissa * 10 + Int64(byte - 0x30) }
                digits += 1
                fraction += 1
                position += 1
            }
        }
        guard digits > 0 else {
            position = start
            throw failure("a number is expected, not \(found)")
        }
        var hasExponent = false
        if byte | 0x20 == 0x65 {
            let mark = position
            position += 1
            if byte == 0x2D || byte == 0x2B { position += 1 }
            hasExponent = Self.isDigit(byte)
            while Self.isDigit(byte) { position += 1 }
            if !hasExponent { position = mark }
        }
        if digits <= 15 && fraction <= 15 && !hasExponent {
            let value = Double(mantissa) / Self.powers[fraction]
            return isNegative ? -value : value
        }
        let value = bytes.withUnsafeBufferPointer { all in
            all.baseAddress.map { base in
                (base + start).withMemoryRebound(to: CChar.self, capacity: count + 1 - start) {
                    strtod($0, nil)
                }
            }
        }
        guard let value, value.isFinite else {
            throw failure("a number is too large for a double", at: start)
        }
        return value
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// The text between two places.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
