internal import Yams

/// Composes YAML into nodes and goes on past keys that stand twice.
struct YAMLComposer {
    typealias Mistake = SettingsError.Mistake

    let text: String
    let file: String

    /// A key that was overwritten because it stands again further on.
    struct HiddenKey {
        let key: String
        let place: SettingsError.Place
    }

    struct Composed {
        let root: Node?
        let mistakes: [Mistake]
        let hidden: Set<SettingsError.Place>
    }

    /// - Throws: `SettingsError` for text that is not one YAML document.
    func compose() throws(SettingsError) -> Composed {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            Array($0.unicodeScalars)
        }
        var current = text
        var hidden: [HiddenKey] = []
        // Yams stops at the first key that stands twice. Its earlier place is overwritten with signs of the
        // same length, which keeps every other place in the file, and the text is read again.
        while true {
            do {
                let parser = try Parser(yaml: current)
                let root = try parser.singleRoot()
                return Composed(
                    root: root, mistakes: duplicates(hidden, root) + decorations(in: root),
                    hidden: Set(hidden.map(\.place)))
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let mark = context.mark
                let key = keys.first ?? ""
                guard hidden.count * text.utf8.count < 4 * Survey.largestFileBytes, hidden.count < 20,
                    hide(key, at: mark, in: &lines, serial: hidden.count)
                else {
                    throw SettingsError(
                        file: file, line: mark.line, column: mark.column, "the key \"\(key)\" stands twice")
                }
                hidden.append(HiddenKey(key: key, place: SettingsError.Place(mark)))
                current = lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
            } catch {
                throw problem(error)
            }
        }
    }
}
