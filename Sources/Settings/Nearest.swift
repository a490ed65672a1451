/// Offers the word that was probably meant.
enum Nearest {
    /// `"; did you mean ...?"`, or nothing when no word is near.
    static func offer(_ word: String, among known: [String]) -> String {
        // Long words need no distance: nothing is near them.
        guard word.count <= 40 else { return "" }
        let scored = known.map { (distance(word.lowercased(), $0.lowercased()), $0) }.min { $0.0 < $1.0 }
        guard let (score, best) = scored, score * 2 <= max(2, best.count) else { return "" }
        return "; did you mean \"\(best)\"?"
    }

    /// Levenshtein's distance: insertions, deletions and replacements.
    private static func distance(_ first: String, _ second: String) -> Int {
        let b = Array(second)
        var row = Array(0...b.count)
        for (i, character) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let replaced = diagonal + (b[j] == character ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
