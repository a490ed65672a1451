internal import HiPS
internal import NIOCore
internal import NIOPosix
internal import Storage

/// The maps of an object store.
struct StoreMaps: MapSource {
    let store: any FileStore

    /// Threads that wait for the network must not keep those waiting that read the disk.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 16)
        threads.start()
        return threads
    }()

    var pool: NIOThreadPool { Self.threads }
    var interval: Duration { .seconds(5) }
    var intervalAfterMiss: Duration { .seconds(1) }

    func check() throws(ServerError) {
        _ = try Self.attempt { () throws(StoreError) in try store.names(in: "hips") }
    }

    func maps() throws(ServerError) -> [MapName] {
        try Self.attempt { () throws(StoreError) in
            var maps: [MapName] = []
            for body in try store.names(in: "hips") {
                for name in try store.names(in: "hips/" + body) {
                    if let map = try? MapName(body: body, name: name) { maps.append(map) }
                }
            }
            return maps.sorted()
        }
    }

    func state(of map: MapName, known: Generation?) throws(ServerError) -> Generation? {
        let files = store.store(below: "hips/" + map.body + "/" + map.name)
        return try Self.attempt { () throws(StoreError) in
            let path = HiPSFile.properties.path
            guard let status = try files.status(of: path) else { return nil }
            // A store counts the time in seconds, which is less than a build needs.
            let stamp = [Int64(status.size), status.modifiedNanoseconds]
            if let known, known.stamp == stamp { return known }
            guard
                let bytes = try files.read(path, atMost: 1 << 20),
                let properties = try? HiPSProperties(parsing: String(decoding: bytes, as: UTF8.self))
            else { return nil }
            // A note that cannot be read is as good as none: maps in stores are as their builders wrote them.
            let note = try files.read(AdoptionNote.fileName, atMost: 1 << 20).flatMap {
                try? AdoptionNote(json: $0, source: AdoptionNote.fileName)
            }
            return Generation(
                files: StoreFiles(store: files, pool: pool), properties: properties, note: note, stamp: stamp,
                times: stamp)
        }
    }

    /// Runs what may fail in the store, and tells it as what may pass.
    static func attempt<Result>(_ work: () throws(StoreError) -> Result) throws(ServerError) -> Result {
        do {
            return try work()
        } catch {
            throw .unavailable(path: error.path, reason: error.reason)
        }
    }
}

/// The files of a map in an object store.
struct StoreFiles: MapFiles {
    let store: any FileStore
    let pool: NIOThreadPool

    /// More than any tile, coverage or picture of a map has.
    private static let limit = 1 << 28

    var remembersAbsence: Bool { true }

    func read(_ path: String) async throws -> ByteBuffer? {
        let bytes = try await pool.runIfActive {
            try StoreMaps.attempt { () throws(StoreError) in try store.read(path, atMost: Self.limit) }
        }
        return bytes.map { ByteBuffer(bytes: $0) }
    }

    func readWaiting(_ path: String) throws(ServerError) -> [UInt8]? {
        try StoreMaps.attempt { () throws(StoreError) in try store.read(path, atMost: Self.limit) }
    }
}
