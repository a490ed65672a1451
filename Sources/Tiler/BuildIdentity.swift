/// What decides the bytes of a HiPS, by name, so that two builds can be told apart and the difference be named.
struct BuildIdentity: Equatable, Sendable {
    /// Names and values in a fixed order.
    let items: [(name: String, value: String)]

    init(_ items: [(name: String, value: String)]) {
        // Each item is a line: what a line cannot hold is written as an escape.
        self.items = items.map { ($0.name, $0.value.map(Self.escape).joined()) }
    }

    private static func escape(_ character: Character) -> String {
        switch character {
        case "\\": "\\\\"
        case _ where character.isNewline:
            character.unicodeScalars.map { "\\u" + String($0.value, radix: 16) + ";" }.joined()
        default: String(character)
        }
    }

    static func == (one: BuildIdentity, other: BuildIdentity) -> Bool {
        one.items.elementsEqual(other.items) { $0 == $1 }
    }

    /// One line an item: `name = value`.
    var text: String { items.map { $0.name + " = " + $0.value + "\n" }.joined() }

    /// Reads ``text`` back; nil when it is something else.
    init?(text: String) {
        var items: [(String, String)] = []
        guard text.hasSuffix("\n") else { return nil }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            guard let equals = line.firstRange(of: " = ") else { return nil }
            items.append((String(line[..<equals.lowerBound]), String(line[equals.upperBound...])))
        }
        self.items = items
    }

    /// Sixteen digits that are the same for the same items.
    var fingerprint: String { Checksum(text.utf8).text }

    /// The first item that differs in another identity, for people; nil when they are the same.
    func difference(from begun: BuildIdentity) -> String? {
        for (index, item) in items.enumerated() {
            guard index < begun.items.count else { return "\(item.name) is new" }
            let other = begun.items[index]
            if item.name != other.name { return "it was begun by another version" }
            if item.value != other.value { return "\(item.name) was \(other.value) and is \(item.value) now" }
        }
        return begun.items.count > items.count ? "it was begun by another version" : nil
    }
}
