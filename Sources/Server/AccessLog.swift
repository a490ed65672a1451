internal import Glibc
internal import Logging
internal import NIOPosix
internal import ServiceLifecycle
internal import Settings
internal import Synchronization

/// Writes a line about each request to a file or to standard output.
///
/// Lines are gathered in memory and written every fifth of a second on a thread that may wait. When the file takes
/// nothing for long, lines are left out rather than requests held up; ``dropped`` counts them.
final class AccessLog: Service, Sendable {
    private let format: ServerSettings.AccessLog.Format
    private let descriptor: Int32
    private let name: String
    private let logger: Logger
    private let waiting = Mutex<[UInt8]>([])
    /// Lines that were left out.
    let dropped = Counter()

    /// Whether writing never has to wait for a reader, as it has to at a pipe.
    private let isFile: Bool

    /// How long a reader that takes nothing is waited for each time, and at the end.
    private static let patience = Duration.milliseconds(200)
    private static let lastPatience = Duration.seconds(2)
    /// What a pipe that is ready takes without waiting (PIPE_BUF of Linux).
    private static let pipeBytes = 4096
    /// Memory for lines that wait, in bytes.
    private static let mostWaiting = 8 << 20

    /// A log; nil when none is wanted.
    /// - Throws: ``ServerError/cannotLog(path:reason:)`` when the file cannot be written to.
    init?(_ configuration: ServerSettings.AccessLog, logger: Logger) throws(ServerError) {
        guard let format = configuration.format, format != .off else { return nil }
        self.format = format
        let file = configuration.file.flatMap { $0 == "-" ? nil : $0 }
        name = file ?? "standard output"
        self.logger = logger
        // A file that is cut to nothing by whoever rotates it goes on at its beginning.
        let number =
            file.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640) } ?? dup(STDOUT_FILENO)
        guard number >= 0 else { throw .cannotLog(path: name, reason: String(cString: strerror(errno))) }
        descriptor = number
        var status = stat()
        isFile = fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    deinit {
        flush(within: Self.lastPatience)
        close(descriptor)
    }

    /// Adds a line.
    func add(_ line: AccessLine) {
        let text = line.bytes(asJSON: format == .json)
        let isKept = waiting.withLock { waiting in
            guard waiting.count + text.count <= Self.mostWaiting else { return false }
            waiting += text
            return true
        }
        if !isKept { dropped.add() }
    }

    /// Writes until the server stops, and then once more what has come meanwhile.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .milliseconds(200))
                try await NIOThreadPool.singleton.runIfActive { self.flush(within: Self.patience) }
            }
        }
        flush(within: Self.lastPatience)
        let left = waiting.withLock { $0.count { $0 == UInt8(ascii: "\n") } }
        guard left > 0 else { return }
        logger.error("nobody reads the access log from \(name): its last \(left) lines are lost")
        dropped.add(left)
        waiting.withLock { $0 = [] }
    }

    /// Writes what waits; what is not taken in time goes on waiting.
    private func flush(within patience: Duration) {
        let bytes = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        let deadline = ContinuousClock.now + patience
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isFile || isReady(before: deadline) else {
                waiting.withLock { [rest] waiting in waiting = rest + waiting }
                return
            }
            let most = isFile ? rest.count : min(rest.count, Self.pipeBytes)
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, most) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else {
                let lines = rest.count { $0 == UInt8(ascii: "\n") }
                let reason = String(cString: strerror(errno))
                if dropped.value == 0 { logger.error("cannot write the access log to \(name): \(reason)") }
                dropped.add(lines)
                return
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until a pipe or a terminal takes something; false when it does not in time.
    private func isReady(before deadline: ContinuousClock.Instant) -> Bool {
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            guard left > 0 else { return false }
            let count = poll(&wish, 1, Int32(left.rounded(.up)))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return true }
        }
    }
}
