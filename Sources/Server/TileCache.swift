internal import HTTPTypes
internal import HiPS
internal import NIOCore
internal import Synchronization

/// Files in memory, ready to be sent, the least recently used ones given up first.
///
/// Divided into shards with a lock each, so that threads rarely wait for one another.
final class TileCache: Sendable {
    /// A file of one generation of a map.
    struct Key: Hashable, Sendable {
        let generation: UInt64
        let file: HiPSFile
    }

    /// The bytes of a file and the header of the answer that carries them.
    struct Content: Sendable {
        let body: ByteBuffer
        let tag: EntityTag
        let headers: HTTPFields

        /// The memory used in bytes, with an estimate for the header and the entry.
        var cost: Int { body.capacity + 1024 }
    }

    private final class Shard: Sendable {
        let entries: Mutex<LeastRecentlyUsed<Key, Content>>

        init(limit: Int) {
            entries = Mutex(LeastRecentlyUsed(limit: limit))
        }
    }

    private let shards: [Shard]

    /// A cache for so many bytes in all; a file larger than a 16th of it is not kept.
    init(bytes: Int) {
        shards = (0..<16).map { _ in Shard(limit: max(0, bytes) / 16) }
    }

    subscript(key: Key) -> Content? {
        shard(of: key).entries.withLock { $0.value(of: key) }
    }

    func insert(_ content: Content, for key: Key) {
        shard(of: key).entries.withLock { $0.insert(content, for: key, cost: content.cost) }
    }

    /// The memory in use, in bytes.
    var cost: Int {
        shards.reduce(0) { $0 + $1.entries.withLock(\.cost) }
    }

    private func shard(of key: Key) -> Shard {
        shards[key.hashValue & 15]
    }
}
