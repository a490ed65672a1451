public import Storage

/// Where maps are built and published: a data directory on disk, or one in an object store.
///
/// A build writes the map's files to ``BuildSite/files`` and its checkpoints to ``BuildSite/checkpoints``, `properties`
/// last, and then calls ``publish(_:)``. Until then no reader sees a map.
public protocol BuildTarget: Sendable {
    /// The address of a map for people, whether it exists or not.
    func path(of map: MapName) -> String

    /// Takes the right to build a map, until the returned value is let go of; nil where that cannot be had.
    /// - Throws: ``HiPSError/busy(path:)`` when another build of the map is running.
    func lock(_ map: MapName) throws(HiPSError) -> MapLock?

    /// A published map with its properties; nil when there is none, or its `properties` cannot be read.
    func entry(_ map: MapName) -> MapEntry?

    /// Whether anything lies where a map would be published, a map or not.
    func isOccupied(_ map: MapName) throws(HiPSError) -> Bool

    /// Where the files of a map go while it is built; nothing is made or changed.
    func site(of map: MapName) throws(HiPSError) -> BuildSite

    /// Makes the site ready for a build that starts from nothing; what lies there is deleted.
    func prepare(_ map: MapName) throws(HiPSError)

    /// Whether what is written outlives a failure of power at once, without ``synchronise(_:)``.
    var isDurable: Bool { get }

    /// Waits until all that was written to the site outlives a failure of power.
    func synchronise(_ map: MapName) throws(HiPSError)

    /// Puts the built map in the place of the published one and deletes the site.
    /// - Throws: ``HiPSError/missing(path:remedy:)`` when no map with `properties` has been built.
    func publish(_ map: MapName) throws(HiPSError)

    /// Deletes what a build left in the site.
    func discardPartial(_ map: MapName) throws(HiPSError)
}

/// The two places that a build writes to.
public struct BuildSite: Sendable {
    /// The files of the map.
    public let files: any FileStore
    /// What a build that was interrupted goes on from.
    public let checkpoints: any FileStore

    /// A site of two stores.
    public init(files: any FileStore, checkpoints: any FileStore) {
        self.files = files
        self.checkpoints = checkpoints
    }
}
