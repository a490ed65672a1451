internal import HiPS
internal import Synchronization

/// The room in a disk cache that is filled beforehand: when there is none left, tiles of earlier states of the map go, which
/// nobody will ask for any more.
final class SeedRoom: Sendable {
    private let disk: DiskTiles
    private let map: MapName
    private let present: @Sendable () throws -> Generation?
    private let kept = Mutex<UInt64?>(nil)

    /// The room for tiles of a map.
    /// - Parameter present: looks up the state that the map is in at the moment, waiting for it; nil when it was removed.
    init(disk: DiskTiles, map: MapName, present: @escaping @Sendable () throws -> Generation?) {
        self.disk = disk
        self.map = map
        self.present = present
    }

    /// Counts what is there.
    /// - Parameter living: the state of the map whose tiles stay.
    func measure(living: Generation) {
        kept.withLock { $0 = living.number }
        disk.count()
    }

    /// Whether anything fits in, if need be after tiles of earlier states have gone.
    func isThere() -> Bool {
        if disk.used < disk.limit { return true }
        // Once for each state of the map; whoever comes second waits for the first.
        return kept.withLock { kept in
            // Servers may have begun to keep tiles of a newer state: only who draws for the present one clears.
            if let number = kept, let living = try? present(), living.number == number {
                kept = nil
                disk.clear(map, keeping: disk.folder(of: living))
                // Without giving up anything: the tiles of other maps, and those just made, are in use.
                disk.count()
            }
            return disk.used < disk.limit
        }
    }
}
