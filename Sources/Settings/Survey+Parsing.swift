internal import Glibc

extension Survey {
    /// The size in bytes above which a survey file is refused.
    public static let largestFileBytes = 1 << 20

    /// Reads the text of a survey file.
    ///
    /// - Parameters:
    ///   - text: YAML, one mapping, at most `largestFileBytes`; no anchors, aliases, tags or tabs in
    ///     the indentation.
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
        try parse(try readText(path: path), file: path)
    }

    /// The text of a settings file.
    ///
    /// - Parameter kind: what the file should be, for messages.
    /// - Throws: `SettingsError` for a file that cannot be read, is too large or is not UTF-8.
    static func readText(path: String, kind: String = "survey file") throws(SettingsError) -> String {
        var status = stat()
        // Opening a pipe would wait for whoever writes to it.
        if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            throw SettingsError(file: path, "it is a pipe or a device; a \(kind) was expected")
        }
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
            let place = firstInvalidPlace(bytes)
            let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            throw SettingsError(
                file: path, line: place.line, column: place.column,
                isWide
                    ? "the file is UTF-16; save it as UTF-8"
                    : "these bytes are not UTF-8; save the file as UTF-8")
        }
        return text
    }

    private static func firstInvalidPlace(_ bytes: [UInt8]) -> (line: Int, column: Int) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let index = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) else {
            return (1, 1)
        }
        var scalars = 0
        var iterator = lines[index].makeIterator()
        var decoder = UTF8()
        while case .scalarValue = decoder.decode(&iterator) { scalars += 1 }
        return (index + 1, scalars + 1)
    }
}
