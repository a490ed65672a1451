/// What is refused in the bare text, before YAML is read.
enum TextScan {
    typealias Mistake = SettingsError.Mistake

    /// Byte order mark, control characters, and anchors that are used again.
    static func mistakes(in text: String) -> [Mistake] {
        var found: [Mistake] = []
        var line = 1
        var column = 1
        var previous: Unicode.Scalar = "\n"
        for scalar in text.unicodeScalars {
            if let message = message(scalar, isFirst: line == 1 && column == 1) {
                found.append(Mistake(line: line, column: column, message: message))
                // Binary files would give thousands.
                if found.count == 10 { return found }
            }
            if scalar == "\n" || (previous == "\r" && scalar != "\n") {
                line += 1
                column = scalar == "\n" ? 1 : 2
            } else if scalar != "\r" {
                column += 1
            }
            previous = scalar
        }
        return found.isEmpty ? aliases(in: text) : found
    }

    private static func message(_ scalar: Unicode.Scalar, isFirst: Bool) -> String? {
        switch scalar.value {
        case 0xFEFF where isFirst:
            return "the file starts with a byte order mark; save it as UTF-8 without one"
        case 0: return "a NUL byte; the file is not text"
        case 0x09, 0x0A, 0x0D, 0x85: return nil
        case 0x01..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF:
            return "the control character U+\(hexadecimal(scalar.value)); remove it"
        default: return nil
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Aliases of anchors in the same text.
    ///
    /// They are looked for before YAML is read, because a few lines of nested aliases unfold to gigabytes.
    private static func aliases(in text: String) -> [Mistake] {
        var anchors: Set<String> = []
        var aliases: [(name: String, mistake: Mistake)] = []
        for (index, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let scalars = Array(content.unicodeScalars)
            for position in scalars.indices where scalars[position] == "&" || scalars[position] == "*" {
                guard position == 0 || " \t[{,?:-".unicodeScalars.contains(scalars[position - 1]) else {
                    continue
                }
                let name = scalars[(position + 1)...].prefix { $0.isNamePart }
                guard !name.isEmpty else { continue }
                let text = String(String.UnicodeScalarView(name))
                if scalars[position] == "&" {
                    anchors.insert(text)
                } else {
                    let message =
                        "the alias \"*\(text)\"; anchors and aliases are not read, write the value again"
                    aliases.append((text, Mistake(line: index + 1, column: position + 1, message: message)))
                }
            }
        }
        return aliases.filter { anchors.contains($0.name) }.prefix(10).map(\.mistake)
    }
}

extension Unicode.Scalar {
    fileprivate var isNamePart: Bool {
        isASCII && (properties.isAlphabetic || properties.numericType != nil || self == "_" || self == "-")
    }
}
