internal import Glibc
internal import HiPS
internal import NIOCore
internal import NIOPosix

/// The maps of a data directory on disk.
struct DiskMaps: MapSource {
    let data: DataDirectory

    var pool: NIOThreadPool { .singleton }
    var interval: Duration { .seconds(1) }
    var intervalAfterMiss: Duration { .zero }

    func check() throws(ServerError) {
        guard data.exists else { throw .missingDataDirectory(data.path) }
    }

    func maps() throws -> [MapName] {
        try data.names()
    }

    func state(of map: MapName, known: Generation?) throws(ServerError) -> Generation? {
        guard
            let root = try Descriptor.directory(data.path),
            let directory = try root.directory(below: "hips/" + map.body + "/" + map.name),
            let directoryStatus = directory.status,
            let propertiesStatus = directory.status(of: HiPSFile.properties.path)
        else { return nil }
        // The held directory keeps its inode from being given to another one.
        var stamp = directoryStatus.identity + propertiesStatus.identity + propertiesStatus.version
        var times = propertiesStatus.version
        var files = DiskFiles(directory)
        var adoption: AdoptionNote?
        if let note = directory.status(of: AdoptionNote.fileName) {
            stamp += note.identity + note.version
            times += note.version
            adoption = Self.note(in: directory)
            switch AdoptedRoot(of: map, in: data, directory) {
            case .none: break
            case .unknown(let error):
                files = DiskFiles(unavailable: error)
                // Not the stamp of a note that was read: the next look reads it again.
                stamp.append(-1)
            case .path(let path):
                let adopted = try Descriptor.directory(path)
                files = adopted.map { DiskFiles($0) } ?? DiskFiles(goneFrom: path)
                stamp += adopted?.status?.identity ?? []
                if let status = adopted?.status(of: HiPSFile.properties.path) {
                    stamp += status.identity + status.version
                    times += status.version
                }
            }
        }
        if let known, known.stamp == stamp { return known }
        let reading = directory.read(HiPSFile.properties.path, waiting: true)
        if case .failed(let code) = reading {
            throw .unavailable(
                path: map.description + "/" + HiPSFile.properties.path, reason: Descriptor.words(code))
        }
        guard case .content(let bytes) = reading,
            let properties = try? HiPSProperties(parsing: String(buffer: bytes))
        else { return nil }
        return Generation(files: files, properties: properties, note: adoption, stamp: stamp, times: times)
    }

    /// How others made a map that was adopted; nil when that cannot be read, which ``AdoptedRoot`` tells.
    private static func note(in directory: Descriptor) -> AdoptionNote? {
        guard case .content(let bytes) = directory.read(AdoptionNote.fileName, waiting: true) else {
            return nil
        }
        return try? AdoptionNote(json: Array(bytes.readableBytesView), source: AdoptionNote.fileName)
    }
}

/// The files below an open directory.
struct DiskFiles: MapFiles {
    private let directory: Descriptor?
    private let error: ServerError?

    init(_ directory: Descriptor) {
        self.directory = directory
        error = nil
    }

    /// The files of a directory that cannot be found.
    init(unavailable error: ServerError) {
        directory = nil
        self.error = error
    }

    init(goneFrom path: String) {
        self.init(
            unavailable: .unavailable(
                path: path, reason: "the folder that the map was adopted from is not there"))
    }

    var remembersAbsence: Bool { false }

    func read(_ path: String) async throws -> ByteBuffer? {
        if let error { throw error }
        guard let directory else { return nil }
        var reading = directory.read(path, waiting: false)
        if case .wouldWait = reading {
            reading = try await NIOThreadPool.singleton.runIfActive { directory.read(path, waiting: true) }
        }
        switch reading {
        case .content(let body): return body
        case .absent, .wouldWait: return nil
        case .failed(let code): throw ServerError.unreadable(path: path, reason: Descriptor.words(code))
        }
    }

    func readWaiting(_ path: String) throws(ServerError) -> [UInt8]? {
        if let error { throw error }
        switch directory?.read(path, waiting: true) {
        case .content(let body): return Array(body.readableBytesView)
        case .absent, .wouldWait, nil: return nil
        case .failed(let code): throw .unreadable(path: path, reason: Descriptor.words(code))
        }
    }
}

extension Descriptor {
    /// The system's words for an errno.
    static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// What the system knows about a file in this directory.
    fileprivate func status(of name: String) -> stat? {
        var status = stat()
        return fstatat(number, name, &status, 0) == 0 ? status : nil
    }
}

extension stat {
    /// What tells one file from all others that there are.
    fileprivate var identity: [Int64] {
        [Int64(bitPattern: UInt64(st_dev)), Int64(bitPattern: UInt64(st_ino))]
    }

    /// What changes with a file's content.
    fileprivate var version: [Int64] { [Int64(st_size), Int64(st_mtim.tv_sec), Int64(st_mtim.tv_nsec)] }
}
