import Glibc
internal import HTTP
internal import HiPS
internal import Storage

/// Where a HiPS is read from.
enum Location: Sendable {
    /// Files that can be listed, on disk or in an object store, and where its properties lie.
    case files(any FileStore, propertiesIn: any FileStore)
    case remote(HTTPAddress)

    /// A directory that exists, a place in an object store, or an address of a server.
    ///
    /// Of an adopted map in a data directory the tiles are read where its note says.
    init(_ text: String) throws(LintError) {
        if text.lowercased().hasPrefix("http://") || text.lowercased().hasPrefix("https://") {
            do {
                self = .remote(try HTTPAddress(text))
            } catch {
                throw LintError(error, host: text)
            }
            return
        }
        if Stores.isRemote(text) {
            do {
                let store = try Stores.store(at: text)
                self = .files(store, propertiesIn: store)
            } catch {
                throw .address(text, reason: error.reason)
            }
            return
        }
        let folder = FolderStore(root: text)
        guard Self.isDirectory(text) else { throw .noDirectory(path: text) }
        let note: AdoptionNote?
        do {
            note = try AdoptionNote.read(inFolder: folder.root)
        } catch {
            throw .file(
                operation: "read", path: folder.root + "/" + AdoptionNote.fileName, reason: error.description)
        }
        let tiles = FolderStore(root: note?.tileRoot(inFolder: folder.root) ?? folder.root)
        guard Self.isDirectory(tiles.root) else { throw .noDirectory(path: tiles.root) }
        self = .files(tiles, propertiesIn: folder)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The files where they can be listed; nil on a server.
    var files: (any FileStore)? {
        if case .files(let files, _) = self { files } else { nil }
    }

    var reader: any HiPSReader {
        switch self {
        case .files(let files, let properties): StoreReader(files, properties: properties)
        case .remote(let address): RemoteReader(address)
        }
    }
}
