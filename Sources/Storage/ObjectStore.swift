internal import GDAL

/// A place in an object store, or in another of GDAL's virtual file systems.
///
/// Objects have no folders: those with a common beginning up to a slash are shown as one, which is there as long as they
/// are. Credentials and endpoints come from the environment as GDAL reads it (`AWS_ACCESS_KEY_ID`, `AWS_S3_ENDPOINT`,
/// and so on; https://gdal.org/user/virtual_file_systems.html).
public struct ObjectStore: FileStore {
    /// The root as it was given, without a slash at its end.
    public let root: String
    private let base: String

    /// The beginnings that users write, and GDAL's for them.
    static let schemes = [("s3://", "/vsis3/"), ("gs://", "/vsigs/"), ("az://", "/vsiaz/")]

    /// A store at `s3://`, `gs://` or `az://` with bucket and prefix, or at a path that begins with `/vsi`.
    /// - Throws: ``StoreError`` when the text is none of these, or names no bucket.
    public init(root text: String) throws(StoreError) {
        var root = text
        while root.hasSuffix("/") { root.removeLast() }
        if root.hasPrefix("/vsi"), root.dropFirst().contains("/") {
            base = root
        } else if let (scheme, prefix) = Self.schemes.first(where: { root.hasPrefix($0.0) }) {
            base = prefix + root.dropFirst(scheme.count)
        } else {
            throw StoreError(
                operation: "use", path: text,
                reason:
                    "an object store is written s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"
            )
        }
        self.root = root
        // Others write to the store while it is read.
        VirtualFile.keepNothing(below: base)
    }

    private init(root: String, base: String) {
        self.root = root
        self.base = base
    }

    /// The path of a file as GDAL opens it; the root's for an empty path.
    public func systemPath(_ path: String) -> String { path.isEmpty ? base : base + "/" + path }

    /// The store whose root is a folder of this one, whether there is one or not.
    public func store(below folder: String) -> any FileStore {
        ObjectStore(root: place(folder), base: systemPath(folder))
    }

    private func place(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

    /// Reads a whole file of at most `limit` bytes; nil when there is none.
    public func read(_ path: String, atMost limit: Int) throws(StoreError) -> [UInt8]? {
        try attempt(path) { path throws(GDALError) in try VirtualFile.read(path, atMost: limit) }
    }

    /// Writes a whole file in the place of any earlier one; readers see the old one or the new.
    public func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
        try attempt(path) { path throws(GDALError) in try VirtualFile.write(bytes, to: path) }
    }

    /// The names of the files and folders in a folder, sorted; none when there is no such folder.
    public func names(in folder: String) throws(StoreError) -> [String] {
        try attempt(folder) { path throws(GDALError) in try VirtualFile.names(in: path) }
    }

    /// Size and time of a file; nil when there is none, a folder included.
    public func status(of path: String) throws(StoreError) -> FileStatus? {
        try attempt(path) { path throws(GDALError) in
            try VirtualFile.status(of: path).map {
                FileStatus(size: $0.size, modifiedNanoseconds: $0.modifiedNanoseconds)
            }
        }
    }

    /// Removes a file, or a folder with all that is in it; it is no error when there is nothing.
    public func remove(_ path: String) throws(StoreError) {
        try attempt(path) { path throws(GDALError) in
            if try VirtualFile.remove(path) { return }
            if try !VirtualFile.names(in: path).isEmpty { try VirtualFile.removeFolder(path) }
        }
    }

    /// Runs what may fail in GDAL, and tells it with the name that the user knows the file by.
    private func attempt<Result>(
        _ path: String, _ work: (String) throws(GDALError) -> Result
    ) throws(StoreError) -> Result {
        do {
            return try work(systemPath(path))
        } catch {
            throw StoreError(operation: error.operation, path: place(path), reason: error.message)
        }
    }
}
