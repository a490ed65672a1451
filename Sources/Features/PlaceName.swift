/// A name as it is looked for: words of letters and digits in lower case, without diacritics.
struct PlaceName: Sendable, Equatable {
    /// The words, in their order.
    let words: [[Unicode.Scalar]]

    /// The words with one blank between each two.
    var joined: [Unicode.Scalar] { Array(words.joined(separator: [" "])) }

    /// Takes a name apart.
    ///
    /// Apostrophes and the letters that stand for one join what is around them: `Ma'at` is `maat`. All else that is no
    /// letter and no digit divides words.
    init(_ name: String) {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        for scalar in name.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .modifierLetter: continue
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber:
                for lower in scalar.properties.lowercaseMapping.unicodeScalars
                where lower.properties.generalCategory != .nonspacingMark {
                    word += Self.plain(lower)
                }
            default:
                if Self.apostrophes.contains(scalar) { continue }
                if !word.isEmpty { words.append(word) }
                word = []
            }
        }
        if !word.isEmpty { words.append(word) }
        self.words = words
    }

    private static let apostrophes: Set<Unicode.Scalar> = ["'", "\u{2018}", "\u{2019}", "`", "\u{B4}"]

    /// What stands for letters that are no others with marks.
    private static let ligatures: [Unicode.Scalar: [Unicode.Scalar]] = [
        "ß": ["s", "s"], "æ": ["a", "e"], "œ": ["o", "e"], "þ": ["t", "h"], "ð": ["d"], "ı": ["i"],
        "ŋ": ["n"],
        "ə": ["e"],
    ]

    /// A letter without its marks, by its name in Unicode: LATIN SMALL LETTER O WITH STROKE is an o.
    private static func plain(_ letter: Unicode.Scalar) -> [Unicode.Scalar] {
        if letter.isASCII { return [letter] }
        if let letters = ligatures[letter] { return letters }
        let start = "LATIN SMALL LETTER "
        guard let name = letter.properties.name, name.hasPrefix(start) else { return [letter] }
        let rest = name.utf8.dropFirst(start.utf8.count)
        guard let base = rest.first, rest.dropFirst().starts(with: " WITH ".utf8) else { return [letter] }
        return [Unicode.Scalar(base | 0x20)]
    }
}
