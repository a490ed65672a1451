internal import Synchronization

/// How many places the edges of all geometries of one request may become: a filter of a megabyte holds hundreds of
/// geometries, each of which could fill the memory by itself.
public final class PlaceBudget: Sendable {
    /// The places of one request, some ten megabytes.
    public static let most = 200_000

    private let left = Mutex(most)

    /// The budget of a request that has spent nothing.
    public init() {}

    /// Spends one place; false when none is left.
    func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
