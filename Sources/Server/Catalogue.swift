internal import HiPS
internal import Logging
internal import NIOPosix
internal import Synchronization

/// The maps of a source as they are at the moment.
///
/// A map is looked at once in an interval at most while it is asked for, and sooner when a file of it is missing.
final class Catalogue: Sendable {
    let source: any MapSource
    private let logger: Logger
    private let known = Mutex<[MapName: Known]>([:])

    private struct Known {
        /// Nil for a map that there is not.
        let generation: Generation?
        var checked: ContinuousClock.Instant
    }

    /// Names that are remembered for that there is no such map; anybody may ask for any.
    private static let mostAbsent = 10_000

    init(source: any MapSource, logger: Logger) {
        self.source = source
        self.logger = logger
    }

    /// The state of a map to answer from; nil when there is no such map.
    func generation(of map: MapName) async throws -> Generation? {
        let now = ContinuousClock.now
        let fresh: Known? = known.withLock { known in
            guard let entry = known[map], now - entry.checked < source.interval else {
                // The others go on with the state known while this request looks at the source.
                if known[map]?.generation != nil { known[map]?.checked = now }
                return nil
            }
            return entry
        }
        if let fresh { return fresh.generation }
        return try await lookUp(map)
    }

    /// The state of a map at this moment, for when it has not the file that was asked for.
    func refreshed(_ map: MapName) async throws -> Generation? {
        if source.intervalAfterMiss > .zero {
            let now = ContinuousClock.now
            let fresh = known.withLock { known in
                known[map].flatMap { now - $0.checked < source.intervalAfterMiss ? $0 : nil }
            }
            if let fresh { return fresh.generation }
        }
        return try await lookUp(map)
    }

    /// All maps with their properties, sorted.
    func entries() async throws -> [MapEntry] {
        let maps = try await source.pool.runIfActive { try self.source.maps() }
        var entries: [MapEntry] = []
        try await withThrowingTaskGroup(of: MapEntry?.self) { tasks in
            for map in maps {
                tasks.addTask {
                    // A map that cannot be served, such as a link out of the data directory, is not listed.
                    guard let generation = try await self.lookUp(map) else { return nil }
                    return MapEntry(map: map, path: map.urlPath, properties: generation.properties)
                }
            }
            for try await entry in tasks { if let entry { entries.append(entry) } }
        }
        return entries.sorted { $0.map < $1.map }
    }

    private func lookUp(_ map: MapName) async throws -> Generation? {
        try await source.pool.runIfActive { try self.lookUpWaiting(map) }
    }

    private func lookUpWaiting(_ map: MapName) throws(ServerError) -> Generation? {
        let before = known.withLock { $0[map]?.generation }
        let now = ContinuousClock.now
        let current: Generation?
        do {
            current = try source.state(of: map, known: before)
        } catch {
            // What is in memory can still be given out; a request for anything else tells what is wrong.
            guard let before else { throw error }
            logger.warning("going on with the last known state of \(map): \(error)")
            current = before
        }
        return known.withLock { known in
            // A slower look-up must not put an older state in the place of a newer one.
            if let entry = known[map], entry.generation !== before, entry.checked >= now {
                return entry.generation
            }
            guard current != nil || source.intervalAfterMiss > .zero else {
                known[map] = nil
                return nil
            }
            if current == nil, known.count > Self.mostAbsent {
                known = known.filter { $0.value.generation != nil }
            }
            known[map] = Known(generation: current, checked: now)
            return current
        }
    }
}
