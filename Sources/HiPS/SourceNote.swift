internal import FoundationEssentials
internal import Glibc
internal import Storage

/// Where the file lies that a map was built from, and what was said of it, so that a server can read it again.
///
/// The note lies as `sources/<body>/<name>.json` in the data directory, beside the maps and not in them: a path on the disk
/// of whoever built a map is nobody else's business. It belongs to the map whose `tessera_build_id` it has.
public struct SourceNote: Codable, Equatable, Sendable {
    /// The version of the notes that this program reads and writes.
    public static let currentVersion = 1

    /// The version of the note.
    public var version = currentVersion
    /// The `tessera_build_id` of the map.
    public var build: String
    /// The absolute path of the file, or what GDAL calls it on a server.
    public var path: String
    /// Bytes of the file, as the build found it.
    public var size: Int
    /// Time of its last change in nanoseconds since 1970.
    public var modifiedNanoseconds: Int64
    /// What its server calls this state of it, where that does not say when it was changed.
    public var tag: String?
    /// A checksum of its first bytes, in hexadecimal digits.
    public var head: String
    /// What the survey said of the file, in words that are those of `Rasters`.
    public var declaration: [String: String]

    /// A note of these values.
    public init(
        build: String, path: String, size: Int, modifiedNanoseconds: Int64, head: String,
        declaration: [String: String], tag: String? = nil
    ) {
        self.build = build
        self.path = path
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.head = head
        self.declaration = declaration
        self.tag = tag
    }

    private static func name(of map: MapName) -> String { "\(map.body)/\(map.name).json" }

    private static func folder(in directory: DataDirectory) -> String { directory.path + "/sources" }

    /// Reads the note of a map.
    /// - Parameter build: the `tessera_build_id` of the map as it is published.
    /// - Returns: nil when there is none, or when it is that of another build or not understood: nothing is known of the
    ///   source then.
    public static func read(of map: MapName, build: String, in directory: DataDirectory) -> SourceNote? {
        guard let text = try? FileSystem.text(folder(in: directory) + "/" + name(of: map), atMost: 1 << 20),
            let note = try? JSONDecoder().decode(SourceNote.self, from: Data(text.utf8)),
            note.version == currentVersion, note.build == build, isServable(note.path)
        else { return nil }
        return note
    }

    /// A number that is another one once the note of a map was written anew; 0 where there is none.
    public static func stamp(of map: MapName, in directory: DataDirectory) -> Int64 {
        var facts = stat()
        guard stat(folder(in: directory) + "/" + name(of: map), &facts) == 0 else { return 0 }
        return Int64(facts.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(facts.st_mtim.tv_nsec)
    }

    /// Writes the note of a map in the place of any earlier one.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func write(for map: MapName, in directory: DataDirectory) throws(HiPSError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let folder = Self.folder(in: directory)
        guard let data = try? encoder.encode(self) else {
            throw .fileSystem(operation: "write", path: folder, reason: "a value cannot be written as JSON")
        }
        try HiPSError.storing { () throws(StoreError) in
            try FolderStore(root: folder).write(Array(data) + [0x0A], to: Self.name(of: map))
        }
    }

    /// Whether a server may read a file by its path: a plain one on this machine, or one on a server or in an object store.
    ///
    /// An address with a user, a query or a fragment is none: such parts hold passwords and signatures, which are not
    /// written down.
    public static func isServable(_ path: String) -> Bool { isLocal(path) || isOnServer(path) }

    /// Whether a path leads to a server or into an object store, and holds nothing that nobody may know.
    public static func isOnServer(_ path: String) -> Bool {
        if let rest = addressed(path) {
            return !rest.prefix { $0 != "/" }.contains("@") && !rest.contains { $0 == "?" || $0 == "#" }
        }
        return stores.contains { path.hasPrefix($0) }
    }

    /// The file systems of object stores, in which the name of a bucket comes first.
    private static let stores = ["/vsis3/", "/vsigs/", "/vsiaz/", "/vsiadls/", "/vsioss/", "/vsiswift/"]

    /// What follows the scheme of an address; nil for paths that hold none.
    private static func addressed(_ path: String) -> Substring? {
        for system in ["/vsicurl/", "/vsiwebhdfs/"] {
            for scheme in ["http://", "https://"] where path.hasPrefix(system + scheme) {
                return path.dropFirst(system.count + scheme.count)
            }
        }
        return nil
    }

    /// What is asked for the file: a server or a bucket; the same for all virtual rasters on this machine, whose parts may
    /// lie anywhere.
    public var host: String {
        if let rest = Self.addressed(path) { return rest.prefix { $0 != "/" }.lowercased() }
        return Self.stores.first { path.hasPrefix($0) }.map { store in
            store + path.dropFirst(store.count).prefix { $0 != "/" }
        } ?? ""
    }

    /// Whether a path is that of a plain file on this machine: absolute, and none that GDAL fetches or unpacks.
    public static func isLocal(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasPrefix("/vsi") && !path.contains("://")
    }
}
