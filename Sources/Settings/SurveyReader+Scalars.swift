internal import Yams

extension SurveyReader {
    /// A single value as text; nil and a mistake for lists and mappings.
    mutating func text(_ node: Node, _ key: String) -> String? {
        guard case .scalar(let scalar) = node else {
            note(node, "\"\(key)\" is \(node.kindInWords); text was expected")
            return nil
        }
        return scalar.string
    }

    /// Text on one line: line ends and runs of blanks become one blank, for the properties file has lines.
    mutating func line(_ node: Node, _ key: String) -> String? {
        guard let text = text(node, key) else { return nil }
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !line.isEmpty else {
            note(node, "\"\(key)\" is empty; give a text or remove the key")
            return nil
        }
        return line
    }

    mutating func name(_ node: Node) -> String? {
        guard let text = text(node, "name") else { return nil }
        do {
            return try pathName(text)
        } catch {
            note(node, "\(error)")
            return nil
        }
    }

    mutating func identifier(_ node: Node) -> String? {
        guard let text = text(node, "id") else { return nil }
        guard Survey.isIdentifier(text) else {
            note(
                node,
                "\"\(text.clipped)\" is not an IVOA identifier; \"ivo://authority/path\" without blanks was "
                    + "expected, such as ivo://localhost/mars/viking")
            return nil
        }
        return text
    }

    mutating func colormap(_ node: Node) -> String? {
        guard let text = text(node, "colormap") else { return nil }
        guard !text.isEmpty,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
        else {
            note(
                node,
                "\"\(text.clipped)\" is not the name of a colour map; a word such as \"viridis\" was expected"
            )
            return nil
        }
        return text
    }

    mutating func word<Word>(_ node: Node, _ key: String, _: Word.Type) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        guard let text = text(node, key) else { return nil }
        if let word = Word(rawValue: text.lowercased()) { return word }
        let words = Word.allCases.map(\.rawValue)
        note(
            node,
            "\"\(text.clipped)\" is no \(key); \(words.joined(separator: ", ")) are"
                + Nearest.offer(text.lowercased(), among: words))
        return nil
    }

    /// A finite number written without quotes.
    mutating func number(_ node: Node, _ key: String) -> Double? {
        guard case .scalar(let scalar) = node else {
            note(node, "\"\(key)\" is \(node.kindInWords); a number was expected")
            return nil
        }
        let text = scalar.string
        guard scalar.style == .plain else {
            note(node, "\"\(key)\" is text in quotes; a number without quotes was expected")
            return nil
        }
        guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text) else {
            note(node, "\"\(text.clipped)\" is not a number")
            return nil
        }
        guard value.isFinite else {
            note(node, "\(text.clipped) is too large for a number")
            return nil
        }
        return value
    }

    mutating func integer(_ node: Node, _ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = number(node, key) else { return nil }
        guard let whole = node.scalar.flatMap({ Int($0.string) }) else {
            note(
                node,
                "\"\(key)\" is \(node.scalar?.string.clipped ?? "\(value)"); a whole number was expected")
            return nil
        }
        guard range.contains(whole) else {
            note(node, "\"\(key)\" is \(whole); \(range.lowerBound) to \(range.upperBound) was expected")
            return nil
        }
        return whole
    }
}
