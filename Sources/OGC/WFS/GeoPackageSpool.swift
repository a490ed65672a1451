internal import Features
internal import Glibc
internal import GridCoverages
internal import HiPS
internal import PlanetaryFrames
internal import Synchronization

/// Writes features into a GeoPackage in a folder of its own, which is taken away as soon as the file is whole: what is sent is
/// a file without a name, of which nothing is left however the sending ends.
struct GeoPackageSpool {
    /// The most bytes of the file.
    let limit: Int
    /// What the files of all answers may take.
    var room = SpoolRoom.shared
    /// The folder in which it is made; nil for that of the system.
    var root: String?

    /// - Throws: `InvalidParameterValue` for several queries of one type, which a file has one table for.
    static func check(_ questions: [FeatureQuestion]) throws(OGCException) {
        guard Set(questions.map(\.type.name)).count == questions.count else {
            throw .invalid(
                "OUTPUTFORMAT", "is a GeoPackage, in which several queries of one type have no place")
        }
    }

    /// - Parameter parts: each of another type.
    func answer(_ parts: [FeaturePart], body: Body, name: String) throws -> OGCAnswer {
        let folder = try SpooledFolder(in: root, room: room, bytes: limit)
        let data = DataDirectory(path: folder.path)
        let file = FeatureStore.path(in: data)
        do {
            let store = try FeatureStore.writing(data)
            for part in parts {
                let layer = part.type.layer
                let writer = try LayerWriter(
                    store, name: layer.name, body: body, columns: part.type.columns, mode: .create)
                var part = part
                while let features = try part.next() {
                    for feature in features { try writer.add(feature.geometry, feature.values) }
                    try check(file)
                }
                try writer.finish(
                    description: layer.description, source: layer.source, assumptions: layer.assumptions)
            }
        }
        try check(file)
        var pieces = FilePieces(file: try folder.seal(file))
        var answer = OGCAnswer(
            mediaType: WFSFormat.geoPackage.mediaType, body: try pieces.next() ?? [])
        answer.length = pieces.file.size
        answer.rest = pieces
        answer.fileName = (parts.count == 1 ? "\(name)_\(parts[0].type.name)" : name) + ".gpkg"
        return answer
    }

    private static func size(of path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    private func check(_ file: String) throws(OGCException) {
        let size = Self.size(of: file) + Self.size(of: file + "-wal")
        guard size <= limit else {
            throw OGCException(
                .operationProcessingFailed, locator: "OUTPUTFORMAT",
                "The GeoPackage would be larger than \(limit >> 20) MB, which is the most; ask for fewer features, or for GML, GeoJSON or CSV, which have no limit."
            )
        }
    }
}

/// What the files of all answers may take of the disk: clients that take them slowly, or many at once, must not fill it.
final class SpoolRoom: Sendable {
    /// That of this process, 2 GB.
    static let shared = SpoolRoom(bytes: 2 << 30)

    private let limit: Int
    private let left: Mutex<Int>
    private let isSwept = Mutex(false)

    init(bytes: Int) {
        limit = bytes
        left = Mutex(bytes)
    }

    /// - Throws: an `OGCException` with the status 503 when others have taken too much.
    func take(_ bytes: Int) throws(OGCException) {
        let isFree = left.withLock { left in
            guard bytes <= left else { return false }
            left -= bytes
            return true
        }
        guard isFree else {
            throw OGCException(
                .noApplicableCode,
                "Other GeoPackages that are made or sent have taken the \(limit >> 20) MB that there are for them; ask again, or for GML, GeoJSON or CSV.",
                status: 503, retryAfter: 30)
        }
    }

    func give(_ bytes: Int) { left.withLock { $0 += bytes } }

    /// Removes what earlier servers left in a folder when they were killed, until there can be no more.
    func sweep(_ root: String) {
        isSwept.withLock { isSwept in
            if !isSwept { isSwept = SpoolFolder.removeLeftovers(in: root, prefix: SpooledFolder.prefix) }
        }
    }
}

/// A folder for the files of one answer; it goes away with the last one who knows it.
private final class SpooledFolder {
    /// What the names of all of them begin with.
    static let prefix = "tessera-geopackage-"

    let path: String
    /// Nil when it is gone.
    private var folder: SpoolFolder?
    private let room: SpoolRoom
    /// What is taken of the room.
    private var bytes: Int

    /// - Parameter bytes: the most that its files will take.
    init(in root: String?, room: SpoolRoom, bytes: Int) throws(OGCException) {
        let root = root ?? CoverageMaker.Options.temporaryFolder
        room.sweep(root)
        try room.take(bytes)
        guard let folder = SpoolFolder(in: root, prefix: Self.prefix) else {
            room.give(bytes)
            throw OGCException(
                .noApplicableCode, "There is no room for the GeoPackage at the moment.", status: 503,
                retryAfter: 30)
        }
        path = folder.path
        self.folder = folder
        self.room = room
        self.bytes = bytes
    }

    /// Opens a finished file, takes its name away, and gives back the room that it does not need.
    func seal(_ file: String) throws(OGCException) -> SpooledFile {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OGCException(.noApplicableCode, "The GeoPackage is gone.", status: 500)
        }
        folder = nil
        let size = min(SpooledFile.size(of: descriptor), bytes)
        room.give(bytes - size)
        bytes = 0
        return SpooledFile(descriptor: descriptor, size: size, room: room)
    }

    deinit {
        // The room is free when the files are gone.
        folder = nil
        room.give(bytes)
    }
}

/// A finished file without a name; its bytes are free again with the last one who knows it.
private final class SpooledFile: Sendable {
    let size: Int
    private let descriptor: Int32
    private let room: SpoolRoom

    init(descriptor: Int32, size: Int, room: SpoolRoom) {
        self.descriptor = descriptor
        self.size = size
        self.room = room
    }

    static func size(of descriptor: Int32) -> Int {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// - Throws: an `OGCException` when the bytes are not to be had.
    func bytes(_ range: Range<Int>) throws(OGCException) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let got = bytes.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress, range.count, off_t(range.lowerBound))
        }
        guard got == range.count else {
            throw OGCException(.noApplicableCode, "The GeoPackage cannot be read.", status: 500)
        }
        return bytes
    }

    deinit {
        close(descriptor)
        room.give(size)
    }
}

/// The bytes of a finished GeoPackage.
private struct FilePieces: OGCPieces {
    let file: SpooledFile
    private var offset = 0

    private static let pieceSize = 1 << 20

    init(file: SpooledFile) { self.file = file }

    mutating func next() throws -> [UInt8]? {
        guard offset < file.size else { return nil }
        let end = min(offset + Self.pieceSize, file.size)
        var bytes = try file.bytes(offset..<end)
        // The file was written with a log beside it, which nobody else needs: one alone can be read where nothing can be
        // written (SQLite's file format, section 1.3.3).
        if offset == 0, bytes.count > 19 { (bytes[18], bytes[19]) = (1, 1) }
        offset = end
        return bytes
    }
}
