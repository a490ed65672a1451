internal import Features
internal import Glibc
internal import HiPS
internal import Synchronization

/// The features of the data directory, opened when they are first asked for and again when the file is another one.
///
/// All calls but `init` wait for the disk, and are made on the threads of a gate alone.
final class ServedFeatures: Sendable {
    private struct Opened {
        let device: UInt64
        let node: UInt64
        let search: PlaceSearch
    }

    /// nil where the maps lie in an object store, which holds no features.
    private let data: DataDirectory?
    private let opened = Mutex<Opened?>(nil)

    init(_ source: DataSource) {
        if case .directory(let data) = source { self.data = data } else { data = nil }
    }

    /// The places of the features; nil where there are no features.
    func search() throws(FeatureError) -> PlaceSearch? { try current()?.search }

    private func current() throws(FeatureError) -> Opened? {
        guard let data else { return nil }
        let result: Result<Opened?, FeatureError> = opened.withLock { opened in
            Result { () throws(FeatureError) in
                var status = stat()
                guard stat(FeatureStore.path(in: data), &status) == 0 else {
                    opened = nil
                    return nil
                }
                if let opened, opened.device == UInt64(status.st_dev), opened.node == UInt64(status.st_ino) {
                    return opened
                }
                opened = nil
                guard let store = try FeatureStore.reading(data) else { return nil }
                let made = Opened(
                    device: UInt64(status.st_dev), node: UInt64(status.st_ino),
                    search: PlaceSearch(store))
                opened = made
                return made
            }
        }
        return try result.get()
    }
}
