/// What a request said, as it can stand in the message of a mistake.
public enum RequestText {
    private static let longest = 80

    /// A value in quotes, on one line and not too long.
    public static func quoted(_ text: String) -> String { "\"" + shortened(text) + "\"" }

    /// A value on one line and not too long.
    public static func shortened(_ text: String) -> String {
        var short = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) {
            short.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? "\u{FFFD}" : scalar)
        }
        return String(short) + (text.unicodeScalars.dropFirst(longest).isEmpty ? "" : "...")
    }
}
