/// Texts from outside as they may stand in a log: no control character, no line end, nothing that turns the direction of
/// writing.
enum LogText {
    /// The longest text that is written down, in Unicode scalars.
    static let longest = 2048

    /// A text in quotes, with the escapes of JSON.
    static func quoted(_ text: String) -> String {
        "\"" + escaped(text) + "\""
    }

    /// A value of logfmt: in quotes when it is empty, or has a blank, a quote, `=` or anything that is escaped.
    static func logfmt(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && needsNoEscape(text) && text.utf8.allSatisfy { $0 != 0x20 && $0 != 0x3D }
        return isPlain ? text : quoted(text)
    }

    /// Whether a text is short and has signs of ASCII alone that stand for themselves, as nearly all have.
    private static func needsNoEscape(_ text: String) -> Bool {
        text.utf8.count <= longest
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    }

    /// A text without quotes around it, with the escapes of JSON.
    static func escaped(_ text: String) -> String {
        if needsNoEscape(text) { return text }
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < longest else { return result + "..." }
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isHarmless(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += scalar.utf16.map(escape).joined()
                }
            }
        }
        return result
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: return false
        default: return true
        }
    }
}
