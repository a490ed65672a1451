internal import Glibc

/// Says to other processes that the copies in a folder are in use, until it is released or the process ends.
final class SpoolClaim: Sendable {
    private let descriptor: Int32
    /// Whether no other process used the folder when this one came; none comes before ``share()``.
    let isAlone: Bool

    init(_ folder: String) {
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        isAlone = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Lets others come. Where the file system has no locks there are no claims, and nothing is deleted.
    func share() {
        if descriptor >= 0 { flock(descriptor, LOCK_SH) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
