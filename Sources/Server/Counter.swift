internal import Synchronization

/// A number that many threads add to.
final class Counter: Sendable {
    private let total = Atomic<UInt64>(0)

    /// The sum of all that was added.
    var value: UInt64 { total.load(ordering: .relaxed) }

    /// Adds to the number.
    func add(_ count: Int = 1) {
        total.wrappingAdd(UInt64(truncatingIfNeeded: max(0, count)), ordering: .relaxed)
    }
}
