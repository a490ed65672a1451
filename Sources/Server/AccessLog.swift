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
        guard let file else {
            descriptor = dup(STDOUT_FILENO)
            return
        }
        // A file that is cut to nothing by whoever rotates it goes on at its beginning.
        descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .cannotLog(path: file, reason: String(cString: strerror(errno))) }
    }

    deinit {
        flush()
        close(descriptor)
    }

    /// Adds a line.
    func add(_ line: AccessLine) {
        var text: [UInt8] = []
        line.write(to: &text, asJSON: format == .json)
        let isKept = waiting.withLock { [text] waiting in
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
                try await NIOThreadPool.singleton.runIfActive { self.flush() }
            }
        }
        flush()
    }

    private func flush() {
        let bytes = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
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
}
