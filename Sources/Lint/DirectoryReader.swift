import Glibc

/// Reads a HiPS in a directory.
final class DirectoryReader: HiPSReader {
    private let root: String

    init(root: String) {
        self.root = root
    }

    func read(_ path: String, limit: Int) throws(LintError) -> ReadResult {
        let file = open(root + "/" + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .absent : .refused(Self.reason())
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .refused(Self.reason()) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .refused("it is not a regular file") }
        guard status.st_size <= limit else {
            return .refused("it has \(status.st_size) bytes, more than the \(limit) that it could need")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .refused(Self.reason()) }
            if count == 0 { break }
            done += count
        }
        if done < bytes.count { bytes.removeLast(bytes.count - done) }
        return .found(bytes, fields: [:])
    }

    /// The names in a folder but `.` and `..`, in no order; nil when there is no such folder.
    static func names(in path: String) throws(LintError) -> [String]? {
        guard let directory = opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .file(operation: "list", path: path, reason: reason())
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
        if errno != 0 { throw .file(operation: "list", path: path, reason: reason()) }
        return names
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
