internal import Glibc

/// A file in a folder of its own that only this user can enter; both are removed when this ends.
///
/// Nobody else can put a link in the file's place, then, whoever writes into the folder around. The folder is locked as long
/// as this lives: one without a lock is left over from a server that was killed.
final class SpoolFile {
    let path: String
    private let folder: String
    private let lock: Int32

    private static let prefix = "tessera-coverage-"
    /// What lies in such a folder: the file, and what GDAL writes beside it.
    private static let names = ["answer.tif", "answer.tif.aux.xml"]
    /// A folder is made and locked within this time, in seconds.
    private static let youth = 60

    init(in around: String) throws(CoverageError) {
        var template = Array("\(around)/\(Self.prefix)XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw .writing(reason: "no file can be made in the server's folder for answers")
        }
        folder = String(cString: made)
        path = folder + "/" + Self.names[0]
        lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
    }

    deinit {
        Self.remove(folder)
        if lock >= 0 { close(lock) }
    }

    /// Removes the folders that servers left when they were killed: those of this user that nobody has locked.
    static func removeLeftovers(in around: String) {
        guard let list = opendir(around) else { return }
        defer { closedir(list) }
        var found: [String] = []
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix) { found.append(around + "/" + name) }
        }
        for folder in found where isLeftOver(folder) { remove(folder) }
    }

    /// Whether a folder belongs to this user and to no server that lives.
    private static func isLeftOver(_ folder: String) -> Bool {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_uid == getuid(), facts.st_mode & 0o077 == 0,
            time(nil) - facts.st_mtim.tv_sec > youth
        else { return false }
        return flock(file, LOCK_EX | LOCK_NB) == 0
    }

    private static func remove(_ folder: String) {
        for name in names { unlink(folder + "/" + name) }
        rmdir(folder)
    }
}
