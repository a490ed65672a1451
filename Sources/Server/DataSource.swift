public import HiPS
public import Storage

/// Where the maps of a server lie; both kinds are laid out alike.
public enum DataSource: Sendable {
    /// A directory on disk.
    case directory(DataDirectory)
    /// A place in an object store.
    case store(any FileStore)

    /// The source at a directory's path, or at `s3://bucket/prefix` and its like.
    /// - Throws: ``ServerError/unusableSource(reason:)`` when an address is of no kind that is known.
    public init(_ root: String) throws(ServerError) {
        guard Stores.isRemote(root) else {
            self = .directory(DataDirectory(path: root))
            return
        }
        do {
            self = .store(try Stores.store(at: root))
        } catch {
            throw .unusableSource(reason: error.description)
        }
    }

    /// The directory on disk; nil for a store.
    var directory: DataDirectory? {
        if case .directory(let data) = self { data } else { nil }
    }

    var maps: any MapSource {
        switch self {
        case .directory(let data): DiskMaps(data: data)
        case .store(let store): StoreMaps(store: store)
        }
    }
}
