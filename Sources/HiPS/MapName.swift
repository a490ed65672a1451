/// The body and the name under which a map lies in a data directory and in URLs: `mars/viking`.
public struct MapName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The body in lower case, such as `mars`.
    public let body: String
    /// The name of the map in lower case, such as `viking`.
    public let name: String

    /// Takes names that are fit for a path and for a URL.
    ///
    /// A name has 1 to 100 bytes, no `/` and no `\`, no control characters, no capital letter of ASCII
    /// (Aladin Lite takes a URL with `P/` or `C/` in it for something else) and no dot in front: such names
    /// are kept for what is not yet or no longer published.
    /// - Throws: ``HiPSError/invalidName(_:reason:)``.
    public init(body: String, name: String) throws(HiPSError) {
        try Self.check(body)
        try Self.check(name)
        self.body = body
        self.name = name
    }

    /// Makes a name for a path from any text: lower case, with `-` for blanks and whatever is not a letter
    /// or a digit of ASCII, a dot or an underscore.
    ///
    /// The result may be empty, which ``init(body:name:)`` then refuses.
    public static func slug(_ text: String) -> String {
        var slug = ""
        for character in text.lowercased().unicodeScalars {
            switch character {
            case "a"..."z", "0"..."9", "_": slug.unicodeScalars.append(character)
            case "." where !slug.isEmpty: slug.unicodeScalars.append(character)
            default:
                if !slug.isEmpty, slug.last != "-" { slug.append("-") }
            }
        }
        while slug.last == "-" || slug.last == "." { slug.removeLast() }
        return slug
    }

    private static func check(_ name: String) throws(HiPSError) {
        var count = 0
        for byte in name.utf8 {
            count += 1
            switch byte {
            case 0..<0x20, 0x7F: throw .invalidName(printable(name), reason: "it holds a control character")
            case UInt8(ascii: "/"), UInt8(ascii: "\\"):
                throw .invalidName(name, reason: "it holds a slash or a backslash")
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                throw .invalidName(name, reason: "names in paths are lower case; use \"\(slug(name))\"")
            case UInt8(ascii: ".") where count == 1:
                throw .invalidName(name, reason: "it begins with a dot")
            default: break
            }
        }
        guard count > 0 else { throw .invalidName(name, reason: "it is empty") }
        guard count <= 100 else { throw .invalidName(name, reason: "it is longer than 100 bytes") }
    }

    private static func printable(_ name: String) -> String {
        name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }.joined()
    }

    /// `body/name`.
    public var description: String { body + "/" + name }

    /// Names sort by body, then by name.
    public static func < (left: MapName, right: MapName) -> Bool {
        (left.body, left.name) < (right.body, right.name)
    }
}
