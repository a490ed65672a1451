internal import Glibc

/// The directory in which all maps live: `DIR/hips/<body>/<name>/`.
///
/// What begins with a dot is not published: `.<name>.partial` is a map that is being built. The type holds
/// nothing but a path; every call looks at the disk anew.
public struct DataDirectory: Equatable, Sendable {
    /// The path of the directory without a slash at its end.
    public let path: String

    /// A data directory at a path; it need not exist yet.
    public init(path: String) {
        var path = path.isEmpty ? "." : path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// Whether the directory exists.
    public var exists: Bool { FileSystem.isDirectory(path) }

    /// The directory that holds a directory for each body.
    public var hipsPath: String { path + "/hips" }

    /// The directory of a published map, whether it exists or not.
    public func path(of map: MapName) -> String {
        hipsPath + "/" + map.body + "/" + map.name
    }

    /// The directory in which a map is built before ``publish(_:)``.
    public func partialPath(of map: MapName) -> String {
        hipsPath + "/" + map.body + "/." + map.name + ".partial"
    }

    /// Whether a map is published.
    public func contains(_ map: MapName) -> Bool {
        FileSystem.isDirectory(path(of: map))
    }

    /// All published maps, sorted by body and name.
    ///
    /// Passed over are names that begin with a dot or are no ``MapName``, and directories without a readable
    /// `properties` file. A data directory without maps, or none at all, gives an empty list.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)`` when a directory cannot be listed.
    public func maps() throws(HiPSError) -> [MapEntry] {
        var entries: [MapEntry] = []
        for body in try FileSystem.names(in: hipsPath) ?? [] where !body.hasPrefix(".") {
            for name in try FileSystem.names(in: hipsPath + "/" + body) ?? [] {
                guard let map = try? MapName(body: body, name: name), let entry = entry(map) else { continue }
                entries.append(entry)
            }
        }
        return entries.sorted { $0.map < $1.map }
    }

    /// The names of what looks like a published map, sorted, without opening any of them: a system that is short of files for
    /// the moment must not make them fewer.
    ///
    /// Passed over are names that begin with a dot or are no ``MapName``, and directories without a `properties` file that
    /// may be read.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)`` when a directory cannot be listed.
    public func names() throws(HiPSError) -> [MapName] {
        var maps: [MapName] = []
        for body in try FileSystem.names(in: hipsPath) ?? [] where !body.hasPrefix(".") {
            for name in try FileSystem.names(in: hipsPath + "/" + body) ?? [] {
                guard let map = try? MapName(body: body, name: name) else { continue }
                if Self.mayBeMap(path(of: map)) { maps.append(map) }
            }
        }
        return maps.sorted()
    }

    /// Whether a directory has a `properties` file that may be read, or the system cannot say.
    private static func mayBeMap(_ path: String) -> Bool {
        let path = path + "/properties"
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
            return ![ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG].contains(errno)
        }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size <= longestProperties
    }

    /// The most bytes that a `properties` file has.
    private static let longestProperties = 1 << 20

    /// A published map with its properties; nil when there is none, or its `properties` cannot be read.
    public func entry(_ map: MapName) -> MapEntry? {
        let path = path(of: map)
        guard
            let text = try? FileSystem.text(path + "/properties", atMost: Self.longestProperties),
            let properties = try? HiPSProperties(parsing: text)
        else { return nil }
        return MapEntry(map: map, path: path, properties: properties)
    }

    /// Removes a published map.
    ///
    /// It first gets a name with a dot, so that no reader meets half a map, and is then deleted.
    /// - Throws: ``HiPSError/missing(path:remedy:)`` when there is no such map.
    public func remove(_ map: MapName) throws(HiPSError) {
        guard contains(map) else {
            throw .missing(
                path: path(of: map), remedy: "the maps there are can be listed with \"tessera list\"")
        }
        let discarded = discardedPath(of: map)
        try FileSystem.remove(discarded)
        try FileSystem.move(path(of: map), to: discarded)
        try FileSystem.remove(discarded)
        // The directory of the body goes with its last map; while it holds any, this fails as it should.
        _ = rmdir(hipsPath + "/" + map.body)
    }

    /// Where a map lies while it is deleted.
    func discardedPath(of map: MapName) -> String {
        hipsPath + "/" + map.body + "/." + map.name + ".discarded"
    }
}
