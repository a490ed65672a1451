internal import Glibc

/// The right to write features, held by one process at a time.
///
/// It is an advisory lock (`flock`) on a file beside the GeoPackage, which the kernel lets go of when the process ends.
/// The file stays, for removing it would let two others hold it at once.
final class FeatureLock: Sendable {
    private let file: Int32

    /// Takes the lock.
    /// - Throws: ``FeatureError/busy(path:)`` when another process, or another writer of this one, holds it.
    init(beside path: String) throws(FeatureError) {
        let name = path + ".lock"
        file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard file >= 0 else {
            throw .database(path: name, reason: String(cString: strerror(errno)))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw .busy(path: path)
        }
    }

    deinit { close(file) }
}
