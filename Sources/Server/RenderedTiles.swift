internal import Glibc
internal import HiPS
internal import Logging
internal import Maps
internal import NIOCore
internal import Synchronization

/// Tiles of the tile service, ready to be sent: in memory by the words of requests, and on disk.
///
/// In memory a tile is found by what stood in the request, before anything of it is read.
final class RenderedTiles: Sendable {
    /// A tile of one state of a map.
    struct Entry: Sendable {
        let map: MapName
        let generation: UInt64
        let operation: ServedOperation
        let content: TileCache.Content
    }

    private final class Shard: Sendable {
        let entries: Mutex<LeastRecentlyUsed<String, Entry>>

        init(limit: Int) {
            entries = Mutex(LeastRecentlyUsed(limit: limit))
        }
    }

    private let shards: [Shard]
    private let empty = Mutex<[MapFormat: TileCache.Content]>([:])
    /// Tiles that were in memory.
    let hits = Counter()
    /// Tiles that were on disk.
    let diskHits = Counter()
    /// Tiles that were drawn.
    let drawn = Counter()
    /// The tiles on disk; nil for none.
    let disk: DiskTiles?

    /// Longer requests are not remembered.
    private static let longestTarget = 1024

    init(_ configuration: TileServer.Configuration, logger: Logger) {
        shards = (0..<16).map { _ in Shard(limit: max(0, configuration.renderedBytes) / 16) }
        do {
            disk = try DiskTiles(configuration, logger: logger)
        } catch {
            logger.error("\(error)")
            disk = nil
        }
    }

    /// A tile by path and query of a request.
    subscript(target: String) -> Entry? {
        shard(of: target).entries.withLock { $0.value(of: target) }
    }

    func insert(_ entry: Entry, for target: String) {
        guard target.utf8.count <= Self.longestTarget else { return }
        shard(of: target).entries.withLock {
            $0.insert(entry, for: target, cost: entry.content.cost + target.utf8.count)
        }
    }

    /// The memory in use, in bytes.
    var cost: Int { shards.reduce(0) { $0 + $1.entries.withLock(\.cost) } }

    private func shard(of target: String) -> Shard { shards[target.hashValue & 15] }

    /// The tile that shows nothing.
    func emptyTile(
        _ format: MapFormat, make: (MapFormat) throws -> TileCache.Content
    ) rethrows -> TileCache.Content {
        try empty.withLock { known in
            if let content = known[format] { return content }
            let content = try make(format)
            known[format] = content
            return content
        }
    }

    func registerReadings(_ metrics: Metrics) {
        metrics.register("tessera_rendered_cache_bytes", .gauge, "Memory of drawn tiles that are kept.") {
            Double(self.cost)
        }
        metrics.register("tessera_rendered_cache_hits_total", .counter, "Drawn tiles that were in memory.") {
            Double(self.hits.value)
        }
        metrics.register("tessera_rendered_disk_hits_total", .counter, "Drawn tiles that were on disk.") {
            Double(self.diskHits.value)
        }
        metrics.register("tessera_rendered_tiles_total", .counter, "Tiles that were drawn.") {
            Double(self.drawn.value)
        }
        guard let disk else { return }
        metrics.register("tessera_rendered_disk_bytes", .gauge, "Room of drawn tiles on disk.") {
            Double(disk.used)
        }
    }
}
