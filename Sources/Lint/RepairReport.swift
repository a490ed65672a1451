/// What a repair has written, what it could not derive, and how the copy is.
public struct RepairReport: Sendable {
    /// A file of the copy, relative to its root, and what was done or could not be done about it.
    public struct Entry: Hashable, Comparable, Sendable, CustomStringConvertible {
        /// The file.
        public let path: String
        /// What was done, or why it was not.
        public let text: String

        /// One line: path, text.
        public var description: String { "\(path): \(text)" }

        /// By path, then by text.
        public static func < (left: Entry, right: Entry) -> Bool {
            (left.path, left.text) < (right.path, right.text)
        }
    }

    /// Files that were written anew, sorted.
    public let made: [Entry]
    /// What is wrong but does not follow from anything else, sorted.
    public let underivable: [Entry]
    /// What is found in the copy.
    public let lint: LintReport

    /// Whether the copy is correct, as far as it was looked over, and nothing was left that could not be derived.
    public var passes: Bool { lint.passes && underivable.isEmpty }
}
