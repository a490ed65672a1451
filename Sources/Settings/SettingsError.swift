/// Everything that is wrong with a survey file, by place.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One mistake and where it stands.
    public struct Mistake: Sendable, Hashable {
        /// The line, from 1.
        public let line: Int
        /// The column in Unicode scalars, from 1.
        public let column: Int
        /// What was read, what was expected and what to do.
        public let message: String
    }

    /// A place in the file, for looking it up.
    struct Place: Hashable {
        let line: Int
        let column: Int
    }

    /// The file's name.
    public let file: String
    /// The mistakes in the order of the file; at least one.
    public let mistakes: [Mistake]

    /// One line per mistake: `file:line:column: message`.
    public var description: String {
        mistakes.map { "\(file):\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n")
    }

    init(file: String, mistakes: [Mistake]) {
        self.file = file
        self.mistakes = mistakes.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    init(file: String, line: Int = 1, column: Int = 1, _ message: String) {
        self.init(file: file, mistakes: [Mistake(line: line, column: column, message: message)])
    }
}
