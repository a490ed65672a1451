internal import CSystemShims
internal import Glibc
internal import HiPS
internal import Storage

/// The hidden folder in which an adopted map is put together, and its publication.
///
/// `.<name>.adopting` holds the files of the map in `map`, what was asked for in `request`, and in `absent` the tiles
/// that the server does not have. Its name begins with a dot, so that no reader takes it for a map.
struct Staging: Sendable {
    let store: FolderStore
    /// The files of the map.
    let files: FolderStore
    private let place: String
    private let bodyPath: String

    init(_ map: MapName, in data: DataDirectory) {
        bodyPath = data.hipsPath + "/" + map.body
        place = data.path(of: map)
        store = FolderStore(root: bodyPath + "/." + map.name + ".adopting")
        files = FolderStore(root: store.root + "/map")
    }

    /// Makes the folder ready: what is there is gone on with when the same was asked for.
    /// - Throws: ``AdoptionError/request(_:)`` when something else was asked for and it is not forced.
    func begin(_ request: String, forces: Bool) throws(AdoptionError) {
        do {
            let known = try store.read("request", atMost: 1 << 16).map { String(decoding: $0, as: UTF8.self) }
            if known == request { return }
            if known != nil, !forces {
                throw AdoptionError.request(
                    "\(store.root) was begun with another source, another state of it, or other orders or formats; "
                        + "repeat the command that began it, or use --force to drop what it fetched.")
            }
            try store.remove("")
            try store.write(Array(request.utf8), to: "request")
        } catch let error as StoreError {
            throw AdoptionError(error)
        } catch let error as AdoptionError {
            throw error
        } catch {
            throw .file("\(error)")
        }
    }

    /// Writes a file of the map so that it is there whole or not at all.
    func write(_ bytes: [UInt8], to path: String) throws(AdoptionError) {
        let part = path + ".part"
        do {
            try files.write(bytes, to: part)
        } catch {
            throw AdoptionError(error)
        }
        guard rename(files.systemPath(part), files.systemPath(path)) == 0 else {
            throw Self.failure("rename", files.systemPath(part))
        }
    }

    /// Bytes of a file of the map that came whole; nil when there is none. An empty one is what a failure of power
    /// leaves.
    func size(of path: String) throws(AdoptionError) -> Int? {
        do {
            return try files.status(of: path).flatMap { $0.size > 0 ? $0.size : nil }
        } catch {
            throw AdoptionError(error)
        }
    }

    /// Puts the map in its place in one step and deletes what it replaces; links in that are not followed.
    func publish() throws(AdoptionError) {
        // From here on the folder may hold the map that is replaced, which nobody must go on with.
        let request: [UInt8]?
        do {
            request = try store.read("request", atMost: 1 << 16)
            try store.remove("request")
        } catch {
            throw AdoptionError(error)
        }
        try synchronise(store.root)
        do {
            try exchange()
        } catch {
            if let request { try? store.write(request, to: "request") }
            throw error
        }
        try synchronise(bodyPath)
        try discard()
    }

    private func exchange() throws(AdoptionError) {
        if rename(files.root, place) != 0 {
            guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else {
                throw Self.failure("publish", place)
            }
            switch tessera_exchange_paths(files.root, place) {
            case 0: break
            case EINVAL, ENOSYS, EOPNOTSUPP:
                // Where the file system cannot exchange, there is no map for a moment.
                let old = store.root + "/old"
                guard rename(place, old) == 0 else { throw Self.failure("publish", place) }
                guard rename(files.root, place) == 0 else {
                    let code = errno
                    rename(old, place)
                    throw Self.failure("publish", place, code)
                }
            case let code: throw Self.failure("publish", place, code)
            }
        }
    }

    /// Deletes the folder.
    func discard() throws(AdoptionError) {
        do {
            try store.remove("")
        } catch {
            throw AdoptionError(error)
        }
    }

    private func synchronise(_ path: String) throws(AdoptionError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure("open", path) }
        defer { close(folder) }
        let code = tessera_synchronise(folder)
        guard code == 0 else { throw Self.failure("write to disk", path, code) }
    }

    static func failure(_ operation: String, _ path: String, _ code: Int32 = errno) -> AdoptionError {
        .file("Cannot \(operation) \(path): \(String(cString: strerror(code))).")
    }
}
