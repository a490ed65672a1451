/// Words of the names that coordinate systems, datums and bodies carry in files.
enum NameWords {
    /// Lower-case words, split at signs, between letters and digits, and before an inner capital.
    ///
    /// `GCS_Mars_2000`, `Mars2000 Sphere` and `SimpleCylindricalMars` all give the word `mars`.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previous: Character = " "
        for character in text {
            let isWordPart = character.isLetter || character.isASCIIDigit
            let breaks =
                !isWordPart || previous.isASCIIDigit != character.isASCIIDigit
                || (previous.isLowercase && character.isUppercase)
            if breaks, !word.isEmpty {
                words.append(word)
                word = ""
            }
            if isWordPart { word += character.lowercased() }
            previous = character
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Words that say how a body is mapped and never which body it is.
    static let aboutMapping: Set<String> = [
        "body", "centric", "clon", "crs", "cs", "cylindrical", "d", "datum", "degree", "degrees", "ellipsoid",
        "equidistant", "equirectangular", "fixed", "gcs", "geographic", "graphic", "iag", "iau", "local",
        "localradius", "map", "ocentric", "ographic", "p", "planetocentric", "planetographic", "projection",
        "radius", "simple", "simplecylindrical", "sphere", "spheroid", "the",
    ]

    /// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into
    /// another.
    static func editDistance(_ first: String, _ second: String) -> Int {
        let a = Array(first.unicodeScalars)
        let b = Array(second.unicodeScalars)
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in 0..<b.count {
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
