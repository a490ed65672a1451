internal import Glibc
internal import Synchronization

/// When the next request may be made, for all connections together.
final class Pace: Sendable {
    private struct State {
        var nextTurn = ContinuousClock.Instant.now
        var heldUntil = ContinuousClock.Instant.now
    }

    private let interval: Duration
    private let state = Mutex(State())
    private let isStopped = Atomic(false)

    /// - Parameter perSecond: requests a second, above 0.
    init(perSecond: Double) {
        interval = .seconds(1 / perSecond)
    }

    /// Waits for the turn of a request.
    /// - Throws: ``AdoptionError/interrupted``.
    func wait() throws(AdoptionError) {
        let turn = state.withLock { state in
            let turn = max(state.nextTurn, .now)
            state.nextTurn = turn + interval
            return turn
        }
        try sleep(until: turn)
        // A server may ask for a pause at any time, also during one.
        while case let end = state.withLock({ $0.heldUntil }), end > .now { try sleep(until: end) }
    }

    /// Has nobody ask for anything for a while.
    func hold(_ duration: Duration) {
        state.withLock { $0.heldUntil = max($0.heldUntil, .now + duration) }
    }

    /// Sleeps until a time unless it is stopped.
    /// - Throws: ``AdoptionError/interrupted``.
    func sleep(until end: ContinuousClock.Instant) throws(AdoptionError) {
        while true {
            guard !isStopped.load(ordering: .relaxed) else { throw .interrupted }
            let left = end - .now
            guard left > .zero else { return }
            usleep(UInt32(min(left / .microseconds(1), 100_000)))
        }
    }

    /// Ends all waiting.
    func stop() { isStopped.store(true, ordering: .relaxed) }
}
