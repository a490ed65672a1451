internal import Synchronization

/// A flag that says that nobody waits for the outcome of some work any more.
///
/// Long work asks for it now and then, at least every few milliseconds, and ends early when it is set.
final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Whether the work is to end; once true it stays so.
    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Sets the flag.
    func cancel() {
        flag.store(true, ordering: .relaxed)
    }
}
