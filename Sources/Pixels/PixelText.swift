/// Words in pictures: legends, and mistakes that are told in the place of a map.
///
/// One size, one face, the characters of Latin-1; others are drawn as a question mark.
public enum PixelText {
    /// Pixels from one character to the next.
    public static let advance = 6
    /// Rows of a line.
    public static let lineHeight = 13

    /// The columns that a text takes.
    public static func width(of text: String) -> Int { text.unicodeScalars.count * advance }

    /// Draws a text.
    /// - Parameters:
    ///   - text: one line.
    ///   - x: the left column of the first character.
    ///   - y: the upper row of the line.
    ///   - width: the columns of the picture; what lies outside is left out.
    ///   - height: the rows of the picture.
    ///   - set: is called with the index of each pixel of the letters, row by row from the top left.
    public static func draw(
        _ text: String, x: Int, y: Int, width: Int, height: Int, set: (Int) -> Void
    ) {
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let left = x + index * advance
            guard left < width else { return }
            for (row, bits) in rows[glyph(of: scalar)].enumerated() where (0..<height).contains(y + row) {
                for column in 0..<advance where bits & (32 >> UInt8(column)) != 0 {
                    let place = left + column
                    if (0..<width).contains(place) { set((y + row) * width + place) }
                }
            }
        }
    }

    /// Divides a text into lines at blanks; words that are longer than a line are cut.
    /// - Parameters:
    ///   - text: any text.
    ///   - characters: the most characters of a line, at least one.
    public static func wrapped(_ text: String, characters: Int) -> [String] {
        let most = max(1, characters)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            var word = word
            if !line.isEmpty, line.count + 1 + word.count > most {
                lines.append(line)
                line = ""
            }
            while word.count > most {
                lines.append(String(word.prefix(most)))
                word = word.dropFirst(most)
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    private static func glyph(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x7E: Int(scalar.value) - 0x20
        case 0xA0...0xFF: Int(scalar.value) - 0xA0 + 95
        default: 0x3F - 0x20
        }
    }

    /// The bits of each character, row by row.
    private static let rows: [[UInt8]] = glyphs.map { digits in
        let values = digits.utf8.map { $0 <= UInt8(ascii: "9") ? $0 - 48 : $0 - 87 }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
