public import Storage

/// A data directory in an object store such as `s3://bucket/prefix`, laid out as one on disk.
///
/// Objects cannot be renamed. The tiles are written where readers look for them, and a map is one as long as it has
/// `properties`: a build removes these first and writes them last, and the old map is gone in between. There is no
/// lock: that one build of a map runs at a time is left to those who start it.
public struct ObjectDirectory: BuildTarget {
    private let store: any FileStore

    /// The directory at the root of a store.
    public init(_ store: any FileStore) {
        self.store = store
    }

    private func folder(_ map: MapName) -> String { "hips/\(map.body)/\(map.name)" }
    private func partial(_ map: MapName) -> String { "hips/\(map.body)/.\(map.name).partial" }

    /// The address of a map, such as `s3://bucket/prefix/hips/mars/viking`.
    public func path(of map: MapName) -> String { store.root + "/" + folder(map) }

    /// Nil: an object store has no locks.
    public func lock(_ map: MapName) throws(HiPSError) -> MapLock? { nil }

    /// A published map with its properties; nil when there is none, or its `properties` cannot be read.
    public func entry(_ map: MapName) -> MapEntry? {
        guard let bytes = try? store.read(folder(map) + "/properties", atMost: 1 << 20),
            let properties = try? HiPSProperties(parsing: String(decoding: bytes, as: UTF8.self))
        else { return nil }
        return MapEntry(map: map, path: path(of: map), properties: properties)
    }

    /// Whether there is a map of that name.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)`` when the store does not answer.
    public func isOccupied(_ map: MapName) throws(HiPSError) -> Bool {
        try HiPSError.storing { () throws(StoreError) in
            try store.status(of: folder(map) + "/properties") != nil
        }
    }

    /// Where the files of a map go while it is built; nothing is made or changed.
    public func site(of map: MapName) throws(HiPSError) -> BuildSite {
        BuildSite(
            files: store.store(below: folder(map)),
            checkpoints: store.store(below: partial(map) + "/checkpoints"))
    }

    /// Makes the site ready for a build that starts from nothing; what lies there is deleted.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func prepare(_ map: MapName) throws(HiPSError) {
        try HiPSError.storing { () throws(StoreError) in
            try store.remove(partial(map))
            // Without properties it is no map any more: readers never see the tiles of two builds under one map.
            try store.remove(folder(map) + "/properties")
            try store.remove(folder(map))
        }
    }

    /// True: an object that was taken is kept.
    public var isDurable: Bool { true }

    /// Waits until all that was written to the site outlives a failure of power.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func synchronise(_ map: MapName) throws(HiPSError) {}

    /// Checks that `properties` is there, which made the map one, and deletes the checkpoints.
    /// - Throws: ``HiPSError/missing(path:remedy:)`` when it is not.
    public func publish(_ map: MapName) throws(HiPSError) {
        guard try isOccupied(map) else {
            throw .missing(
                path: path(of: map) + "/properties",
                remedy: "a map is published only when it has been built to its end")
        }
        try discardPartial(map)
    }

    /// Deletes what a build left in the site.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func discardPartial(_ map: MapName) throws(HiPSError) {
        try HiPSError.storing { () throws(StoreError) in try store.remove(partial(map)) }
    }
}

extension HiPSError {
    /// Runs what may fail in a store, and says so as an error of this module.
    static func storing<Result>(_ work: () throws(StoreError) -> Result) throws(HiPSError) -> Result {
        do {
            return try work()
        } catch {
            throw .fileSystem(operation: error.operation, path: error.path, reason: error.reason)
        }
    }
}
