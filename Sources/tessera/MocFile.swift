import Glibc

/// Whole files and the standard streams, as bytes.
enum MocFile {
    /// Reads a file, or standard input for -.
    static func read(_ path: String) throws -> [UInt8] {
        let isInput = path == "-"
        let file = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("read", path) }
        defer { if !isInput { close(file) } }
        var status = stat()
        var expected = 1 << 16
        if fstat(file, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw CommandError("Cannot read \(path): it is a directory.")
            }
            // One more, so that the end shows without growing.
            if status.st_mode & S_IFMT == S_IFREG { expected = Int(status.st_size) + 1 }
        }
        var bytes: [UInt8] = []
        while true {
            let step = max(expected - bytes.count, 1 << 16)
            var failed = false
            let part = [UInt8](unsafeUninitializedCapacity: step) { space, count in
                // Safe: the system writes no more than the place has.
                let got = Glibc.read(file, space.baseAddress, step)
                failed = got < 0
                count = max(0, got)
            }
            if failed {
                if errno == EINTR { continue }
                throw failure("read", path)
            }
            if part.isEmpty { return bytes }
            if bytes.isEmpty { bytes = part } else { bytes += part }
        }
    }

    /// Writes a file, which appears in one piece, or standard output for nil.
    static func write(_ bytes: [UInt8], to path: String?) throws {
        guard let path else { return try put(bytes, STDOUT_FILENO, "standard output") }
        var status = stat()
        // Devices and pipes are written to as they are.
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let file = open(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { throw failure("write", path) }
            defer { close(file) }
            return try put(bytes, file, path)
        }
        let partial = path + ".\(getpid()).partial"
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure("write", path) }
        do {
            try put(bytes, file, path)
            guard close(file) == 0, rename(partial, path) == 0 else { throw failure("write", path) }
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static func put(_ bytes: [UInt8], _ file: Int32, _ name: String) throws {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress! + start, bytes.count - start)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw failure("write", name)
            }
            start += written
        }
    }

    private static func failure(_ verb: String, _ path: String) -> CommandError {
        CommandError("Cannot \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}
