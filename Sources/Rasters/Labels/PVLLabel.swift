/// A label of keywords and values as PDS3, ISIS 2 and ISIS 3 write it: ODL (PDS Standards Reference 3.8, chapter 12)
/// and its relative PVL (CCSDS 641.0-B-2).
///
/// Read leniently, as labels in archives break every rule somewhere; what is not understood is left out, and nothing
/// is guessed from it.
struct PVLLabel: Sendable {
    /// A keyword with its value.
    struct Entry: Sendable, Equatable {
        /// In upper case, without the `^` of pointers.
        let keyword: String
        /// The text of the value, or of each item of a list; without quotes and units.
        let values: [String]
        /// The unit of the first value, lower case, without brackets.
        let unit: String?
        /// Whether the first value stands in quotes.
        let isQuoted: Bool
    }

    /// An `OBJECT` or `GROUP` with what stands in it; the whole label has an empty name.
    struct Group: Sendable {
        /// In upper case.
        let name: String
        private(set) var entries: [Entry] = []
        private(set) var groups: [Group] = []

        init(name: String) { self.name = name }

        fileprivate mutating func add(_ entry: Entry) { entries.append(entry) }
        fileprivate mutating func add(_ group: Group) { groups.append(group) }
    }

    /// All that stands before `END`.
    let root: Group

    /// Objects inside objects deeper than this are no label.
    private static let deepest = 32
    /// Keywords beyond this many are left out.
    private static let mostEntries = 20_000

    /// Reads the label at the beginning of a file.
    init(_ bytes: some Sequence<UInt8>) {
        var scanner = PVLScanner(bytes)
        var open: [Group] = [Group(name: "")]
        var count = 0
        func close() {
            guard open.count > 1 else { return }
            let group = open.removeLast()
            open[open.count - 1].add(group)
        }
        reading: while count < Self.mostEntries, let keyword = scanner.keyword() {
            count += 1
            switch keyword {
            case "END": break reading
            case "END_OBJECT", "END_GROUP":
                _ = scanner.value()
                close()
            case "OBJECT", "GROUP", "BEGIN_OBJECT", "BEGIN_GROUP":
                let name = scanner.value().first?.uppercased() ?? ""
                if open.count < Self.deepest { open.append(Group(name: name)) }
            default:
                let values = scanner.value()
                if !values.isEmpty {
                    open[open.count - 1].add(
                        Entry(
                            keyword: keyword, values: values, unit: scanner.unit, isQuoted: scanner.isQuoted))
                }
            }
        }
        while open.count > 1 { close() }
        root = open[0]
    }
}

extension PVLLabel.Group {
    /// The first entry with one of these keywords in this group itself.
    func entry(_ keywords: String...) -> PVLLabel.Entry? {
        for keyword in keywords {
            if let entry = entries.first(where: { $0.keyword == keyword }) { return entry }
        }
        return nil
    }

    /// The text of a keyword; nil where it is missing or says that it does not apply.
    func text(_ keyword: String) -> String? {
        guard let text = entry(keyword)?.values.first else { return nil }
        return ["N/A", "NA", "NULL", "UNK", "UNKNOWN", "NONE", ""].contains(text.uppercased()) ? nil : text
    }

