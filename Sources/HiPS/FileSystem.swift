internal import Glibc

/// The few operations on files that a data directory needs, as plain system calls with clear errors.
enum FileSystem {
    /// What lies at a path, symbolic links not followed; nil when nothing does.
    enum Kind {
        case directory, other
    }

    static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .other
    }

    /// Whether the path is a directory, symbolic links followed.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a directory but `.` and `..`, sorted; nil when there is no such directory.
    static func names(in path: String) throws(HiPSError) -> [String]? {
        guard let directory = opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("list", path)
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
        if errno != 0 { throw failure("list", path) }
        return names.sorted()
    }

    /// The text of a small file with faulty UTF-8 mended; nil when there is no such regular file.
    static func text(_ path: String, atMost limit: Int) throws(HiPSError) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("examine", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard status.st_size <= limit else {
            throw .fileSystem(
                operation: "read", path: path,
                reason: "it has \(status.st_size) bytes, and at most \(limit) were expected")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + count, $0.count - count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure("read", path) }
            if got == 0 { break }
            count += got
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Makes a directory and those above it.
    static func makeDirectories(_ path: String) throws(HiPSError) {
        if mkdir(path, 0o777) == 0 { return }
        switch errno {
        case EEXIST where isDirectory(path): return
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                throw failure("make the directory", path)
            }
            try makeDirectories(String(path[..<slash]))
            if mkdir(path, 0o777) != 0, !(errno == EEXIST && isDirectory(path)) {
                throw failure("make the directory", path)
            }
        default: throw failure("make the directory", path)
        }
    }

    /// Removes a file, or a directory with all that is in it; symbolic links go, not what they lead to.
    static func remove(_ path: String) throws(HiPSError) {
        guard let kind = kind(path) else { return }
        if kind == .directory {
            for name in try names(in: path) ?? [] {
                try remove(path + "/" + name)
            }
            if rmdir(path) != 0, errno != ENOENT { throw failure("remove", path) }
        } else if unlink(path) != 0, errno != ENOENT {
            throw failure("remove", path)
        }
    }

    /// Renames in one step; the target must be absent or, for a directory, empty.
    static func move(_ source: String, to target: String) throws(HiPSError) {
        guard rename(source, target) == 0 else { throw failure("rename to \(target) the directory", source) }
    }

    /// Waits until a file, or the names in a directory, are on the disk.
    static func synchronise(_ path: String) throws(HiPSError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        // Some file systems cannot do this for directories and say EINVAL: nothing is lost by going on.
        if fsync(file) != 0, errno != EINVAL { throw failure("write to disk", path) }
    }

    /// The error for the present `errno`.
    static func failure(_ operation: String, _ path: String, code: Int32 = errno) -> HiPSError {
        .fileSystem(operation: operation, path: path, reason: String(cString: strerror(code)))
    }
}
