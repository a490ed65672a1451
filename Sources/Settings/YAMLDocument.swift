internal import Yams

/// A YAML file as keys, values and their places, with everything refused that survey files do not need.
struct YAMLDocument {
    typealias Mistake = SettingsError.Mistake

    /// The pairs of the one mapping in the file.
    let pairs: [(key: Node, value: Node)]
    /// Mistakes found so far: keys that stand twice, anchors, tags.
    let mistakes: [Mistake]
    /// Places of the keys that stand again further on: their values do not count.
    let hidden: Set<SettingsError.Place>

    /// - Parameters:
    ///   - kind: what the file should be, for messages.
    ///   - example: a line that could stand in it.
    init(
        _ text: String, file: String, kind: String = "survey file", example: String = "inputs: map.tif"
    ) throws(SettingsError) {
        guard text.utf8.count <= Survey.largestFileBytes else {
            throw SettingsError(
                file: file, "the file is larger than \(Survey.largestFileBytes) bytes; is it a \(kind)?")
        }
        let found = TextScan.mistakes(in: text)
        guard found.isEmpty else { throw SettingsError(file: file, mistakes: found) }

        let composed = try YAMLComposer(text: text, file: file).compose()
        guard let root = composed.root else {
            throw SettingsError(
                file: file, "the file is empty; keys and values such as \"\(example)\" were expected")
        }
        guard case .mapping(let mapping) = root else {
            let mark = root.mark
            throw SettingsError(
                file: file, line: mark?.line ?? 1, column: mark?.column ?? 1,
                "the file is \(root.kindInWords); keys and values such as \"\(example)\" were expected")
        }
        mistakes = composed.mistakes
        hidden = composed.hidden
        pairs = mapping.map { ($0.key, $0.value) }
    }
}

extension Node {
    /// What a node is, for messages.
    var kindInWords: String {
        switch self {
        case .scalar: return "a single value"
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .alias: return "an alias"
        }
    }
}
