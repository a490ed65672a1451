/// A tree of files, on disk or in an object store. Paths are relative to its root, with `/` between their parts.
///
/// All calls block until the disk or the network has answered, and may be made from several threads at a time.
public protocol FileStore: Sendable {
    /// The root as a user writes it: a folder's path, or `s3://bucket/prefix`, without a slash at its end.
    var root: String { get }

    /// The path of a file as the system or GDAL opens it; the root's for an empty path.
    func systemPath(_ path: String) -> String

    /// Reads a whole file.
    /// - Parameter limit: bytes that the file may have at most.
    /// - Returns: nil when there is no such file; a folder is none.
    /// - Throws: ``StoreError`` when it is larger, or cannot be read.
    func read(_ path: String, atMost limit: Int) throws(StoreError) -> [UInt8]?

    /// Writes a whole file in the place of any earlier one, and makes the folders above it.
    /// - Throws: ``StoreError``; a part of the file may then be there.
    func write(_ bytes: [UInt8], to path: String) throws(StoreError)

    /// The names of the files and folders in a folder, sorted; none when there is no such folder.
    func names(in folder: String) throws(StoreError) -> [String]

    /// Size and time of a file; nil when there is none, a folder included.
    func status(of path: String) throws(StoreError) -> FileStatus?

    /// Removes a file, or a folder with all that is in it; it is no error when there is nothing.
    func remove(_ path: String) throws(StoreError)

    /// The store whose root is a folder of this one, whether there is one or not.
    func store(below folder: String) -> any FileStore
}

/// What is known of a file without reading it.
public struct FileStatus: Sendable, Equatable {
    /// Bytes of the file.
    public let size: Int
    /// Time of the last change in nanoseconds since 1970; whole seconds in object stores, 0 where they do not say.
    public let modifiedNanoseconds: Int64

    /// A status of these values.
    public init(size: Int, modifiedNanoseconds: Int64) {
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
    }
}

/// What could not be done to a file of a store.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The attempted operation, as a verb phrase: "open", "read", "write".
    public let operation: String
    /// The file as a user would write it.
    public let path: String
    /// What the system or the store said.
    public let reason: String
    /// The system's number of the error; nil where there is none, as in object stores.
    public let code: Int32?
    /// Whether the same operation may succeed later: the store did not answer, or said that it could not.
    public let mayPass: Bool

    /// An error of `operation` on `path`.
    public init(
        operation: String, path: String, reason: String, code: Int32? = nil, mayPass: Bool = false
    ) {
        self.operation = operation
        self.path = path
        self.reason = reason
        self.code = code
        self.mayPass = mayPass
    }

    /// One sentence: operation, file, reason.
    public var description: String { "Cannot \(operation) \(path): \(reason)." }
}
