internal import HiPS

/// Changes the text of `properties` and leaves its comments and the sequence of its lines as they are.
enum RepairPropertiesText {
    /// The text with other values: a key that stands more than once stays in its first place alone, a line that is
    /// none goes, and a new key comes to the end.
    static func applying(_ properties: HiPSProperties, to text: String) -> String {
        var lines: [String] = []
        var written: Set<String> = []
        func line(_ key: String, _ value: String) -> String {
            key + String(repeating: " ", count: max(0, 20 - key.utf8.count)) + " = " + value
        }
        for original in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let bare = original.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
            if bare.isEmpty || bare.first == "#" {
                lines.append(String(original))
                continue
            }
            guard let equals = bare.firstIndex(of: "=") else { continue }
            let key = String(bare[..<equals].filter { !$0.isWhitespace })
            guard let value = properties[key], written.insert(key).inserted else { continue }
            let isSame = bare[bare.index(after: equals)...].trimmed == value
            lines.append(isSame ? String(bare) : line(key, value))
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        for pair in properties.pairs where !written.contains(pair.key) {
            lines.append(line(pair.key, pair.value))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
