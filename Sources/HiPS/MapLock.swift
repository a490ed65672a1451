internal import Glibc

/// The right to build one map, held by one process at a time.
///
/// It is an advisory lock (`flock`) on a file beside the map, `.<name>.lock`, which the kernel lets go of when the
/// process ends, however it ends. Release removes the file.
public final class MapLock: Sendable {
    private let file: Int32
    private let folder: String
    private let path: String

    /// Takes the lock.
    /// - Throws: ``HiPSError/busy(path:)`` when another build holds it, or ``HiPSError/fileSystem(operation:path:reason:)``.
    init(folder: String, name: String) throws(HiPSError) {
        let path = folder + "/" + name
        for attempt in 1... {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            if file < 0, errno == ENOENT, attempt < 100 {
                // Missing still, or removed by the holder of another lock since.
                try FileSystem.makeDirectories(folder)
                continue
            }
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
                self.folder = folder
                self.path = path
                return
            }
            close(file)
        }
        throw .busy(path: path)
    }

    deinit {
        unlink(path)
        close(file)
        // A build that came to nothing leaves no empty directory; one that holds anything stays.
        rmdir(folder)
    }
}

extension DataDirectory {
    /// Takes the right to build a map, until the returned value is let go of.
    /// - Throws: ``HiPSError/busy(path:)`` when another build of the map is running.
    public func lock(_ map: MapName) throws(HiPSError) -> MapLock? {
        try MapLock(folder: hipsPath + "/" + map.body, name: "." + map.name + ".lock")
    }

    /// Whether anything lies where a map would be published, a map or not.
    public func isOccupied(_ map: MapName) throws(HiPSError) -> Bool {
        FileSystem.kind(path(of: map)) != nil
    }
}
