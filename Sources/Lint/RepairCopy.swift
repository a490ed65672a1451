import Glibc
internal import Storage

/// A copy of a HiPS that comes to its name only when it is whole.
///
/// Its files are hard links to those of the original as long as they are not written anew, which leaves the
/// original's alone.
final class RepairCopy {
    let target: String
    /// Where the copy is made: beside its place, under a hidden name.
    let root: String
    private let lock: Int32
    private var isPublished = false

    /// Makes an empty hidden directory beside `target`; what an interrupted copy left there goes.
    init(of original: String, at target: String) throws(LintError) {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        var status = stat()
        guard lstat(target, &status) != 0 else { throw .occupied(path: target) }
        let slash = target.lastIndex(of: "/")
        let folder = slash.map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? "."
        let name = slash.map { String(target[target.index(after: $0)...]) } ?? target
        guard let parent = Self.resolved(folder) else { throw .noDirectory(path: folder) }
        guard let source = Self.resolved(original) else { throw .noDirectory(path: original) }
        guard parent != source, !parent.hasPrefix(source + "/") else {
            throw .nested(original: original, copy: target)
        }
        let root = folder + "/." + name + ".fix"
        // The object exists only once the directory is held: its end clears the directory away.
        lock = try Self.hold(root)
        self.target = target
        self.root = root
        try Self.empty(root)
    }

    /// Makes a directory and locks it against other repairs to the same place, which the kernel ends with the
    /// process.
    private static func hold(_ root: String) throws(LintError) -> Int32 {
        if mkdir(root, 0o777) != 0, errno != EEXIST { throw failure("make the directory", root) }
        let lock = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard lock >= 0 else { throw failure("open", root) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .busy(path: root)
        }
        return lock
    }

    deinit {
        if !isPublished {
            try? Self.empty(root)
            rmdir(root)
        }
        close(lock)
    }

    /// Gives the copy its name once all of it is on the disk.
    func publish() throws(LintError) {
        try Self.synchroniseFolders(root)
        var status = stat()
        guard lstat(target, &status) != 0 else { throw .occupied(path: target) }
        guard rename(root, target) == 0 else { throw Self.failure("rename to \(target)", root) }
        isPublished = true
    }

    // MARK: - Files

    /// Writes a file in the place of what there is.
    func write(_ bytes: [UInt8], to path: String) throws(LintError) {
        let full = root + "/" + path
        try Self.makeFolders(above: full)
        // A link to the original's file is let go of, never written through.
        if unlink(full) != 0, errno != ENOENT { throw Self.failure("replace", full) }
        try Self.create(bytes, full)
    }

    /// The bytes of all files in folders whose names begin so.
    func bytes(below prefix: String) throws(LintError) -> Int64 {
        var sum: Int64 = 0
        for name in try Self.names(root) where name.hasPrefix(prefix) {
            sum += try Self.bytes(root + "/" + name)
        }
        return sum
    }

    private static func bytes(_ path: String) throws(LintError) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("examine", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int64(status.st_size) }
        var sum: Int64 = 0
        for name in try Self.names(path) { sum += try bytes(path + "/" + name) }
        return sum
    }

    /// Links or copies all files of a directory, symbolic links followed.
    func fill(from original: String) throws(LintError) {
        try fill(from: original, into: root, above: [])
    }

    private func fill(from source: String, into copy: String, above: [(dev_t, ino_t)]) throws(LintError) {
        var status = stat()
        guard stat(source, &status) == 0 else { throw Self.failure("examine", source) }
        // A link to a directory above would lead round in circles.
        guard !above.contains(where: { $0 == (status.st_dev, status.st_ino) }) else { return }
        for name in try Self.names(source) {
            let (from, to) = (source + "/" + name, copy + "/" + name)
            var entry = stat()
            guard stat(from, &entry) == 0 else { throw Self.failure("examine", from) }
            switch entry.st_mode & S_IFMT {
            case S_IFDIR:
                guard mkdir(to, 0o777) == 0 else { throw Self.failure("make the directory", to) }
                try fill(from: from, into: to, above: above + [(status.st_dev, status.st_ino)])
            case S_IFREG:
                if linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0 { continue }
                try Self.create(try Self.bytes(of: name, in: source), to)
            default: continue
            }
        }
    }

    private static func names(_ folder: String) throws(LintError) -> [String] {
        do {
            return try FolderStore(root: folder).names(in: "")
        } catch {
            throw LintError(error)
        }
    }

    private static func bytes(of name: String, in folder: String) throws(LintError) -> [UInt8] {
        do {
            if let bytes = try FolderStore(root: folder).read(name, atMost: Int.max - 1) { return bytes }
        } catch {
            throw LintError(error)
        }
        throw .file(operation: "read", path: folder + "/" + name, reason: "it is gone")
    }

    private static func create(_ bytes: [UInt8], _ path: String) throws(LintError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure("create", path) }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            done += count
        }
        guard fsync(file) == 0 else { throw failure("write to disk", path) }
    }

    /// Waits until the names in a directory and in those below it are on the disk.
    private static func synchroniseFolders(_ folder: String) throws(LintError) {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOTDIR { return }
            throw failure("open", folder)
        }
        defer { close(file) }
        for name in try Self.names(folder) {
            try synchroniseFolders(folder + "/" + name)
        }
        // Some file systems cannot do this for directories and say EINVAL: nothing is lost by going on.
        if fsync(file) != 0, errno != EINVAL { throw failure("write to disk", folder) }
    }

    private static func makeFolders(above path: String) throws(LintError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let folder = String(path[..<slash])
        if mkdir(folder, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw failure("make the directory", folder) }
        try makeFolders(above: folder)
        if mkdir(folder, 0o777) != 0, errno != EEXIST { throw failure("make the directory", folder) }
    }

    private static func empty(_ folder: String) throws(LintError) {
        for name in try Self.names(folder) {
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else { throw failure("examine", path) }
            if status.st_mode & S_IFMT == S_IFDIR {
                try empty(path)
                if rmdir(path) != 0 { throw failure("remove", path) }
            } else if unlink(path) != 0 {
                throw failure("remove", path)
            }
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func failure(_ operation: String, _ path: String) -> LintError {
        .file(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}
