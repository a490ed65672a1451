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
    /// Told of maps that are not there any more, so that others let go of them too.
    private let forget: @Sendable ([MapName]) -> Void
    /// Told of all maps that there are, after each listing: what others hold of any other is of no use.
    private let keep: @Sendable (Set<MapName>) -> Void
    private let known = Mutex<[MapName: Known]>([:])

    /// How many states of maps have been let go of: a look-up that began before does not bring one back.
    private let removals = Atomic<UInt64>(0)

    private struct Known {
        /// Nil for a map that there is not.
        let generation: Generation?
        /// When the source was last asked, or will have been by somebody who does it just now.
        var checked: ContinuousClock.Instant
        /// When the source last told this state; nil when it has not answered since the start.
        var seen: ContinuousClock.Instant?
    }

    private let listing = Mutex<(maps: [MapName], checked: ContinuousClock.Instant)?>(nil)

    /// Names that are remembered for that there is no such map; anybody may ask for any.
    private static let mostAbsent = 10_000

    init(
        source: any MapSource, logger: Logger, forget: @escaping @Sendable ([MapName]) -> Void = { _ in },
        keep: @escaping @Sendable (Set<MapName>) -> Void = { _ in }
    ) {
        self.source = source
        self.logger = logger
        self.forget = forget
        self.keep = keep
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

    /// The state of a map to answer from; nil when there is no such map, and when it is time to look at it again.
    func known(_ map: MapName) -> Generation? {
        let now = ContinuousClock.now
        return known.withLock { known in
            known[map].flatMap { now - $0.checked < source.interval ? $0.generation : nil }
        }
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

    /// The state of a map as it was at some moment or later, for those who found a file missing at that moment.
    /// - Returns: the state, and whether the source has told it; otherwise it did not answer, and the state is an earlier one.
    func state(
        of map: MapName, since moment: ContinuousClock.Instant
    ) async throws -> (generation: Generation?, isCertain: Bool) {
        func wasSeen(_ known: Known) -> Bool { known.seen.map { $0 >= moment } ?? false }
        if let known = known.withLock({ $0[map] }), wasSeen(known) { return (known.generation, true) }
        let generation = try await lookUp(map)
        return (generation, known.withLock { $0[map].map(wasSeen) ?? (generation == nil) })
    }

    /// The maps of a body, sorted, each in its present state. Which there are is looked up once in an interval at most.
    func maps(of body: String) async throws -> [(map: MapName, generation: Generation)] {
        var states: [(map: MapName, generation: Generation)] = []
        for map in try await names() where map.body == body {
            if let generation = try await generation(of: map) { states.append((map, generation)) }
        }
        return states
    }

    /// The names of all maps, sorted, out of memory where they are not older than the interval.
    private func names() async throws -> [MapName] {
        let now = ContinuousClock.now
        let fresh: [MapName]? = listing.withLock { listing in
            guard let known = listing else { return nil }
            if now - known.checked < source.interval { return known.maps }
            // The others go on with what is known while this request looks at the source.
            listing?.checked = now
            return nil
        }
        if let fresh { return fresh }
        do {
            let maps = try await source.pool.runIfActive { try self.source.maps() }.sorted()
            listing.withLock { $0 = (maps, now) }
            drop(allBut: maps, knownBefore: now)
            return maps
        } catch {
            // As with single maps: what is known can still be answered from.
            guard let known = listing.withLock({ $0?.maps }) else { throw error }
            logger.warning("going on with the maps that were known: \(error)")
            return known
        }
    }

    /// Lets go of the states of maps that have been removed, each of which holds a directory open.
    private func drop(allBut maps: [MapName], knownBefore moment: ContinuousClock.Instant) {
        let listed = Set(maps)
        let (gone, present) = known.withLock { known in
            let gone = known.filter { map, state in
                state.generation != nil && state.checked < moment && !listed.contains(map)
            }.map(\.key)
            for map in gone { known[map] = nil }
            if !gone.isEmpty { removals.add(1, ordering: .relaxed) }
            // A map that was found after the listing began stays.
            return (gone, listed.union(known.filter { $0.value.generation != nil }.keys))
        }
        if !gone.isEmpty { forget(gone) }
        // A request that had the state of a map when it was removed may have opened its layer since.
        keep(present)
    }

    /// All maps with their properties, sorted.
    func entries() async throws -> [MapEntry] {
        // On disk a look costs next to nothing, and what was removed is gone at once. In a store each look is a request.
        let looksAnew = source.intervalAfterMiss <= .zero
        let maps: [MapName]
        if looksAnew {
            let now = ContinuousClock.now
            maps = try await source.pool.runIfActive { try self.source.maps() }
            drop(allBut: maps, knownBefore: now)
        } else {
            maps = try await names()
        }
        var entries: [MapEntry] = []
        try await withThrowingTaskGroup(of: MapEntry?.self) { tasks in
            for map in maps {
                tasks.addTask {
                    // A map that cannot be served, such as a link out of the data directory, is not listed.
                    let found = looksAnew ? try await self.lookUp(map) : try await self.generation(of: map)
                    guard let generation = found else { return nil }
                    return MapEntry(map: map, path: map.urlPath, properties: generation.properties)
                }
            }
            for try await entry in tasks { if let entry { entries.append(entry) } }
        }
        return entries.sorted { $0.map < $1.map }
    }

    /// The state of a map at this moment, for threads that may wait.
    func refreshedWaiting(_ map: MapName) throws(ServerError) -> Generation? { try lookUpWaiting(map) }

    private func lookUp(_ map: MapName) async throws -> Generation? {
        try await source.pool.runIfActive { try self.lookUpWaiting(map) }
    }

    private func lookUpWaiting(_ map: MapName) throws(ServerError) -> Generation? {
        var found = try lookUpOnce(map)
        // What another look-up has found meanwhile may be older or newer than what this one found: only another look tells.
        // Each turn means that somebody else has come to an end with one.
        for _ in 0..<Self.mostLooks where !found.isCertain { found = try lookUpOnce(map) }
        return found.generation
    }

    /// Looks at a map, and keeps what was found unless another state has been kept meanwhile.
    private func lookUpOnce(
        _ map: MapName
    ) throws(ServerError) -> (generation: Generation?, isCertain: Bool) {
        let (entry, removalsBefore) = known.withLock { ($0[map], removals.load(ordering: .relaxed)) }
        let before = entry?.generation
        let now = ContinuousClock.now
        let current: Generation?
        var seen: ContinuousClock.Instant? = now
        do {
            current = try source.state(of: map, known: before)
        } catch {
            // What is in memory can still be given out; a request for anything else tells what is wrong.
            guard let before else { throw error }
            logger.warning("going on with the last known state of \(map): \(error)")
            current = before
            seen = entry?.seen
        }
        let (present, isCertain, isGone) = known.withLock { known -> (Generation?, Bool, Bool) in
            let entry = known[map]
            let wasRemoved =
                before == nil && current != nil && removals.load(ordering: .relaxed) != removalsBefore
            guard entry?.generation === before, !wasRemoved else {
                // The same state found twice is that of the first: layers are opened for it.
                guard let other = entry?.generation, other.stamp == current?.stamp else {
                    return (entry?.generation, seen != now, false)
                }
                known[map]?.seen = [seen, entry?.seen].compactMap { $0 }.max()
                return (other, true, false)
            }
            let isGone = current == nil && before != nil
            if isGone { removals.add(1, ordering: .relaxed) }
            guard current != nil || source.intervalAfterMiss > .zero else {
                known[map] = nil
                return (nil, true, isGone)
            }
            if current == nil, known.count > Self.mostAbsent {
                known = known.filter { $0.value.generation != nil }
            }
            known[map] = Known(
                generation: current, checked: max(now, entry?.checked ?? now),
                seen: [seen, entry?.seen].compactMap { $0 }.max())
            return (current, true, isGone)
        }
        // No listing will find it among the maps that were known.
        if isGone { forget([map]) }
        return (present, isCertain)
    }

    /// How often a look-up is made again because another one came first.
    private static let mostLooks = 8
}
