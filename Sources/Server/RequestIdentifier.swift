internal import HTTPTypes
internal import Synchronization

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

    /// A new identifier of 32 hexadecimal digits: 16 for the process, 16 for the request.
    ///
    /// Asking the system for random numbers each time would cost as much as all else that is done about a request.
    static func made() -> String {
        // A permutation of all numbers of 64 bits (splitmix64), so that none comes twice.
        var bits = count.add(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for number in [process, bits] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: number >> shift & 15)
                digits.append(digit < 10 ? 48 + digit : 87 + digit)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static let process = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(UInt64.random(in: .min ... .max))

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
