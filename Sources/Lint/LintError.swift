/// Why a HiPS could not be looked at; what is wrong with it is told by findings instead.
public enum LintError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such directory.
    case noDirectory(path: String)
    /// The text is no address that can be read from.
    case address(String, reason: String)
    /// The server could not be reached, or stopped answering.
    case connection(host: String, operation: String, reason: String)
    /// What a server answers is not HTTP, or too long.
    case answer(url: String, reason: String)
    /// The system refused an operation on a file.
    case file(operation: String, path: String, reason: String)

    /// There is something already where a copy should be made.
    case occupied(path: String)
    /// A copy would lie inside of what it is a copy of.
    case nested(original: String, copy: String)
    /// Another repair is making the same copy.
    case busy(path: String)
    /// There is nothing from which anything could be derived.
    case underivable(path: String, reason: String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .noDirectory(let path):
            "There is no directory \(path); a HiPS is the directory that holds the file \"properties\"."
        case .address(let text, let reason):
            "\(text) cannot be looked at: \(reason)."
        case .connection(let host, let operation, let reason):
            "Cannot \(operation) \(host): \(reason). Is the server running?"
        case .answer(let url, let reason):
            "\(url) was not answered as expected: \(reason)."
        case .occupied(let path):
            "There is something at \(path) already; a repaired copy needs a directory that does not exist yet."
        case .nested(let original, let copy):
            "\(copy) lies inside \(original); a repaired copy needs a place outside of the original."
        case .busy(let path):
            "\(path) is being written by another repair; wait for it, or choose another place."
        case .underivable(let path, let reason):
            "\(path) cannot be repaired: \(reason)."
        case .file(let operation, let path, let reason):
            "Cannot \(operation) \(path): \(reason)."
        }
    }
}
