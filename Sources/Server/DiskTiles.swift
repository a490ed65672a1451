internal import Glibc
internal import HiPS
internal import Logging
internal import Maps
internal import NIOPosix
internal import OGC
internal import Synchronization

/// Drawn tiles in a folder, under a limit, the ones not used for longest given up first.
///
/// A tile lies at `<body>/<map>/<version>/<style>/<set>/<level>/<row>/<column>.<format>`, so that one of an earlier state of
/// the map is never found. Files come to their places in one rename, and end in their length and a number made from
/// their bytes: what a failure of power has left of one is none. Several processes may use a folder.
final class DiskTiles: Sendable {
    /// The folder.
    let root: String
    let limit: Int
    private let logger: Logger
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())
    private let written = Atomic<UInt64>(0)

    private struct State: Sendable {
        var used = 0
        var isSweeping = false
        var hasFailed = false
        /// What was written since the walk that is under way began.
        var added = 0
        var lastSweep = ContinuousClock.now
        /// Whether the last sweep could not make room.
        var isStuck = false
    }

    /// What tiles of other programs cannot have: a tile that is drawn otherwise needs another number.
    private static let drawing = 1
    private static let trailer = 16
    private static let magic: UInt32 = 0x5452_5354

    /// The tiles of a configuration; nil for none.
    /// - Throws: ``ServerError/cannotCache(path:reason:)`` when the folder cannot be made or written to.
    init?(_ configuration: TileServer.Configuration, logger: Logger) throws(ServerError) {
        guard configuration.diskBytes > 0, let root = Self.folder(configuration) else { return nil }
        self.root = root
        limit = configuration.diskBytes
        self.logger = logger
        try Self.prepare(root)
        threads.start()
        state.withLock { $0.isSweeping = true }
        threads.submit { [weak self] _ in self?.measure() }
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// The folder of a configuration: the one that it names, else `cache` in the data directory where that is there.
    static func folder(_ configuration: TileServer.Configuration) -> String? {
        if let stated = configuration.cacheDirectory { return stated }
        guard case .directory(let data) = configuration.data else { return nil }
        let path = data.path + "/cache"
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? path : nil
    }

    /// Makes the folder and the one that files are written in.
    ///
    /// Files in it are given up without a question, so that a folder of something else is refused.
    static func prepare(_ root: String) throws(ServerError) {
        makeFolders(root)
        let path = root + "/" + partial
        let names = FolderWalk.names(in: root)
        // A disk of its own has such names.
        let others = names.filter { $0.first != "." && $0 != "lost+found" }.sorted()
        if let other = others.first, !names.contains(partial) {
            throw .cannotCache(
                path: root,
                reason: "it holds other files, such as \(other); name an empty folder or a new one")
        }
        _ = mkdir(path, 0o755)
        guard access(path, W_OK | X_OK) == 0 else {
            throw .cannotCache(path: root, reason: Descriptor.words(errno))
        }
    }

    /// Its name tells a folder of tiles from others as well.
    private static let partial = ".tessera-tiles"

    /// Makes the folders of a path that are missing.
    /// - Returns: The error of the first that could not be made, 0 for none.
    @discardableResult
    private static func makeFolders(_ path: String) -> Int32 {
        var (parts, refusal) = ("", Int32(0))
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            parts += parts.isEmpty && path.first != "/" ? String(part) : "/" + part
            if !part.isEmpty, mkdir(parts, 0o755) != 0, errno != EEXIST, refusal == 0 { refusal = errno }
        }
        return refusal
    }

    /// The name of the folder of a state of a map.
    func folder(of generation: Generation) -> String { generation.version + "-\(Self.drawing)" }

    /// Gives up the tiles of all other states of a map.
    func clear(_ map: MapName, keeping folder: String) {
        let root = root + "/" + map.body + "/" + map.name
        for name in FolderWalk.names(in: root) where name != folder && Self.isVersion(name) {
            FolderWalk.files(below: root + "/" + name) { path, _ in unlink(path) }
            rmdir(root + "/" + name)
        }
    }

    /// The path of a tile.
    func path(
        _ map: MapName, _ generation: Generation, style: String, _ set: TileMatrixSet, _ place: TilePlace,
        _ format: MapFormat
    ) -> String {
        return
            "\(map.body)/\(map.name)/\(folder(of: generation))/\(style)/\(set.kind.word)/\(place.level)/\(place.row)/\(place.column)."
            + format.tileExtension
    }

    /// The bytes on disk that are in use, as far as this process knows.
    var used: Int { state.withLock { $0.used } }

    /// Reads a tile, waiting for the disk; nil when there is none.
    func read(_ path: String) -> [UInt8]? {
        let number = open(root + "/" + path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = Descriptor(owning: number)
        guard let status = file.status, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(status.st_size)
        guard size > Self.trailer, size < 1 << 26 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        let got = bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress, size, 0) }
        guard got == size, Self.isWhole(bytes) else { return nil }
        // What is used is not what is given up; the hour spares the disk most of it.
        if time(nil) - status.st_mtim.tv_sec > 3600 { futimens(number, nil) }
        bytes.removeLast(Self.trailer)
        return bytes
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            let count = bytes.count - trailer
            let hash = EntityTag.hash(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count, as: UInt32.self)) == magic
                && Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count + 4, as: UInt32.self)))
                    == count
                && UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: count + 8, as: UInt64.self))
                    == hash
        }
    }

    /// Keeps a tile where there is room for it; what goes wrong is told once, for it costs time alone.
    func write(_ bytes: [UInt8], to path: String) {
        startSweepWhenDue()
        guard state.withLock({ $0.used < limit / 10 * 11 }) else { return }
        do throws(ServerError) {
            try keep(bytes, at: path)
        } catch {
            let isFirst = state.withLock { state in
                defer { state.hasFailed = true }
                return !state.hasFailed
            }
            if isFirst { logger.error("\(error)") }
        }
    }

    /// Other processes may have written as well.
    private static let longestUnswept = Duration.seconds(600)
    /// Files that cannot be removed must not be tried at each tile.
    private static let restWhenStuck = Duration.seconds(60)

    private func startSweepWhenDue() {
        let isDue = state.withLock { state in
            let rest = ContinuousClock.now - state.lastSweep
            let isFull = state.used > limit && (!state.isStuck || rest > Self.restWhenStuck)
            guard !state.isSweeping, isFull || rest > Self.longestUnswept else { return false }
            state.isSweeping = true
            return true
        }
        if isDue { threads.submit { [weak self] _ in self?.sweep() } }
    }

    /// Keeps a tile without making room for it.
    func keep(_ bytes: [UInt8], at path: String) throws(ServerError) {
        var file = bytes
        file.reserveCapacity(bytes.count + Self.trailer)
        withUnsafeBytes(of: Self.magic.littleEndian) { file.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { file.append(contentsOf: $0) }
        let hash = bytes.withUnsafeBytes(EntityTag.hash)
        withUnsafeBytes(of: hash.littleEndian) { file.append(contentsOf: $0) }
        try place(file, at: path)
        state.withLock { state in
            state.used += Self.room(of: file.count)
            state.added += Self.room(of: file.count)
        }
    }

    /// The room of a file on a disk with blocks of the usual size.
    private static func room(of size: Int) -> Int { (size + 4095) & ~4095 }

    private func place(_ file: [UInt8], at path: String) throws(ServerError) {
        let number = written.add(1, ordering: .relaxed).newValue
        let name = "\(root)/\(Self.partial)/\(getpid())-\(number)-\(UInt32.random(in: 0 ... .max))"
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotCache(path: root, reason: Descriptor.words(errno)) }
        let count = file.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        var failure = count == file.count ? 0 : count < 0 ? errno : ENOSPC
        close(descriptor)
        let target = root + "/" + path
        if failure == 0 {
            // The sweeper may take folders away that have just been made, again and again on a busy machine.
            for _ in 0..<100 {
                if rename(name, target) == 0 { return }
                failure = errno
                guard failure == ENOENT, let slash = target.lastIndex(of: "/") else { break }
                let refusal = Self.makeFolders(String(target[..<slash]))
                guard refusal == 0 || refusal == ENOENT else {
                    failure = refusal
                    break
                }
            }
        }
        unlink(name)
        throw .cannotCache(path: root, reason: Descriptor.words(failure))
    }

    // MARK: Room

    /// Finds out what is there, and what others have left half written.
    private func measure() {
        let old = time(nil) - 3600
        FolderWalk.files(below: root + "/" + Self.partial) { path, status in
            if status.st_mtim.tv_sec < old { unlink(path) }
        }
        sweep()
    }

    /// Gives up what was not used for longest until nine tenths of the limit are in use, and then says how much it is.
    ///
    /// Two walks, and no list of files: the first finds out until when those were used that have to go. Tiles of earlier
    /// states of a map are not used any more, and so the first to go. Processes and threads take turns.
    func sweep() { walk(evicting: true) }

    /// Finds out how much is in use, and gives up nothing.
    func count() { walk(evicting: false) }

    private func walk(evicting: Bool) {
        let turn = Descriptor(owning: open(root + "/" + Self.partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        flock(turn.number, LOCK_EX)
        var minutes: [Int: Int] = [:]
        var used = 0
        state.withLock { $0.added = 0 }
        eachTile { _, status in
            let size = Int(status.st_blocks) * 512
            minutes[status.st_mtim.tv_sec / 60, default: 0] += size
            used += size
        }
        if evicting, used > limit {
            var surplus = used - limit / 10 * 9
            var last = 0
            for (minute, size) in minutes.sorted(by: { $0.key < $1.key }) {
                last = minute
                surplus -= size
                if surplus <= 0 { break }
            }
            var left = used - limit / 10 * 9
            eachTile { path, status in
                guard left > 0, status.st_mtim.tv_sec / 60 <= last, unlink(path) == 0 else { return }
                left -= Int(status.st_blocks) * 512
                used -= Int(status.st_blocks) * 512
            }
        }
        state.withLock { state in
            state.used = used + state.added
            state.isStuck = used > limit
            state.isSweeping = false
            state.lastSweep = .now
        }
    }

    /// Calls `visit` with each file below the folder of a version of a map, and with no other.
    private func eachTile(_ visit: (String, stat) -> Void) {
        func folders(_ path: String) -> [String] {
            FolderWalk.names(in: path).filter { $0.first != "." }.map { path + "/" + $0 }
        }
        for map in folders(root).flatMap(folders) {
            for version in folders(map) where Self.isVersion(version) {
                FolderWalk.files(below: version, visit)
                rmdir(version)
            }
        }
    }

    /// Whether the last part of a path has the form of a version: the two numbers of a tag and that of a drawing.
    private static func isVersion(_ path: String) -> Bool {
        let parts = path.split(separator: "/").last?.split(separator: "-") ?? []
        return parts.count == 3 && parts.allSatisfy { UInt64($0, radix: 16) != nil }
    }
}
