internal import HiPS
internal import NIOPosix
internal import Synchronization

/// The maps of a data directory as they are at the moment.
///
/// A map is looked at once a second at most while it is asked for, and at once when a file of it is missing.
final class Catalogue: Sendable {
    private let data: DataDirectory
    private let known = Mutex<[MapName: Known]>([:])

    private struct Known {
        let generation: Generation
        var checked: ContinuousClock.Instant
    }

    private static let interval = Duration.seconds(1)

    init(data: DataDirectory) {
        self.data = data
    }

    /// The state of a map to answer from; nil when there is no such map.
    func generation(of map: MapName) async throws -> Generation? {
        let now = ContinuousClock.now
        let fresh: Generation? = known.withLock { known in
            guard let entry = known[map], now - entry.checked < Self.interval else {
                // The others go on with the state known while this request looks at the disk.
                known[map]?.checked = now
                return nil
            }
            return entry.generation
        }
        if let fresh { return fresh }
        return try await refreshed(map)
    }

    /// The state of a map at this moment, looked up on the disk.
    func refreshed(_ map: MapName) async throws -> Generation? {
        try await NIOThreadPool.singleton.runIfActive { self.lookUp(map) }
    }

    /// All maps with their properties, sorted.
    func entries() async throws -> [MapEntry] {
        try await NIOThreadPool.singleton.runIfActive {
            try self.data.maps().compactMap { entry in
                // A map that cannot be served, such as a link out of the data directory, is not listed.
                self.lookUp(entry.map).map {
                    MapEntry(map: entry.map, path: entry.path, properties: $0.properties)
                }
            }
        }
    }

    private func lookUp(_ map: MapName) -> Generation? {
        let before = known.withLock { $0[map]?.generation }
        let now = ContinuousClock.now
        let current = Generation.current(map, in: data, known: before)
        return known.withLock { known in
            // A slower look-up must not put an older state in the place of a newer one.
            if let entry = known[map], entry.generation !== before, entry.checked >= now {
                return entry.generation
            }
            known[map] = current.map { Known(generation: $0, checked: now) }
            return current
        }
    }
}
