internal import Synchronization

extension DecodedTiles {
    /// A tile, its absence, or the decoding of one: whoever holds the lock decodes, the others wait for it.
    final class Slot: Sendable {
        enum Content: Sendable {
            case unknown
            case absent
            case tile(any AnyObject & Sendable)
        }
        let content = Mutex<Content>(.unknown)
    }

    /// The entries of a shard. Those that are held are linked in the order of their last use; those that are being decoded
    /// are not. Every operation but ``drop(layer:)`` takes constant time.
    struct Entries {
        /// Links are indices, -1 for none.
        private struct Node {
            var key: Key
            /// Nil for a place that is free.
            var slot: Slot?
            var lastUse: UInt64
            /// 0 while the tile is being decoded.
            var bytes = 0
            var newer = -1
            var older = -1
        }

        private var nodes: [Node] = []
        private var positions: [Key: Int] = [:]
        private var unused: [Int] = []
        private var newest = -1
        private var oldest = -1

        /// All entries, those that are being decoded included.
        var count: Int { positions.count }

        /// When the entry that was not used for longest was used; nil where nothing is held.
        var oldestUse: UInt64? { oldest < 0 ? nil : nodes[oldest].lastUse }

        /// The slot of a tile, a new one where there is none; the most recently used from now on.
        mutating func slot(of key: Key, now: UInt64) -> Slot {
            if let position = positions[key], let slot = nodes[position].slot {
                nodes[position].lastUse = now
                if nodes[position].bytes > 0, position != newest {
                    unlink(position)
                    linkAsNewest(position)
                }
                return slot
            }
            let slot = Slot()
            let node = Node(key: key, slot: slot, lastUse: now)
            let position: Int
            if let free = unused.popLast() {
                position = free
                nodes[free] = node
            } else {
                position = nodes.count
                nodes.append(node)
            }
            positions[key] = position
            return slot
        }

        /// Notes the size of what was decoded into a slot; false when the entry is not there any more.
        mutating func hold(_ slot: Slot, of key: Key, bytes: Int) -> Bool {
            guard let position = positions[key], nodes[position].slot === slot, nodes[position].bytes == 0
            else { return false }
            nodes[position].bytes = bytes
            linkAsNewest(position)
            return true
        }

        /// Forgets a tile that could not be decoded.
        mutating func forget(_ slot: Slot, of key: Key) {
            guard let position = positions[key], nodes[position].slot === slot, nodes[position].bytes == 0
            else { return }
            remove(position)
        }

        /// Drops the entry that was not used for longest.
        /// - Returns: its bytes, 0 where nothing is held.
        mutating func dropOldest() -> Int {
            let position = oldest
            guard position >= 0 else { return 0 }
            unlink(position)
            remove(position)
            return nodes[position].bytes
        }

        /// Drops all that is held of a layer, and gives the bytes of that.
        mutating func drop(layer: Int) -> Int {
            var freed = 0
            for (key, position) in positions where key.layer == layer && nodes[position].bytes > 0 {
                freed += nodes[position].bytes
                unlink(position)
                remove(position)
            }
            return freed
        }

        private mutating func remove(_ position: Int) {
            positions[nodes[position].key] = nil
            nodes[position].slot = nil
            unused.append(position)
        }

        private mutating func unlink(_ position: Int) {
            let (newer, older) = (nodes[position].newer, nodes[position].older)
            if newer >= 0 { nodes[newer].older = older } else { newest = older }
            if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
        }

        private mutating func linkAsNewest(_ position: Int) {
            nodes[position].newer = -1
            nodes[position].older = newest
            if newest >= 0 { nodes[newest].newer = position } else { oldest = position }
            newest = position
        }
    }
}
