internal import CSystemShims
internal import Glibc
internal import NIOCore

/// An open file or directory, closed when the last user lets go of it.
final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    /// Opens a directory only to reach what is in it; nil when there is none.
    /// - Throws: ``ServerError/unavailable(path:reason:)`` when the system refuses for a reason that lies with the machine.
    static func directory(_ path: String) throws(ServerError) -> Descriptor? {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return try opened(number >= 0 ? number : -errno, path)
    }

    deinit {
        close(number)
    }

    /// Opens a directory below this one; nil when there is none, or when the path leads out.
    /// - Throws: ``ServerError/unavailable(path:reason:)`` when the system refuses for a reason that lies with the machine.
    func directory(below path: String) throws(ServerError) -> Descriptor? {
        try Self.opened(tessera_open_beneath(number, path, O_DIRECTORY, 0), path)
    }

    /// What came of opening a directory: a number, or an errno with a minus.
    private static func opened(_ number: Int32, _ path: String) throws(ServerError) -> Descriptor? {
        if number >= 0 { return Descriptor(owning: number) }
        guard isAbsence(-number) else { throw .unavailable(path: path, reason: words(-number)) }
        return nil
    }

    /// Whether an errno says that there is no such file for us; others, such as too many open files, say nothing about it.
    private static func isAbsence(_ code: Int32) -> Bool {
        [ENOENT, ENOTDIR, ELOOP, EXDEV, EACCES, ENXIO, ENAMETOOLONG].contains(code)
    }

    /// What the system knows about the file.
    var status: stat? {
        var status = stat()
        return fstat(number, &status) == 0 ? status : nil
    }

    /// What came of an attempt to read a whole file.
    enum Reading {
        /// All bytes of the file.
        case content(ByteBuffer)
        /// There is no such regular file below the directory.
        case absent
        /// Only the disk can tell, and it was not to be waited for.
        case wouldWait
        /// The system refused for a reason that lies with the machine, an errno.
        case failed(Int32)
    }

    /// Reads a whole file below this directory.
    /// - Parameters:
    ///   - path: relative to this directory; links in it may not lead out.
    ///   - waiting: whether to wait for the disk; otherwise only what the system has in memory is used, so
    ///     that the call never blocks.
    func read(_ path: String, waiting: Bool) -> Reading {
        let number = tessera_open_beneath(self.number, path, 0, waiting ? 0 : 1)
        guard number >= 0 else {
            if -number == EAGAIN, !waiting { return .wouldWait }
            return Self.isAbsence(-number) ? .absent : .failed(-number)
        }
        let file = Descriptor(owning: number)
        guard let status = file.status, status.st_mode & S_IFMT == S_IFREG else { return .absent }
        return file.readAll(size: Int(status.st_size), waiting: waiting)
    }

    private func readAll(size: Int, waiting: Bool) -> Reading {
        var buffer = ByteBufferAllocator().buffer(capacity: size)
        var failure: Int32 = 0
        while buffer.readableBytes < size, failure == 0 {
            let offset = buffer.readableBytes
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size - offset) { space in
                let got =
                    waiting
                    ? pread(number, space.baseAddress, size - offset, off_t(offset))
                    : tessera_read_cached(number, space.baseAddress, size - offset, off_t(offset))
                if got < 0 { failure = waiting ? errno : Int32(-got) }
                return max(0, got)
            }
            if failure == EINTR {
                failure = 0
            } else if count == 0 {
                break
            }
        }
        switch failure {
        case 0: return .content(buffer)
        case EAGAIN where !waiting, EOPNOTSUPP where !waiting, ENOSYS where !waiting: return .wouldWait
        default: return .failed(failure)
        }
    }
}
