internal import HTTPTypes

/// The identifier of a request: that of the client or of a proxy, or one made here.
enum RequestIdentifier {
    /// The field that carries it.
    static let field = HTTPField.Name("X-Request-Id")!

    /// The identifier that a request brings, when it is one that can be written anywhere: 1 to 128 letters, digits and
    /// `-_.:+/=@`.
    static func given(_ headers: HTTPFields) -> String? {
        guard let text = headers[field], (1...128).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed)
        else { return nil }
        return text
    }

    /// A new identifier of 32 hexadecimal digits.
    static func made() -> String {
        var generator = SystemRandomNumberGenerator()
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for _ in 0..<2 {
            var bits = generator.next()
            for _ in 0..<16 {
                let digit = UInt8(bits & 15)
                digits.append(digit < 10 ? 48 + digit : 87 + digit)
                bits >>= 4
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "+"), UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
