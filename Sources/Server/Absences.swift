internal import Synchronization

/// Files that were not there a short time ago, where asking again is dear.
final class Absences: Sendable {
    private static let lifetime = Duration.seconds(60)

    private let entries = Mutex(LeastRecentlyUsed<TileCache.Key, ContinuousClock.Instant>(limit: 50_000))

    func contains(_ key: TileCache.Key) -> Bool {
        entries.withLock { $0.value(of: key) }.map { ContinuousClock.now - $0 < Self.lifetime } ?? false
    }

    func insert(_ key: TileCache.Key) {
        entries.withLock { $0.insert(.now, for: key, cost: 1) }
    }
}
