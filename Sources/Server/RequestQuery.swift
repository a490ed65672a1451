/// The parameters of a request, after the question mark of its address.
struct RequestQuery: Equatable {
    private let pairs: [(name: String, value: String)]

    /// Reads the part after the question mark; nil when an escape in it is none, or it is no UTF-8.
    init?(_ raw: String) {
        var pairs: [(String, String)] = []
        for part in raw.utf8.split(separator: UInt8(ascii: "&")) {
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            guard let decodedName = Self.decoded(name),
                let value = Self.decoded(part.dropFirst(name.count + 1))
            else { return nil }
            pairs.append((decodedName, value))
        }
        self.pairs = pairs
    }

    static func == (a: RequestQuery, b: RequestQuery) -> Bool {
        a.pairs.elementsEqual(b.pairs) { $0 == $1 }
    }

    /// The value of the first parameter of this name, in any case of letters.
    subscript(name: String) -> String? { pairs.first { $0.name.lowercased() == name }?.value }

    private static func decoded(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var rest = part.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(RequestPath.hexDigit),
                    let low = rest.next().flatMap(RequestPath.hexDigit)
                else { return nil }
                bytes.append(high << 4 | low)
            // As forms write blanks.
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
