/// The parameters of a request in key-value pairs, as the OGC's services write them after the question mark.
///
/// Names count in any case of letters, values as they are (OGC 06-042, section 6.8); `+` stands for a blank and `%` with
/// two digits for a byte (section 6.3.2). Reading never fails: what cannot be read is told when it is asked for, in
/// the form that the service answers in.
public struct KVPQuery: Sendable {
    private struct Parameter: Sendable {
        /// In upper case.
        let name: String
        /// Nil when the value has an escape that is none, or is no UTF-8.
        let value: String?
    }

    private let parameters: [Parameter]

    /// More parameters than any client sends are not looked at.
    private static let most = 256

    /// Reads the part of an address after the question mark.
    public init(_ raw: some StringProtocol) {
        parameters = raw.utf8.split(separator: UInt8(ascii: "&")).prefix(Self.most).compactMap { part in
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            guard let decoded = Self.decoded(name), !decoded.isEmpty else { return nil }
            return Parameter(
                name: decoded.uppercased(), value: Self.decoded(part.dropFirst(name.count + 1)))
        }
    }

    /// The value of a parameter; nil when it is not there.
    /// - Parameter name: the name in upper case.
    /// - Throws: an `OGCException` when the value cannot be read, or stands there twice with different values.
    public func value(of name: String) throws(OGCException) -> String? {
        var found: String?
        for parameter in parameters where parameter.name == name {
            guard let value = parameter.value else {
                throw .invalid(name, "holds an escape that is none, or is not in UTF-8")
            }
            if let found, found != value { throw .invalid(name, "is given twice, with different values") }
            found = value
        }
        return found
    }

    /// The values of a parameter that may stand there several times, in their order; empty ones are left out.
    public func values(of name: String) throws(OGCException) -> [String] {
        var values: [String] = []
        for parameter in parameters where parameter.name == name {
            guard let value = parameter.value else {
                throw .invalid(name, "holds an escape that is none, or is not in UTF-8")
            }
            if !value.isEmpty { values.append(value) }
        }
        return values
    }

    /// The value of a parameter when it can be read and is not empty.
    public func lenientValue(of name: String) -> String? {
        parameters.first { $0.name == name && $0.value?.isEmpty == false }?.value
    }

    /// The value of a parameter that must be there and not be empty.
    public func required(_ name: String) throws(OGCException) -> String {
        guard let value = try value(of: name), !value.isEmpty else { throw .missing(name) }
        return value
    }

    /// The value of a parameter that counts as absent when it is empty.
    public func optional(_ name: String) throws(OGCException) -> String? {
        try value(of: name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether nothing was asked.
    public var isEmpty: Bool { parameters.isEmpty }

    private static func decoded(_ part: some Sequence<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = part.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
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
}
