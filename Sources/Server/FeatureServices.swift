internal import Features
internal import Glibc
internal import HiPS
internal import OGC
internal import Settings
internal import Synchronization

/// The features that are served: opened when they are first asked for, and looked at again whenever a layer has changed.
///
/// All calls but `init` wait for the disk, and are made on the threads of a gate alone.
final class FeatureServices: Sendable {
    /// The layers as they are at some time.
    struct Snapshot: Sendable {
        let store: FeatureStore
        /// The places by their names.
        let search: PlaceSearch
        let layers: [FeatureLayer]
        /// The number of this state for documents: the time when it was first seen, in seconds since 1970.
        let number: Int64

        /// The layers of a body.
        func layers(of body: String) -> [FeatureLayer] { layers.filter { $0.name.body == body } }
    }

    private struct Known: Sendable {
        let file: FileMark
        let version: String
        let snapshot: Snapshot
    }

    /// What tells one file from another of the same name.
    private struct FileMark: Sendable, Equatable {
        let device: UInt
        let number: UInt

        init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            (device, number) = (UInt(facts.st_dev), UInt(facts.st_ino))
        }
    }

    let options: WebFeatureService.Options
    /// Nil for object stores, which have none.
    private let data: DataDirectory?
    private let known = Mutex<Known?>(nil)

    init(_ configuration: TileServer.Configuration) {
        if case .directory(let data) = configuration.data { self.data = data } else { data = nil }
        var options = WebFeatureService.Options()
        let stated = configuration.settings.features
        if stated.gmlAxis == .authority { options.axes = GeometryAxes(.authority) }
        if stated.defaultCRS == .geographic { options.defaultSystem = .geographic }
        options.countDefault = stated.countDefault
        self.options = options
    }

    /// The present features; nil where there are none.
    func current() throws -> Snapshot? {
        guard let data, let file = FileMark(FeatureStore.path(in: data)) else {
            known.withLock { $0 = nil }
            return nil
        }
        return try known.withLock { known in
            if let present = known, present.file == file {
                let version = try present.snapshot.store.version()
                if version == present.version { return present.snapshot }
                let snapshot = Snapshot(
                    store: present.snapshot.store, search: present.snapshot.search,
                    layers: try present.snapshot.store.layers(),
                    number: max(Int64(time(nil)), present.snapshot.number + 1))
                known = Known(file: file, version: version, snapshot: snapshot)
                return snapshot
            }
            guard let store = try FeatureStore.reading(data) else { return nil }
            let version = try store.version()
            let snapshot = Snapshot(
                store: store, search: PlaceSearch(store), layers: try store.layers(),
                number: max(Int64(time(nil)), (known?.snapshot.number ?? 0) + 1))
            known = Known(file: file, version: version, snapshot: snapshot)
            return snapshot
        }
    }
}
