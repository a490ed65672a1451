internal import Yams

extension YAMLComposer {
    /// The sign that stands for the letters of a hidden key, from the private use area.
    private static let cover: UInt32 = 0xE000

    /// Overwrites a key with private signs; false when its text is not plainly there.
    func hide(_ key: String, at mark: Mark, in lines: inout [[Unicode.Scalar]], serial: Int) -> Bool {
        guard lines.indices.contains(mark.line - 1), !key.isEmpty else { return false }
        let line = lines[mark.line - 1]
        var start = mark.column - 1
        if line.indices.contains(start), line[start] == "\"" || line[start] == "'" { start += 1 }
        let letters = Array(key.unicodeScalars)
        guard start + letters.count <= line.count, Array(line[start..<start + letters.count]) == letters,
            let sign = Unicode.Scalar(Self.cover + UInt32(serial))
        else { return false }
        lines[mark.line - 1].replaceSubrange(
            start..<start + letters.count, with: repeatElement(sign, count: letters.count))
        return true
    }

    /// One mistake for every place of a key but its first.
    func duplicates(_ hidden: [HiddenKey], _ root: Node?) -> [Mistake] {
        var mistakes: [Mistake] = []
        var first: [String: Mark] = [:]
        func note(_ path: String, _ key: String, _ mark: Mark) {
            if let earlier = first[path] {
                let message = "the key \"\(key)\" stands already at \(earlier); keep one"
                mistakes.append(Mistake(line: mark.line, column: mark.column, message: message))
            } else {
                first[path] = mark
            }
        }
        func walk(_ node: Node, _ path: String) {
            guard case .mapping(let mapping) = node, node.anchor == nil else { return }
            for (keyNode, value) in mapping {
                guard let key = keyNode.scalar?.string, let mark = keyNode.mark else { continue }
                let covered = hidden.first { $0.place == SettingsError.Place(mark) }
                let name = covered?.key ?? key
                note(path + "\n" + name, name, mark)
                walk(value, path + "\n" + name)
            }
        }
        if !hidden.isEmpty, let root { walk(root, "") }
        return mistakes
    }

    /// Anchors and tags, which nothing in a survey file needs.
    func decorations(in root: Node?) -> [Mistake] {
        var mistakes: [Mistake] = []
        func note(_ node: Node, _ message: String) {
            guard let mark = node.mark else { return }
            mistakes.append(Mistake(line: mark.line, column: mark.column, message: message))
        }
        func walk(_ node: Node) {
            if let anchor = node.anchor {
                note(
                    node, "the anchor \"&\(anchor.rawValue)\"; anchors and aliases are not read, remove it")
                return
            }
            let tag = node.writtenTag
            if !tag.isEmpty, !Node.plainTags.contains(tag) {
                note(node, "the tag \"\(node.shortTag.clipped)\"; tags are not read, remove it")
                return
            }
            switch node {
            case .mapping(let mapping):
                for (key, value) in mapping {
                    walk(key)
                    walk(value)
                }
            case .sequence(let sequence): sequence.forEach(walk)
            case .scalar, .alias: break
            }
        }
        root.map(walk)
        return mistakes
    }
}

extension Node {
    /// What `!!` stands for.
    private static let coreTags = "tag:yaml.org,2002:"

    /// Tags that Yams gives itself: to quoted texts, and to keys when it looks for them.
    fileprivate static let plainTags = Set(
        ["str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value"].map {
            coreTags + $0
        })

    /// The tag in the text, such as `!include`; empty when there is none.
    fileprivate var writtenTag: String {
        switch self {
        case .scalar(let scalar): scalar.tag.description
        case .mapping(let mapping): mapping.tag.description
        case .sequence(let sequence): sequence.tag.description
        case .alias: ""
        }
    }

    /// The tag as it is mostly written.
    fileprivate var shortTag: String {
        writtenTag.hasPrefix(Self.coreTags) ? "!!" + writtenTag.dropFirst(Self.coreTags.count) : writtenTag
    }
}

extension SettingsError.Place {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
