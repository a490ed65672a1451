internal import CSystemShims
internal import Glibc
internal import Storage

/// A map is built in `.<name>.partial/map`, with the checkpoints of the build beside it.
extension DataDirectory: BuildTarget {
    /// The directory in which a map is built before ``publish(_:)``.
    public func buildPath(of map: MapName) -> String { partialPath(of: map) + "/map" }

    /// Where the files of a map go while it is built; nothing is made or changed.
    public func site(of map: MapName) throws(HiPSError) -> BuildSite {
        BuildSite(
            files: FolderStore(root: buildPath(of: map)),
            checkpoints: FolderStore(root: partialPath(of: map) + "/checkpoints"))
    }

    /// Makes the site ready for a build that starts from nothing; what lies there is deleted.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func prepare(_ map: MapName) throws(HiPSError) {
        try discardPartial(map)
        try FileSystem.makeDirectories(buildPath(of: map))
    }

    /// Makes an empty directory to build a map in, and gives its path.
    ///
    /// What an earlier build left there is deleted.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func preparePartial(_ map: MapName) throws(HiPSError) -> String {
        try prepare(map)
        return buildPath(of: map)
    }

    /// Deletes what a build left in the site.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func discardPartial(_ map: MapName) throws(HiPSError) {
        let partial = partialPath(of: map)
        let discarded = discardedPath(of: map)
        // Left by one that did not come to its end.
        try FileSystem.remove(discarded)
        guard FileSystem.kind(partial) != nil else { return }
        // In one step, so that whatever ends this leaves nothing that looks like a build to go on with.
        try FileSystem.move(partial, to: discarded)
        try FileSystem.remove(discarded)
        // The directory of the body goes with its last map; while it holds any, this fails as it should.
        _ = rmdir(hipsPath + "/" + map.body)
    }

    /// False: a disk keeps what is written in memory for a while.
    public var isDurable: Bool { false }

    /// Waits until all that was written to the site outlives a failure of power.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func synchronise(_ map: MapName) throws(HiPSError) {
        let path = partialPath(of: map)
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileSystem.failure("open", path) }
        defer { close(folder) }
        let code = tessera_synchronise(folder)
        guard code == 0 else { throw FileSystem.failure("write to disk", path, code: code) }
    }

    /// Puts the built map in the place of the published one in a single step, and deletes the old one.
    ///
    /// A reader sees the old map or the new one, never both and never none: a first map is renamed to its
    /// place, a later one is exchanged with the old one (`renameat2` with `RENAME_EXCHANGE`). Where the file
    /// system cannot exchange (NFS and some others), the old map is renamed away before the new one comes
    /// in, and for that moment there is no map. All files and directories are on the disk when this returns.
    /// - Throws: ``HiPSError/missing(path:remedy:)`` when no map with `properties` has been built.
    public func publish(_ map: MapName) throws(HiPSError) {
        try publish(map, exchange: tessera_exchange_paths)
    }

    /// Publishes with a given way to exchange two paths, which returns 0 or an errno.
    func publish(
        _ map: MapName, exchange: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) throws(HiPSError) {
        let built = buildPath(of: map)
        let place = path(of: map)
        let properties = built + "/properties"
        guard FileSystem.kind(properties) == .other else {
            throw .missing(
                path: properties, remedy: "a map is published only when it has been built to its end")
        }
        // A tile that a failure of power leaves empty would look whole under the new name.
        try synchronise(map)
        if FileSystem.kind(place) == nil {
            try FileSystem.move(built, to: place)
        } else {
            let code = exchange(built, place)
            switch code {
            case 0:
                break
            case EINVAL, ENOSYS, EOPNOTSUPP:
                let old = partialPath(of: map) + "/old"
                try FileSystem.remove(old)
                try FileSystem.move(place, to: old)
                try FileSystem.move(built, to: place)
            default:
                throw FileSystem.failure("exchange with \(place) the directory", built, code: code)
            }
        }
        try FileSystem.synchronise(hipsPath + "/" + map.body)
        try discardPartial(map)
    }
}
