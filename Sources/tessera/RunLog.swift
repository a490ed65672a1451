import Glibc
import Synchronization

/// Lines with a time, a level and a text, for runs that nobody watches: to a file, to standard error, to both or none.
final class RunLog: Sendable {
    enum Level: String, Sendable {
        case info, warning, error
    }

    private let files: [Int32]
    private let ownsLast: Bool
    /// Whether standard error gets the lines.
    let isOnConsole: Bool
    private let turn = Mutex(())

    /// - Parameters:
    ///   - path: a file that lines are added to; nil for none.
    ///   - console: whether standard error gets them too.
    /// - Throws: ``CommandError`` when the file cannot be written.
    init(path: String?, console: Bool) throws(CommandError) {
        var files = console ? [STDERR_FILENO] : []
        if let path {
            let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
            guard file >= 0 else {
                throw CommandError(
                    "\(path): cannot be written: \(String(cString: strerror(errno))); --log expects a file")
            }
            files.append(file)
        }
        self.files = files
        ownsLast = path != nil
        isOnConsole = console
    }

    deinit {
        if ownsLast, let last = files.last { close(last) }
    }

    /// Adds a line; line breaks in the text become further lines of the same time.
    func write(_ level: Level, _ text: String) {
        guard !files.isEmpty else { return }
        let time = Self.now()
        let lines = text.split(separator: "\n").map { "\(time) \(level.rawValue) \($0)\n" }.joined()
        let bytes = Array(lines.utf8)
        // One call a message keeps lines whole when several programs add to one file.
        turn.withLock { _ in
            for file in files { bytes.withUnsafeBytes { _ = Glibc.write(file, $0.baseAddress, $0.count) } }
        }
    }

    /// The present time in UTC (RFC 3339).
    private static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
