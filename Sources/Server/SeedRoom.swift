internal import HiPS
internal import Synchronization

/// The room in a disk cache that is filled beforehand: when there is none left, tiles of earlier states of the map go, which
/// nobody will ask for any more.
final class SeedRoom: Sendable {
    private let disk: DiskTiles
    private let map: MapName
    private let kept = Mutex<String?>(nil)

    /// The room for tiles of a map.
    init(disk: DiskTiles, map: MapName) {
        self.disk = disk
        self.map = map
    }

    /// Counts what is there.
    /// - Parameter living: the state of the map whose tiles stay.
    func measure(living: Generation) {
        kept.withLock { $0 = disk.folder(of: living) }
        disk.sweep()
    }

    /// Whether anything fits in, if need be after tiles of earlier states have gone.
    func isThere() -> Bool {
        if disk.used < disk.limit { return true }
        // Once for each state of the map; whoever comes second waits for the first.
        return kept.withLock { kept in
            if let folder = kept {
                kept = nil
                disk.clear(map, keeping: folder)
                disk.sweep()
            }
            return disk.used < disk.limit
        }
    }
}
