/// Why the server did not start, or cannot read what it should serve.
public enum ServerError: Error, Equatable, CustomStringConvertible {
    /// The data directory does not exist.
    case missingDataDirectory(String)
    /// Another program listens on the port.
    case portTaken(host: String, port: Int)
    /// The system refused the address for another reason.
    case cannotListen(host: String, port: Int, reason: String)
    /// The file of the access log cannot be written to.
    case cannotLog(path: String, reason: String)
    /// Drawn tiles cannot be kept in their folder.
    case cannotCache(path: String, reason: String)
    /// No more tiles fit under the limit of the disk cache.
    case cacheFull(path: String, limit: Int)
    /// A file that is there could not be read.
    case unreadable(path: String, reason: String)
    /// A store did not give out what is there, or a folder is gone: it may be back later.
    case unavailable(path: String, reason: String)
    /// The address of the data is of no kind that is known.
    case unusableSource(reason: String)
    /// The server stopped by itself.
    case stopped(reason: String)

    /// One sentence that says what was found and what to do.
    public var description: String {
        switch self {
        case .missingDataDirectory(let path):
            return
                "There is no data directory \(path); build a map into it first, "
                + "or name another one with --data."
        case .portTaken(let host, let port):
            return "Port \(port) of \(host) is taken by another program; choose another one with --port, "
                + "or 0 for any free port."
        case .cannotListen(let host, let port, let reason):
            return "Cannot listen on \(host), port \(port): \(reason)."
        case .cannotLog(let path, let reason):
            return "Cannot write the access log to \(path): \(reason)."
        case .cannotCache(let path, let reason):
            return "Cannot keep tiles in \(path): \(reason). Name another folder with --cache-directory, "
                + "or none by a disk cache of 0."
        case .cacheFull(let path, let limit):
            return "The tiles in \(path) have reached the limit of \(limit >> 20) MB; ask for fewer levels, "
                + "or raise the limit with --cache-disk."
        case .unreadable(let path, let reason):
            return "Cannot read \(path): \(reason)."
        case .unavailable(let path, let reason):
            return "\(path) is not to be had at the moment: \(reason)."
        case .unusableSource(let reason):
            return reason
        case .stopped(let reason):
            return "The server stopped: \(reason)."
        }
    }

    /// Whether the same request may succeed later.
    var mayPass: Bool {
        if case .unavailable = self { true } else { false }
    }
}
