import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM during a build: the first cancels it, a second ends the program at once.
final class Interruption: Sendable {
    private struct State {
        var signal: Int32?
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// The signal that came, if any.
    var signal: Int32? { state.withLock { $0.signal } }

    /// Runs work; while it runs, signals are heeded.
    ///
    /// What can be cancelled says so with ``cancellable(_:)``. Elsewhere nothing has been written, and a signal ends
    /// the program.
    func heeding<Result>(_ work: () async throws -> Result) async throws -> Result {
        // A queue of its own: all threads for tasks may be at work.
        let queue = DispatchQueue(label: "signals")
        let sources = [SIGINT, SIGTERM].map { number in
            // The source does not replace what the system does at a signal.
            Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [self] in receive(number) }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await work()
    }

    /// Runs work as a task that the first signal cancels.
    func cancellable<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await work() }
        let isLate = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.signal != nil
        }
        if isLate { task.cancel() }
        defer { state.withLock { $0.cancel = nil } }
        return try await task.value
    }

    private func receive(_ number: Int32) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            defer { state.signal = state.signal ?? number }
            return state.signal == nil ? state.cancel : nil
        }
        guard let cancel else {
            Console.tell("\nStopped.\n")
            _exit(Self.exitStatus(number))
        }
        Console.tell("\nStopping; a second signal stops at once.\n")
        cancel()
    }

    /// The exit status of a program that a signal ended, as shells give it.
    static func exitStatus(_ number: Int32) -> Int32 { 128 + number }
}
