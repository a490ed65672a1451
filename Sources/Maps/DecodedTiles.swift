internal import Synchronization

/// Decoded tiles, kept for the next map under a limit of bytes, for all layers and threads of a server.
///
/// Tiles that are asked for by several threads at a time are decoded once. Those not used for longest are dropped first.
public final class DecodedTiles: Sendable {
    /// What the cache holds and has done.
    public struct Statistics: Sendable, Hashable {
        /// Tiles that were there.
        public var hits = 0
        /// Tiles that had to be read and decoded, or were found not to exist.
        public var misses = 0
        /// Bytes of all decoded tiles that are held.
        public var bytes = 0
        /// Tiles that are held, those that are known not to exist included.
        public var count = 0
    }

    /// The bytes that may be held; what is being drawn from comes on top.
    public let limitBytes: Int

    struct Key: Hashable, Sendable {
        let layer: Int
        /// Below 0 for means of the base tiles.
        let order: Int
        let npix: Int64
    }

    /// A part of the entries with a lock of its own.
    private final class Shard: Sendable {
        let entries = Mutex(Entries())
    }

    private let shards: [Shard]
    private let clock = Atomic<UInt64>(0)
    private let bytes = Atomic(0)
    private let hits = Atomic(0)
    private let misses = Atomic(0)
    /// An entry without samples takes about this much.
    private static let entryBytes = 160

    /// A cache of so many bytes of samples.
    public init(limitBytes: Int) {
        self.limitBytes = max(0, limitBytes)
        shards = (0..<16).map { _ in Shard() }
    }

    /// What the cache holds and has done until now.
    public var statistics: Statistics {
        var result = Statistics()
        result.hits = hits.load(ordering: .relaxed)
        result.misses = misses.load(ordering: .relaxed)
        result.bytes = bytes.load(ordering: .relaxed)
        for shard in shards { result.count += shard.entries.withLock { $0.count } }
        return result
    }

    /// A tile from the cache, or from `decode` where it is not there; nil when there is none.
    ///
    /// A failure is told to the one who decoded, and forgotten: the next one tries again.
    func tile<Tile: SampleTile>(
        _ key: Key, of type: Tile.Type, decode: () throws(MapsError) -> Tile?
    ) throws(MapsError) -> Tile? {
        let now = clock.add(1, ordering: .relaxed).newValue
        let shard = shards[Int(truncatingIfNeeded: UInt(bitPattern: key.hashValue) % UInt(shards.count))]
        let slot = shard.entries.withLock { $0.slot(of: key, now: now) }
        var made = 0
        let result = try slot.content.withLock { (content) throws(MapsError) -> Tile? in
            switch content {
            case .absent: return nil
            case .tile(let tile): return tile as? Tile
            case .unknown: break
            }
            let decoded: Tile?
            do throws(MapsError) {
                decoded = try decode()
            } catch {
                shard.entries.withLock { $0.forget(slot, of: key) }
                throw error
            }
            made = (decoded?.byteCount ?? 0) + Self.entryBytes
            content = decoded.map { .tile($0) } ?? .absent
            return decoded
        }
        guard made > 0 else {
            hits.add(1, ordering: .relaxed)
            return result
        }
        misses.add(1, ordering: .relaxed)
        let isHeld = shard.entries.withLock { $0.hold(slot, of: key, bytes: made) }
        if isHeld { bytes.add(made, ordering: .relaxed) }
        while bytes.load(ordering: .relaxed) > limitBytes, dropOldest() {}
        return result
    }

    /// Drops all tiles of a layer that will not be drawn any more.
    public func drop(_ layer: MapLayer) {
        let layer = layer.id
        for shard in shards {
            let freed = shard.entries.withLock { $0.drop(layer: layer) }
            bytes.subtract(freed, ordering: .relaxed)
        }
    }

    /// Drops the tile that was not used for longest, which is the oldest one of a shard; false when there is none.
    private func dropOldest() -> Bool {
        var oldest: (shard: Shard, lastUse: UInt64)?
        for shard in shards {
            guard let lastUse = shard.entries.withLock(\.oldestUse) else { continue }
            if lastUse < oldest?.lastUse ?? .max { oldest = (shard, lastUse) }
        }
        guard let oldest else { return false }
        bytes.subtract(oldest.shard.entries.withLock { $0.dropOldest() }, ordering: .relaxed)
        return true
    }
}
