/// The `properties` of a HiPS: pairs of a key and a text in a kept order (HiPS 1.0, section 4.4.1).
public struct HiPSProperties: Equatable, Sendable {
    /// A key with its text.
    public struct Pair: Equatable, Sendable {
        /// The key, such as `hips_order`.
        public let key: String
        /// The text of the key on one line.
        public let value: String
    }

    /// All pairs in their order; each key occurs once.
    public private(set) var pairs: [Pair] = []

    /// No pairs yet.
    public init() {}

    /// Reads the text of a `properties` file as tolerantly as the clients do.
    ///
    /// Lines without `=`, blank lines and lines that begin with `#` are passed over, blanks around keys and
    /// values do not count, a value may hold `=` and any Unicode, and of a repeated key the last value
    /// counts.
    /// - Parameters:
    ///   - text: the content of the file.
    ///   - source: what to call the text in an error, such as its path.
    /// - Throws: ``HiPSError/invalidProperties(source:reason:)`` when there is no pair at all.
    public init(parsing text: String, source: String = "the text") throws(HiPSError) {
        var positions: [String: Int] = [:]
        let withoutMark =
            text.unicodeScalars.first == "\u{FEFF}"
            ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        for line in withoutMark.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
            let line = Self.trimmed(line)
            guard line.first != "#", let equals = line.firstIndex(of: "=") else { continue }
            let key = String(Self.trimmed(line[..<equals]))
            guard !key.isEmpty else { continue }
            let pair = Pair(key: key, value: String(Self.trimmed(line[line.index(after: equals)...])))
            if let position = positions[key] {
                pairs[position] = pair
            } else {
                positions[key] = pairs.count
                pairs.append(pair)
            }
        }
        guard !pairs.isEmpty else {
            throw .invalidProperties(source: source, reason: "it holds no line of the form \"key = value\"")
        }
    }

    /// The text of a key; nil when the key is absent.
    ///
    /// A new key goes to the end, a known one keeps its place, and nil removes it. Line breaks and other
    /// control characters in a value become blanks, since a value is one line.
    /// - Precondition: a new key is not empty, does not begin with `#` and holds no `=` and no blank.
    public subscript(key: String) -> String? {
        get { pairs.first { $0.key == key }?.value }
        set {
            let position = pairs.firstIndex { $0.key == key }
            guard let newValue else {
                if let position { pairs.remove(at: position) }
                return
            }
            let pair = Pair(key: key, value: Self.oneLine(newValue))
            if let position {
                pairs[position] = pair
            } else {
                precondition(Self.isKey(key), "\"\(key)\" cannot be a key of HiPS properties")
                pairs.append(pair)
            }
        }
    }

    /// The text of the `properties` file: one line per pair, `=` aligned, with a line break at the end.
    public var text: String {
        var text = ""
        for pair in pairs {
            text += pair.key
            text += String(repeating: " ", count: max(0, 20 - pair.key.utf8.count))
            text += " = "
            text += pair.value
            text += "\n"
        }
        return text
    }

    private static func isKey(_ key: String) -> Bool {
        !key.isEmpty && !key.hasPrefix("#")
            && key.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "=") }
    }

    private static func oneLine(_ value: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            line.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar)
        }
        return String(trimmed(line[...]))
    }

    private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        // A byte order mark is no part of a word wherever it stands: written back in front, it would be taken for one.
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value <= 0x20 || scalar == "\u{FEFF}" }
        var text = text
        while let first = text.first, isBlank(first) { text.removeFirst() }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
