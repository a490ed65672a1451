internal import Glibc

extension Survey {
    /// The size in bytes above which a survey file is refused.
    public static let largestFileBytes = 1 << 20

    /// Reads the text of a survey file.
    ///
    /// - Parameters:
    ///   - text: YAML, one mapping, at most `largestFileBytes`; no anchors, aliases or tabs in the
    /// indentation.
    ///   - file: the file's name, for messages.
    /// - Throws: `SettingsError` with every mistake found, each with line and column.
    public static func parse(_ text: String, file: String) throws(SettingsError) -> Survey {
        let document = try YAMLDocument(text, file: file)
        var reader = SurveyReader(document)
        let survey = reader.read()
        let mistakes = document.mistakes + reader.mistakes
        guard mistakes.isEmpty else { throw SettingsError(file: file, mistakes: mistakes) }
        return survey
    }

    /// Reads a survey file.
    ///
    /// - Throws: `SettingsError`, also when the file cannot be read, is too large or is not UTF-8.
    public static func load(path: String) throws(SettingsError) -> Survey {
        guard let stream = fopen(path, "rbe") else {
            throw SettingsError(file: path, "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(stream) }
        // One byte more than allowed tells a file that is too large without reading the whole of it.
        var bytes = [UInt8](repeating: 0, count: largestFileBytes + 1)
        let count = fread(&bytes, 1, bytes.count, stream)
        guard ferror(stream) == 0 else {
            throw SettingsError(file: path, "cannot be read: \(String(cString: strerror(errno)))")
        }
        bytes.removeSubrange(count...)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = firstInvalidLine(bytes)
            throw SettingsError(file: path, line: line, "the line is not UTF-8; save the file as UTF-8")
        }
        return try parse(text, file: path)
    }

    private static func firstInvalidLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}
