/// Why a document could not be read.
public enum XMLReadingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text is not well-formed.
    case malformed(line: Int, reason: String)
    /// A document type declaration or a reference to an entity: neither is read, for both can name files of the server
    /// and grow without bounds.
    case forbidden(line: Int, found: String)
    /// More than a limit allows.
    case tooLarge(found: String, limit: Int)
    /// A file that cannot be opened.
    case unreadable(path: String)

    /// What was found, what was expected, and what to do.
    public var description: String {
        switch self {
        case .malformed(let line, let reason):
            "The XML is not well-formed, line \(line): \(reason)."
        case .forbidden(let line, let found):
            "The XML has \(found) in line \(line), which is not read here; leave it out."
        case .tooLarge(let found, let limit):
            "The XML is too large: more than \(limit) \(found)."
        case .unreadable(let path):
            "\(path): the file cannot be opened, or is not XML at all."
        }
    }
}