    /// The finite number of a keyword.
    func number(_ keyword: String) -> Double? {
        text(keyword).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The first entry with one of these keywords, here or further inside.
    func entry(anywhere keywords: Set<String>) -> PVLLabel.Entry? {
        if let entry = entries.first(where: { keywords.contains($0.keyword) }) { return entry }
        for group in groups {
            if let inner = group.entry(anywhere: keywords) { return inner }
        }
        return nil
    }

    /// The first group with this name, here or further inside.
    func group(_ name: String) -> PVLLabel.Group? {
        for group in groups {
            if group.name == name { return group }
            if let inner = group.group(name) { return inner }
        }
        return nil
    }
}

/// Cuts a label into keywords and values.
private struct PVLScanner {
    private let bytes: [UInt8]
    private var at = 0
    /// The unit of the value read last.
    private(set) var unit: String?
    /// Whether the first part of the value read last stands in quotes.
    private(set) var isQuoted = false

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    private static let newline = UInt8(ascii: "\n")

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) || byte == 0 }

    /// Skips blanks and comments: `/* */`, and `#` to the end of the line.
    private mutating func skip() {
        while let byte {
            if Self.isBlank(byte) {
                at += 1
            } else if byte == UInt8(ascii: "/"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "*") {
                at += 2
                while at < bytes.count,
                    !(bytes[at] == UInt8(ascii: "*") && at + 1 < bytes.count
                        && bytes[at + 1] == UInt8(ascii: "/"))
                { at += 1 }
                at = min(at + 2, bytes.count)
            } else if byte == UInt8(ascii: "#") {
                skipLine()
            } else {
                return
            }
        }
    }

    private mutating func skipLine() {
        while let byte, byte != Self.newline, byte != 13 { at += 1 }
    }

    /// The next keyword in upper case; lines without one are left out. Nil at the end of the label.
    mutating func keyword() -> String? {
        while true {
            skip()
            guard let first = byte else { return nil }
            let start = at
            while let byte, Self.isWord(byte) { at += 1 }
            guard at > start else {
                // Binary data after a label that has no END.
                guard first >= 32, first < 127 else { return nil }
                skipLine()
                continue
            }
            var word = String(decoding: bytes[start..<at], as: UTF8.self).uppercased()
            if word.hasPrefix("^") { word.removeFirst() }
            skip()
            if byte == UInt8(ascii: "=") {
                at += 1
                return word
            }
            if ["END", "END_GROUP", "END_OBJECT"].contains(word) { return word }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "^"),
            UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The value after the equals sign, or after the keyword of an end, where there may be none.
    mutating func value() -> [String] {
        unit = nil
        guard at > 0, bytes[at - 1] == UInt8(ascii: "=") else { return [] }
        skip()
        guard let first = byte else { return [] }
        var values: [String] = []
        isQuoted = Self.isQuote(first)
        if first == UInt8(ascii: "(") || first == UInt8(ascii: "{") {
            at += 1
            skip()
            isQuoted = byte.map { Self.isQuote($0) } ?? false
            var depth = 1
            while depth > 0 {
                skip()
                guard let byte else { break }
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "{"):
                    depth += 1
                    at += 1
                case UInt8(ascii: ")"), UInt8(ascii: "}"):
                    depth -= 1
                    at += 1
                case UInt8(ascii: ","): at += 1
                default:
                    let before = at
                    if let item = item() { values.append(item) }
                    if at == before { at += 1 }
                    if values.count > 4096 { return values }
                }
            }
        } else if let item = item() {
            values = [item]
        }
        readUnit()
        return values
    }

    private mutating func item() -> String? {
        guard let first = byte else { return nil }
        if Self.isQuote(first) {
            let start = at + 1
            at += 1
            while let byte, byte != first { at += 1 }
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            at = min(at + 1, bytes.count)
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let start = at
        while let byte, !Self.isBlank(byte), !Self.ends(byte) { at += 1 }
        // "16#FF7FFFFB#" has the sign of comments in it.
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private static func ends(_ byte: UInt8) -> Bool {
        [UInt8(ascii: ","), UInt8(ascii: ")"), UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: "(")]
            .contains(byte)
    }

    private mutating func readUnit() {
        var look = at
        while look < bytes.count, bytes[look] == 32 || bytes[look] == 9 { look += 1 }
        guard look < bytes.count, bytes[look] == UInt8(ascii: "<") else { return }
        let start = look + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ">"), bytes[end] != Self.newline { end += 1 }
        unit = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
        at = min(end + 1, bytes.count)
    }
}
