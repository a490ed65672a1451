/// The path of a request in its parts, made safe.
///
/// Empty parts are dropped, so that doubled slashes and one at the end do no harm: clients join paths
/// carelessly. A path with `.` or `..`, with an encoded slash, a backslash or a control character in a part,
/// or with an escape that is none, is no path at all.
struct RequestPath: Equatable {
    let parts: [String]
    /// Whether a slash stands at the end.
    let endsInSlash: Bool

    init?(_ raw: String) {
        let bytes = raw.utf8
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        var parts: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "/")) {
            guard let decoded = Self.decoded(part), decoded != ".", decoded != ".." else { return nil }
            parts.append(decoded)
        }
        self.parts = parts
        endsInSlash = bytes.last == UInt8(ascii: "/")
    }

    private static func decoded(_ part: Substring.UTF8View) -> String? {
        // Nearly all parts stand for themselves, and most are so short that they need no memory of their own.
        if part.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "\\") })
        {
            return String(Substring(part))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var rest = part.makeIterator()
        while var byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else {
                    return nil
                }
                byte = high << 4 | low
            }
            guard byte >= 0x20, byte != 0x7F, byte != UInt8(ascii: "/"), byte != UInt8(ascii: "\\") else {
                return nil
            }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// A part of a path with everything escaped that does not stand for itself in a URL (RFC 3986, section
    /// 2.3).
    static func escaped(_ part: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var escaped = String.UnicodeScalarView()
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                escaped.append(Unicode.Scalar(byte))
            default:
                escaped.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(escaped)
    }
}
