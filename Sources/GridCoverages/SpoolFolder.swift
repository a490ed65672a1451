internal import Glibc

/// A folder of its own that only this user can enter, for the files that an answer is put together in. It is removed with all that
/// lies in it when this ends.
///
/// Nobody else can put a link in the place of a file, then, whoever writes into the folder around. The folder is locked as long
/// as this lives: one without a lock is left over from a server that was killed.
public final class SpoolFolder: Sendable {
    /// Where it is.
    public let path: String
    private let descriptor: Int32

    /// A folder is made and locked within this time, in seconds.
    private static let youth = 60

    /// Makes a folder; nil where none can be made.
    /// - Parameters:
    ///   - around: the folder in which it is made.
    ///   - prefix: what its name begins with, which tells what kind of answers it is for.
    public init?(in around: String, prefix: String) {
        // Nobody but this user may look into it (POSIX, mkdtemp).
        var template = Array("\(around)/\(prefix)XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { return nil }
        path = String(cString: made)
        descriptor = Self.open(path)
        guard descriptor >= 0 else {
            rmdir(path)
            return nil
        }
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        Self.remove(path, descriptor)
        close(descriptor)
    }

    /// Removes the folders that servers left when they were killed: those of this user that nobody has locked.
    /// - Returns: whether that was all; false where some are so young that they might not be locked yet.
    public static func removeLeftovers(in around: String, prefix: String) -> Bool {
        var isAll = true
        for name in names(in: opendir(around)) where name.hasPrefix(prefix) {
            let folder = around + "/" + name
            let descriptor = open(folder)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard let age = age(descriptor) else { continue }
            if age <= youth {
                isAll = false
            } else if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                remove(folder, descriptor)
            }
        }
        return isAll
    }

    private static func open(_ folder: String) -> Int32 {
        Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }

    /// For how many seconds nothing in a folder was made or removed; nil for one of others.
    private static func age(_ descriptor: Int32) -> Int? {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_uid == getuid(), facts.st_mode & 0o077 == 0 else {
            return nil
        }
        return time(nil) - facts.st_mtim.tv_sec
    }

    /// Removes a folder with the files in it; folders in it are none of ours, and stay.
    private static func remove(_ folder: String, _ descriptor: Int32) {
        let list = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        if let entries = fdopendir(list) {
            for name in names(in: entries) { unlinkat(descriptor, name, 0) }
        } else if list >= 0 {
            close(list)
        }
        rmdir(folder)
    }

    /// What lies in a folder.
    private static func names(in list: OpaquePointer?) -> [String] {
        guard let list else { return [] }
        defer { closedir(list) }
        rewinddir(list)
        var names: [String] = []
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
