/// Makes any text fit for an HTML page.
public enum HTMLText {
    /// The text with `&`, `<`, `>` and both quotes written as entities, for content and for quoted
    /// attributes.
    public static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A link where the text is a web address, otherwise the plain text; a `javascript:` address is no link.
    public static func link(_ address: String, _ label: String) -> String {
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else { return escaped(label) }
        return "<a href=\"\(escaped(address))\">\(escaped(label))</a>"
    }
}
