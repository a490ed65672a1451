import Glibc
import Synchronization
import Tiler

/// Shows how far the build of one map is: a bar on a terminal, and now and then a line in the log.
final class ProgressLine: Sendable {
    private let map: String
    private let log: RunLog
    private let hasBar: Bool
    private let logged = Mutex((seconds: 0.0, share: 0.0))

    /// Whether standard error is watched.
    static var isTerminal: Bool { isatty(STDERR_FILENO) != 0 }

    /// - Parameter hasBar: whether a bar is drawn on standard error.
    init(_ map: String, log: RunLog, hasBar: Bool) {
        self.map = map
        self.log = log
        self.hasBar = hasBar
    }

    func show(_ progress: BuildProgress) {
        guard progress.total > 0 else { return }
        let share = Double(progress.finished) / Double(progress.total)
        // Every tenth part, or every half a minute; nobody reads more of a quick build.
        let due = logged.withLock { last in
            let waited = progress.seconds - last.seconds
            guard waited >= 30 || (waited >= 5 && share - last.share >= 0.1) else { return false }
            last = (progress.seconds, share)
            return true
        }
        guard due || hasBar else { return }
        let rate = progress.seconds > 0 ? Double(progress.finished) / progress.seconds : 0
        let left = progress.secondsLeft.map { SizeText.seconds($0) } ?? "unknown"
        let numbers = "\(progress.finished)/\(progress.total) tiles, \(SizeText.short(rate))/s, \(left) left"
        if due { log.write(.info, "\(map): \(numbers)") }
        if hasBar {
            let width = 30
            let done = width * progress.finished / progress.total
            let bar = String(repeating: "#", count: done) + String(repeating: "-", count: width - done)
            Console.tell("\r[\(bar)] \(numbers)\u{1B}[K")
        }
    }

    /// Shows a share of something that is not counted in tiles.
    func show(fraction: Double) {
        guard hasBar else { return }
        Console.tell("\r\(map): \(Int(100 * fraction)) %\u{1B}[K")
    }

    func finish() {
        if hasBar { Console.tell("\r\u{1B}[K") }
    }
}
