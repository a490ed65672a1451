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
        case .file(let operation, let path, let reason):
            "Cannot \(operation) \(path): \(reason)."
        }
    }
}
