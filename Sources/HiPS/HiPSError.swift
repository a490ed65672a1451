/// What can go wrong with a HiPS on disk or with its texts.
public enum HiPSError: Error, Equatable, CustomStringConvertible {
    /// A body or a map cannot have this name in a path.
    case invalidName(String, reason: String)
    /// A text that should be a `properties` file is none.
    case invalidProperties(source: String, reason: String)
    /// There is no such map, or no such data directory.
    case missing(path: String, remedy: String)
    /// Another process is building the map.
    case busy(path: String)
    /// The system refused an operation on a file.
    case fileSystem(operation: String, path: String, reason: String)

    /// One sentence that says what was read, what was expected and what to do.
    public var description: String {
        switch self {
        case .invalidName(let name, let reason):
            return "The name \"\(name)\" cannot be used in the path of a HiPS: \(reason)."
        case .invalidProperties(let source, let reason):
            return "\(source) is not a HiPS properties file: \(reason)."
        case .missing(let path, let remedy):
            return "There is no \(path); \(remedy)."
        case .busy(let path):
            return
                "Another build of this map is running: it holds \(path); wait for it, or choose another name."
        case .fileSystem(let operation, let path, let reason):
            return "Cannot \(operation) \(path): \(reason)."
        }
    }
}
