/// Makes texts fit for addresses.
enum URLText {
    /// A query with all bytes escaped that no query of an address holds (RFC 3986, section 3.4); its escapes stay as they are.
    static func escapingWhatNoAddressHolds(_ query: String) -> String {
        let others = Set("\"#<>[\\]^`{|}".utf8)
        let isOther = { (byte: UInt8) in byte <= 0x20 || byte >= 0x7F || others.contains(byte) }
        guard query.utf8.contains(where: isOther) else { return query }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in query.utf8 {
            if isOther(byte) {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with all bytes escaped that do not stand for themselves (RFC 3986, section 2.3).
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var escaped = String.UnicodeScalarView()
        for byte in text.utf8 {
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
