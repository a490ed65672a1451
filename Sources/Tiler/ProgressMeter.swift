internal import Synchronization

/// How far a build has come.
public struct BuildProgress: Sendable, Equatable {
    /// Leaf tiles looked at so far.
    public let finished: Int
    /// Leaf tiles to look at.
    public let total: Int
    /// Seconds since the first tile was begun.
    public let seconds: Double

    /// Seconds left at the present rate; nil before the first tile.
    public var secondsLeft: Double? {
        finished > 0 ? seconds / Double(finished) * Double(total - finished) : nil
    }
}

/// Counts finished leaves for all workers and tells at most a few times a second.
final class ProgressMeter: Sendable {
    private struct State {
        var finished = 0
        var told = ContinuousClock.Instant.now
    }

    private let total: Int
    private let started = ContinuousClock.now
    private let state = Mutex(State())
    private let tell: @Sendable (BuildProgress) -> Void

    init(total: Int, tell: @escaping @Sendable (BuildProgress) -> Void) {
        self.total = total
        self.tell = tell
    }

    func finishedLeaf() { count(1) }

    /// Counts leaves that an earlier run made.
    func passed(leaves: Int) { count(leaves) }

    private func count(_ leaves: Int) {
        let finished: Int? = state.withLock { state in
            state.finished += leaves
            let now = ContinuousClock.now
            guard state.finished == total || now - state.told > .milliseconds(200) else { return nil }
            state.told = now
            return state.finished
        }
        guard let finished else { return }
        let elapsed = ContinuousClock.now - started
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        // The total is an estimate where the leaves are many.
        tell(BuildProgress(finished: finished, total: max(total, finished), seconds: seconds))
    }
}
