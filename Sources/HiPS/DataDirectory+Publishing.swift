internal import CSystemShims
internal import Glibc

extension DataDirectory {
    /// Makes an empty directory to build a map in, and gives its path.
    ///
    /// What an earlier build left there is deleted.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func preparePartial(_ map: MapName) throws(HiPSError) -> String {
        let partial = partialPath(of: map)
        try FileSystem.remove(partial)
        try FileSystem.makeDirectories(partial)
        return partial
    }

    /// Deletes what a build that failed left behind.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func discardPartial(_ map: MapName) throws(HiPSError) {
        try FileSystem.remove(partialPath(of: map))
    }

    /// Puts the built map in the place of the published one in a single step, and deletes the old one.
    ///
    /// A reader sees the old map or the new one, never both and never none: a first map is renamed to its
    /// place, a later one is exchanged with the old one (`renameat2` with `RENAME_EXCHANGE`). Where the file
    /// system cannot exchange (NFS and some others), the old map is renamed away before the new one comes
    /// in, and for that moment there is no map. `properties` and the directories are on the disk when this
    /// returns.
    /// - Throws: ``HiPSError/missing(path:remedy:)`` when no map with `properties` has been built.
    public func publish(_ map: MapName) throws(HiPSError) {
        try publish(map, exchange: tessera_exchange_paths)
    }

    /// Publishes with a given way to exchange two paths, which returns 0 or an errno.
    func publish(
        _ map: MapName, exchange: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) throws(HiPSError) {
        let built = partialPath(of: map)
        let place = path(of: map)
        let properties = built + "/properties"
        guard FileSystem.kind(properties) == .other else {
            throw .missing(
                path: properties, remedy: "a map is published only when it has been built to its end")
        }
        try FileSystem.synchronise(properties)
        try FileSystem.synchronise(built)
        let discarded = discardedPath(of: map)
        try FileSystem.remove(discarded)
        if FileSystem.kind(place) == nil {
            try FileSystem.move(built, to: place)
        } else {
            let code = exchange(built, place)
            switch code {
            case 0:
                try FileSystem.move(built, to: discarded)
            case EINVAL, ENOSYS, EOPNOTSUPP:
                try FileSystem.move(place, to: discarded)
                try FileSystem.move(built, to: place)
            default:
                throw FileSystem.failure("exchange with \(place) the directory", built, code: code)
            }
        }
        try FileSystem.synchronise(hipsPath + "/" + map.body)
        try FileSystem.remove(discarded)
    }
}
