/// Walks over the bytes of a coverage in a text form.
struct TextScanner {
    private let bytes: [UInt8]
    private(set) var position = 0
    private let form: String

    init(_ bytes: [UInt8], form: String) {
        self.bytes = bytes
        self.form = form
    }

    func failure(_ reason: String) -> MOCError { .text(form: form, reason: reason, position: position) }

    func failure(_ reason: String, at position: Int) -> MOCError {
        .text(form: form, reason: reason, position: position)
    }

    /// Whether all bytes but white space have been read.
    mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Skips white space and commas; false at the end of the text.
    mutating func skipSeparators() -> Bool {
        repeat { skipSpace() } while take(",")
        return position < bytes.count
    }

    /// Reads one byte if it is this character.
    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Reads a whole number without a sign.
    mutating func number() throws(MOCError) -> Int64 {
        var value: Int64 = 0
        let start = position
        while position < bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit <= 9 else { break }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, above) = product.addingReportingOverflow(Int64(digit))
            guard !over, !above else { throw failure("a number exceeds 63 bits") }
            value = sum
            position += 1
        }
        guard position > start else { throw failure("a number is expected") }
        return value
    }
}
