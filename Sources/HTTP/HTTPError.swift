/// Why a request has no answer. A status is no error: every answer that came whole is given to the caller.
public enum HTTPError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is no address that can be asked.
    case address(String, reason: String)
    /// The server could not be reached or stopped in the middle of its answer; asking again may help.
    case broken(url: String, reason: String)
    /// The answer is longer than was allowed.
    case tooLong(url: String, limit: Int)
    /// The answer is not to be had, however often it is asked for: a certificate that does not fit, text that is not
    /// HTTP, redirections without an end.
    case failed(url: String, reason: String)

    /// One sentence for people.
    public var description: String {
        switch self {
        case .address(let text, let reason): "\(text) is not an address that can be read from: \(reason)."
        case .broken(let url, let reason): "\(url) did not answer: \(reason). Is the server running?"
        case .tooLong(let url, let limit): "The answer of \(url) is longer than the \(limit) bytes expected."
        case .failed(let url, let reason): "\(url) cannot be read: \(reason)."
        }
    }
}
