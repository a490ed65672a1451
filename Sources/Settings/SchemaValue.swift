/// A value of a JSON Schema whose keys keep their order, so that the printed text is always the same.
indirect enum SchemaValue {
    case object([(key: String, value: SchemaValue)])
    case list([SchemaValue])
    case text(String)
    case number(Int)
    case flag(Bool)

    /// A list of words.
    static func words(_ words: [String]) -> SchemaValue { .list(words.map { .text($0) }) }

    /// The words of an enumeration that settings files spell.
    static func words<Word>(_: Word.Type) -> SchemaValue where Word: RawRepresentable<String> & CaseIterable {
        words(Word.allCases.map(\.rawValue))
    }

    /// The value of a key of an object.
    subscript(key: String) -> SchemaValue? {
        guard case .object(let pairs) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    /// The keys of an object.
    var keys: [String] {
        guard case .object(let pairs) = self else { return [] }
        return pairs.map(\.key)
    }

    /// The value as indented JSON (RFC 8259).
    func json(indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .object(let pairs):
            guard !pairs.isEmpty else { return "{}" }
            let lines = pairs.map { inner + Self.quoted($0.key) + ": " + $0.value.json(indent: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
        case .list(let values):
            let isShort = values.allSatisfy {
                switch $0 {
                case .text, .number, .flag: true
                case .object, .list: false
                }
            }
            if isShort { return "[" + values.map { $0.json() }.joined(separator: ", ") + "]" }
            let lines = values.map { inner + $0.json(indent: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + indent + "]"
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension SchemaValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral elements: (String, SchemaValue)...) {
        self = .object(elements.map { (key: $0.0, value: $0.1) })
    }
    init(arrayLiteral elements: SchemaValue...) { self = .list(elements) }
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
}
