internal import Glibc

/// A folder on disk, through plain system calls.
public struct FolderStore: FileStore {
    /// The root as it was given, without a slash at its end.
    public let root: String

    /// A store at a folder's path; the folder need not exist yet.
    public init(root: String) {
        var root = root.isEmpty ? "." : root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
    }

    /// The path of a file as the system opens it; the root's for an empty path.
    public func systemPath(_ path: String) -> String {
        path.isEmpty ? root : root == "/" ? "/" + path : root + "/" + path
    }

    /// The store whose root is a folder of this one, whether there is one or not.
    public func store(below folder: String) -> any FileStore { FolderStore(root: systemPath(folder)) }

    // MARK: - Reading

    /// Reads a whole file of at most `limit` bytes; nil when there is none.
    public func read(_ path: String, atMost limit: Int) throws(StoreError) -> [UInt8]? {
        let path = systemPath(path)
        // A FIFO must not hold the caller up.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if Self.isAbsence(errno) { return nil }
            throw Self.failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.failure("examine", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try Self.readAll(file, path: path, size: Int(status.st_size), limit: limit)
    }

    /// Reads to the end: files of `/proc` state no size, and others may grow.
    private static func readAll(
        _ file: Int32, path: String, size: Int, limit: Int
    ) throws(StoreError) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected, so that the end is seen without another round.
        var room = (size > 0 ? min(size, limit) : min(4096, limit)) + 1
        while true {
            var code: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                while count < room {
                    let got = Glibc.read(file, buffer.baseAddress! + count, room - count)
                    if got < 0, errno == EINTR { continue }
                    if got < 0 { code = errno }
                    guard got > 0 else { return }
                    count += got
                }
            }
            guard code == 0 else { throw failure("read", path, code) }
            let isEnd = part.count < room
            if bytes.isEmpty { bytes = part } else { bytes += part }
            guard bytes.count <= limit else {
                throw StoreError(
                    operation: "read", path: path,
                    reason: "it has \(max(size, bytes.count)) bytes, and at most \(limit) were expected",
                    code: EFBIG)
            }
            if isEnd { return bytes }
            room = min(1 << 20, limit - bytes.count) + 1
        }
    }

    /// The names of the files and folders in a folder, sorted; none when there is no such folder.
    public func names(in folder: String) throws(StoreError) -> [String] {
        let path = systemPath(folder)
        guard let directory = opendir(path) else {
            if Self.isAbsence(errno) { return [] }
            throw Self.failure("list", path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            // The name is longer than the array in the struct says, so it is read through the entry itself.
            let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let name = String(cString: start)
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw Self.failure("list", path) }
        return names.sorted()
    }

    /// Size and time of a file; nil when there is none, a folder included.
    public func status(of path: String) throws(StoreError) -> FileStatus? {
        let path = systemPath(path)
        var status = stat()
        guard stat(path, &status) == 0 else {
            if Self.isAbsence(errno) { return nil }
            throw Self.failure("examine", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileStatus(
            size: Int(status.st_size),
            modifiedNanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    // MARK: - Writing

    /// Writes a whole file in the place of any earlier one, and makes the folders above it where they are missing.
    public func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
        let path = systemPath(path)
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        var file = open(path, flags, 0o666)
        if file < 0, errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try Self.makeFolders(String(path[..<slash]))
            file = open(path, flags, 0o666)
        }
        guard file >= 0 else { throw Self.failure("create", path) }
        var code: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    code = count < 0 ? errno : ENOSPC
                    return
                }
                done += count
            }
        }
        // A full disk may be told only at the end.
        if close(file) != 0, code == 0, errno != EINTR { code = errno }
        guard code == 0 else { throw Self.failure("write", path, code) }
    }

    /// Makes a folder and those above it; others may be doing the same.
    private static func makeFolders(_ path: String) throws(StoreError) {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        let code = errno
        guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw failure("make the folder", path, code)
        }
        try makeFolders(String(path[..<slash]))
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
    }

    /// Removes a file, or a folder with all that is in it; it is no error when there is nothing.
    public func remove(_ path: String) throws(StoreError) {
        try Self.remove(systemPath(path))
    }

    /// Symbolic links go, not what they lead to.
    private static func remove(_ path: String) throws(StoreError) {
        if unlink(path) == 0 || isAbsence(errno) { return }
        let code = errno
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw failure("remove", path, code)
        }
        for name in try FolderStore(root: path).names(in: "") { try remove(path + "/" + name) }
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    // MARK: - Errors

    private static func isAbsence(_ code: Int32) -> Bool { code == ENOENT || code == ENOTDIR }

    private static func failure(_ operation: String, _ path: String, _ code: Int32 = errno) -> StoreError {
        StoreError(operation: operation, path: path, reason: String(cString: strerror(code)), code: code)
    }
}
