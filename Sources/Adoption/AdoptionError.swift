internal import HTTP
internal import HiPS
internal import Storage

/// Why a HiPS could not be adopted. Nothing has been published then.
public enum AdoptionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was given to be adopted is no HiPS of pixels that can be read.
    case notAHiPS(source: String, reason: String)
    /// There is already something under the name.
    case taken(path: String)
    /// The HiPS may not be copied, in the words of its `hips_status`.
    case unclonable(source: String, status: String)
    /// What is asked for does not fit the HiPS.
    case request(String)
    /// A server does not give out what it has; the files so far are kept.
    case server(url: String, reason: String)
    /// It was stopped; the files so far are kept.
    case interrupted
    /// The system refused an operation on a file.
    case file(String)

    /// What was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .notAHiPS(let source, let reason):
            "\(source) cannot be adopted: \(reason). Expected is the folder or the address that holds \"properties\"."
        case .taken(let path):
            "There is already \(path); choose another --name, or put the adopted HiPS in its place with --force."
        case .unclonable(let source, let status):
            "\(source) is not to be copied: its hips_status is \"\(status)\". Ask those who made it, and use --force "
                + "if they agree."
        case .request(let reason): reason
        case .server(let url, let reason):
            "\(url) is not given out: \(reason). What has come so far is kept; the same command goes on."
        case .interrupted: "Interrupted. What has come so far is kept; the same command goes on."
        case .file(let reason): reason
        }
    }

    init(_ error: HiPSError) { self = .file(error.description) }

    init(_ error: StoreError) { self = .file(error.description) }

    /// What could not be read from a server.
    init(_ error: HTTPError) {
        switch error {
        case .address(let text, let reason): self = .notAHiPS(source: text, reason: reason)
        case .broken(let url, let reason), .failed(let url, let reason):
            self = .server(url: url, reason: reason)
        case .tooLong(let url, let limit):
            self = .server(url: url, reason: "it is longer than the \(limit) bytes expected")
        }
    }
}
