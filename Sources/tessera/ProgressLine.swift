import Glibc
import Synchronization
import Tiler

/// Shows how far a build is: a bar on a terminal, otherwise a line every ten seconds.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) != 0
    private let silent: Bool
    private let lastLine = Mutex(0.0)

    init(silent: Bool) {
        self.silent = silent
    }

    func show(_ progress: BuildProgress) {
        guard !silent, progress.total > 0 else { return }
        let rate = progress.seconds > 0 ? Double(progress.finished) / progress.seconds : 0
        let left = progress.secondsLeft.map { SizeText.seconds($0) } ?? "unknown"
        let numbers = "\(progress.finished)/\(progress.total) tiles, \(SizeText.short(rate))/s, \(left) left"
        if isTerminal {
            let width = 30
            let done = width * progress.finished / progress.total
            let bar = String(repeating: "#", count: done) + String(repeating: "-", count: width - done)
            Console.tell("\r[\(bar)] \(numbers)\u{1B}[K")
        } else {
            let due = lastLine.withLock { last in
                guard progress.seconds - last >= 10 else { return false }
                last = progress.seconds
                return true
            }
            if due { Console.tell(numbers + "\n") }
        }
    }

    func finish() {
        if !silent, isTerminal { Console.tell("\r\u{1B}[K") }
    }
}
