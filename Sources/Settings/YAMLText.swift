/// Text as YAML spells it, for programs that write survey files.
public enum YAMLText {
    /// A value on one line that reads back as the same text: plain where that is safe, in double quotes otherwise.
    public static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// Text for behind a `#`: on one line, without what may not stand in a file.
    public static func comment(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let isBlank = scalar.properties.isWhitespace || isControl(scalar)
            if !isBlank {
                line.unicodeScalars.append(scalar)
            } else if line.last != " " {
                line.append(" ")
            }
        }
        return line
    }

    private static let reserved: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "none", "inf",
    ]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter, text.last != " ", text.last != ":",
            !text.contains(": "), !reserved.contains(text.lowercased())
        else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " _./:()+-".contains($0)) }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where isControl(scalar):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}
