internal import Yams

extension YAMLComposer {
    /// A parser's complaint in the words of survey files.
    func problem(_ error: any Error) -> SettingsError {
        guard let error = error as? YamlError else {
            return SettingsError(file: file, "cannot be read: \(error)")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            if character(at: mark) == "\t" {
                return at(mark, "a tab in the indentation; indent with blanks")
            }
            return at(mark, "this is not YAML: \(sentence(problem, context))")
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            return at(mark, "a second document starts here; a survey file is one mapping")
        case .composer(let context, let problem, let mark, _):
            return at(mark, "this is not YAML: \(sentence(problem, context))")
        case .reader(let problem, let offset, _, _):
            let place = place(offset: offset ?? 0)
            return SettingsError(file: file, line: place.line, column: place.column, "not text: \(problem)")
        default:
            return SettingsError(file: file, "this is not YAML")
        }
    }

    private func at(_ mark: Mark, _ message: String) -> SettingsError {
        SettingsError(file: file, line: mark.line, column: mark.column, message)
    }

    private func sentence(_ problem: String, _ context: YamlError.Context?) -> String {
        guard let context else { return problem }
        return "\(problem) \(context.text) that starts at \(context.mark.line):\(context.mark.column)"
    }

    private func character(at mark: Mark) -> Unicode.Scalar? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.indices.contains(mark.line - 1) else { return nil }
        return lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first
    }

    private func place(offset: Int) -> (line: Int, column: Int) {
        let before = text.prefix(offset)
        let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return (lines.count, (lines.last?.unicodeScalars.count ?? 0) + 1)
    }
}
