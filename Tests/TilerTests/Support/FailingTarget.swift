import HiPS
import Storage
import Synchronization

/// A data directory whose disk is full after so many files.
struct FailingTarget: BuildTarget {
    let data: DataDirectory
    let disk: Disk

    init(_ data: DataDirectory, filesLeft: Int) {
        self.data = data
        disk = Disk(filesLeft)
    }

    /// What is left of the disk.
    final class Disk: Sendable {
        private let left: Mutex<Int>

        init(_ files: Int) { left = Mutex(files) }

        func take(_ path: String) throws(StoreError) {
            let isFull = left.withLock {
                $0 -= 1
                return $0 < 0
            }
            if isFull {
                throw StoreError(operation: "write", path: path, reason: "the disk of this test is full")
            }
        }
    }

    private struct Store: FileStore {
        let store: any FileStore
        let disk: Disk

        var root: String { store.root }
        func systemPath(_ path: String) -> String { store.systemPath(path) }
        func read(_ path: String, atMost limit: Int) throws(StoreError) -> [UInt8]? {
            try store.read(path, atMost: limit)
        }
        func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
            try disk.take(path)
            try store.write(bytes, to: path)
        }
        func names(in folder: String) throws(StoreError) -> [String] { try store.names(in: folder) }
        func status(of path: String) throws(StoreError) -> FileStatus? { try store.status(of: path) }
        func remove(_ path: String) throws(StoreError) { try store.remove(path) }
        func store(below folder: String) -> any FileStore {
            Store(store: store.store(below: folder), disk: disk)
        }
    }

    func path(of map: MapName) -> String { data.path(of: map) }
    func lock(_ map: MapName) throws(HiPSError) -> MapLock? { try data.lock(map) }
    func entry(_ map: MapName) -> MapEntry? { data.entry(map) }
    func isOccupied(_ map: MapName) throws(HiPSError) -> Bool { try data.isOccupied(map) }
    func site(of map: MapName) throws(HiPSError) -> BuildSite {
        let site = try data.site(of: map)
        return BuildSite(
            files: Store(store: site.files, disk: disk),
            checkpoints: Store(store: site.checkpoints, disk: disk))
    }
    func prepare(_ map: MapName) throws(HiPSError) { try data.prepare(map) }
    var isDurable: Bool { data.isDurable }
    func synchronise(_ map: MapName) throws(HiPSError) { try data.synchronise(map) }
    func publish(_ map: MapName) throws(HiPSError) { try data.publish(map) }
    func discardPartial(_ map: MapName) throws(HiPSError) { try data.discardPartial(map) }
}
