internal import NIOPosix
internal import Synchronization

/// Lets a limited number of requests calculate at a time, and a limited number wait for that.
///
/// Work runs on threads of its own: neither the event loops, which everybody's tiles go through, nor the few threads of
/// the cooperative pool are ever kept busy by a map that takes long. What comes when the queue is full is turned away at
/// once, and what nobody waits for any more leaves the queue, or is told to stop when it has begun.
final class WorkGate: Sendable {
    /// The queue is full; the answer is 503.
    struct Full: Error, Equatable {
        /// After how many seconds it is worth asking again, for the field `Retry-After`.
        let retryAfter: Int
    }

    /// How much there is to do.
    struct Load: Equatable, Sendable {
        /// Pieces of work that have begun.
        let running: Int
        /// Pieces of work that wait for a thread.
        let waiting: Int
    }

    private struct Job: Sendable {
        let number: UInt64
        let cancellation: Cancellation
        /// Does the work; the call that it returns hands over the outcome.
        let start: @Sendable () -> @Sendable () -> Void
        /// Says that the work was not begun, and will not be.
        let drop: @Sendable () -> Void
    }

    private struct State: Sendable {
        var running = 0
        var waiting: [Job] = []
        var lastNumber: UInt64 = 0
        /// A running mean of how long a piece of work takes, in seconds.
        var meanSeconds = 0.1
    }

    private let workers: Int
    private let queue: Int
    private let threads: NIOThreadPool
    private let state = Mutex(State())
    /// Pieces of work that were turned away.
    let refused = Counter()
    /// Pieces of work that nobody waited for any more.
    let abandoned = Counter()

    /// A gate.
    /// - Parameters:
    ///   - workers: how many requests calculate at a time, at least 1.
    ///   - queue: how many may wait beside them; 0 for none.
    init(workers: Int, queue: Int) {
        self.workers = max(1, workers)
        self.queue = max(0, queue)
        threads = NIOThreadPool(numberOfThreads: self.workers)
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// The work at this moment.
    var load: Load {
        state.withLock { Load(running: $0.running, waiting: $0.waiting.count) }
    }

    /// Does a piece of work as soon as a thread is free.
    ///
    /// - Parameters:
    ///   - client: the client that waits for it; when it goes, the work is cancelled.
    ///   - work: blocks its thread; asks its argument now and then whether it is still wanted.
    /// - Throws: ``Full``, `CancellationError` when the task was cancelled or the client has gone, and what the work
    ///   throws.
    func run<Result: Sendable>(
        for client: ClientPresence? = nil, _ work: @escaping @Sendable (Cancellation) throws -> Result
    ) async throws -> Result {
        let cancellation = Cancellation()
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let watch = client?.whenGone { [weak self] in
            cancellation.cancel()
            self?.giveUp(number)
        }
        defer { if let watch { client?.forget(watch) } }
        defer { if cancellation.isCancelled { abandoned.add() } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = Job(
                    number: number, cancellation: cancellation,
                    start: {
                        let result = Swift.Result { try work(cancellation) }
                        return {
                            // Whatever a cancelled piece of work made of it, nobody wants it.
                            continuation.resume(
                                with: cancellation.isCancelled ? .failure(CancellationError()) : result)
                        }
                    },
                    drop: { continuation.resume(throwing: CancellationError()) })
                admit(job) { continuation.resume(throwing: $0) }
            }
        } onCancel: {
            cancellation.cancel()
            giveUp(number)
        }
    }

    /// Begins a job, lets it wait, drops it when it is not wanted any more, or refuses it for want of room.
    private func admit(_ job: Job, refuse: (Full) -> Void) {
        enum Turn { case now, later, never, refused(Full) }
        let turn: Turn = state.withLock { state in
            // Whoever cancels sets the flag first and then looks through the queue.
            if job.cancellation.isCancelled { return .never }
            if state.running < workers {
                state.running += 1
                return .now
            }
            guard state.waiting.count < queue else { return .refused(Full(retryAfter: wait(state))) }
            state.waiting.append(job)
            return .later
        }
        switch turn {
        case .now: submit(job)
        case .later: break
        case .never: job.drop()
        case .refused(let full):
            refused.add()
            refuse(full)
        }
    }

    /// Runs a job on a thread, and those that wait after it.
    private func submit(_ job: Job) {
        threads.submit { [self] _ in
            var next: Job? = job
            while let job = next {
                let begin = ContinuousClock.now
                let finish = job.start()
                next = following(afterSeconds: begin.duration(to: .now) / .seconds(1))
                // Who has the answer may ask on at once, and finds the place free.
                finish()
            }
        }
    }

    private func following(afterSeconds seconds: Double) -> Job? {
        state.withLock { state in
            state.meanSeconds += (seconds - state.meanSeconds) / 16
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func giveUp(_ number: UInt64) {
        let dropped = state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        dropped?.drop()
    }

    /// The seconds after which half of what waits should be done: 1 to 30.
    private func wait(_ state: State) -> Int {
        let seconds = state.meanSeconds * Double(state.waiting.count) / Double(2 * workers)
        return Int(min(30, max(1, seconds.rounded(.up))))
    }
}
