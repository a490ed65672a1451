internal import Glibc

/// The right to build one map, held by one process at a time.
///
/// It is an advisory lock (`flock`) on a file beside the map, `.<name>.lock`, which the kernel lets go of when the
/// process ends, however it ends. Release removes the file.
public final class MapLock: Sendable {
    private let file: Int32
    private let path: String

    /// Takes the lock.
    /// - Throws: ``HiPSError/busy(path:)`` when another build holds it, or ``HiPSError/fileSystem(operation:path:reason:)``.
    init(path: String) throws(HiPSError) {
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard file >= 0 else { throw FileSystem.failure("create", path) }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(file)
                if code == EWOULDBLOCK { throw .busy(path: path) }
                throw FileSystem.failure("lock", path, code: code)
            }
            // Its last holder may have removed the file between our opening and our locking it.
            var held = stat()
            var named = stat()
            if fstat(file, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino {
                self.file = file
                self.path = path
                return
            }
            close(file)
        }
    }

    deinit {
        unlink(path)
        close(file)
    }
}

extension DataDirectory {
    /// Takes the right to build a map, until the returned value is let go of.
    /// - Throws: ``HiPSError/busy(path:)`` when another build of the map is running.
    public func lock(_ map: MapName) throws(HiPSError) -> MapLock {
        try FileSystem.makeDirectories(hipsPath + "/" + map.body)
        return try MapLock(path: hipsPath + "/" + map.body + "/." + map.name + ".lock")
    }

    /// Whether anything lies where a map would be published, a map or not.
    public func isOccupied(_ map: MapName) -> Bool {
        FileSystem.kind(path(of: map)) != nil
    }
}
