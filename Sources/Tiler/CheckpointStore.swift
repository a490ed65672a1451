internal import Glibc
internal import HEALPix
internal import HiPS
internal import Pixels
internal import Storage
internal import Synchronization

/// Keeps finished subtrees, so that a build that was interrupted goes on from them: the samples of the root, raw as
/// they lie in memory, and then a file with all else, whose presence says that the tiles below are written.
///
/// When a subtree is finished, those inside it are let go of: few are held however deep the pyramid is.
final class CheckpointStore: Sendable {
    private struct State {
        /// Finished before this process began, and not looked at yet.
        var left: Set<Cell> = []
        var lastWait = ContinuousClock.now
        /// Roots of subtrees that are inside others which are finished, but may not be on the disk yet.
        var superseded: [Cell] = []
    }

    let store: any FileStore
    /// Waits until what was written outlives a failure of power; nil where it does so anyway.
    private let synchronise: (@Sendable () throws(TilerError) -> Void)?
    /// Throws when the source is not what it was when the build began.
    private let checkSource: @Sendable () throws(TilerError) -> Void
    private let state = Mutex(State())

    private static let identityName = "build"
    private static let bootName = "boot"
    private static let durableName = "durable"
    /// What a failure of power may cost, which every wait for the disk makes dearer.
    private static let waitInterval = Duration.seconds(60)

    init(
        _ store: any FileStore, synchronise: (@Sendable () throws(TilerError) -> Void)?,
        checkSource: @escaping @Sendable () throws(TilerError) -> Void
    ) {
        self.store = store
        self.synchronise = synchronise
        self.checkSource = checkSource
    }

    // MARK: - The build

    /// What the build that left checkpoints was to make; nil when there are none.
    static func identity(in store: any FileStore) throws(TilerError) -> BuildIdentity? {
        let bytes: [UInt8]?
        do {
            bytes = try store.read(identityName, atMost: 1 << 20)
        } catch {
            throw .storage(error)
        }
        return bytes.flatMap { BuildIdentity(text: String(decoding: $0, as: UTF8.self)) }
    }

    /// Says what is built, before the first tile.
    func begin(_ identity: BuildIdentity) throws(TilerError) {
        // What is as it should be is left alone: a full disk or a kill in between would leave it empty.
        if let boot = Self.boot(), try read(Self.bootName) != boot { try write(boot, to: Self.bootName) }
        let text = Array(identity.text.utf8)
        if try read(Self.identityName) != text { try write(text, to: Self.identityName) }
    }

    /// Finds what an earlier process finished.
    /// - Returns: the number of subtrees.
    func resume() throws(TilerError) -> Int {
        let names: [String]
        do {
            names = try store.names(in: "")
        } catch {
            throw .storage(error)
        }
        let lasting = try timeOfLastingFiles()
        var left: Set<Cell> = []
        for name in names where name.hasSuffix(".state") {
            guard let cell = Self.cell(named: name.dropLast(6)) else { continue }
            if let lasting, try time(of: name) > lasting {
                // Gone before this start of the system is noted: from then on it would count as whole.
                try remove(name)
                continue
            }
            left.insert(cell)
        }
        state.withLock { $0.left = left }
        return left.count
    }

    /// The system's name for the time since it was started.
    private static func boot() -> [UInt8]? {
        let file = FolderStore(root: "/proc/sys/kernel/random")
        return try? file.read("boot_id", atMost: 64)
    }

    /// The time up to which files are known to be whole; nil when all are, as the system has not stopped since.
    private func timeOfLastingFiles() throws(TilerError) -> Int64? {
        guard synchronise != nil, let boot = Self.boot() else { return nil }
        if try read(Self.bootName) == boot { return nil }
        guard let bytes = try read(Self.durableName) else { return 0 }
        return Int64(String(decoding: bytes, as: UTF8.self)) ?? 0
    }

    private func time(of name: String) throws(TilerError) -> Int64 {
        do {
            return try store.status(of: name)?.modifiedNanoseconds ?? .max
        } catch {
            throw .storage(error)
        }
    }

    /// Waits for the disk when that was not done for a while.
    private func waitNowAndThen() throws(TilerError) {
        guard let synchronise else { return }
        let superseded: [Cell]? = state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.lastWait > Self.waitInterval else { return nil }
            state.lastWait = now
            defer { state.superseded = [] }
            return state.superseded
        }
        guard let superseded else { return }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        try synchronise()
        // Files of this very moment may have come too late: the clock of the file system is a coarse one.
        let time = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - 100_000_000
        try write(Array(String(time).utf8), to: Self.durableName)
        guard !superseded.isEmpty else { return }
        // What says that the subtrees around them are whole must be there before they go.
        try synchronise()
        try remove(superseded)
    }

    private static func name(_ cell: Cell) -> String { "\(cell.order.value)-\(cell.npix)" }

    private static func cell(named name: Substring) -> Cell? {
        let numbers = name.split(separator: "-").map { Int64($0) }
        guard numbers.count == 2, let order = numbers[0], let npix = numbers[1] else { return nil }
        return Cell(order: Int(order), npix: npix)
    }

    // MARK: - Subtrees

    /// Keeps a finished subtree in the place of those inside it.
    func save<Sample: TilePixel>(
        _ samples: UnsafePointer<Sample>, count: Int, of cell: Cell, valid: Int,
        _ output: WorkerOutput<Sample>
    ) throws(TilerError) {
        // A subtree made of another source must not be found when the first one is back.
        try checkSource()
        var checksum: UInt64 = 0
        if valid > 0 {
            let raw = UnsafeRawBufferPointer(start: samples, count: count * MemoryLayout<Sample>.stride)
            checksum = Checksum(words: raw).value
            try write([UInt8](raw), to: Self.name(cell) + ".raw")
        }
        let checkpoint = Checkpoint(cell: cell, valid: valid, output: output, rootChecksum: checksum)
        try write(checkpoint.file, to: Self.name(cell) + ".state")
        try waitNowAndThen()
    }

    /// Lets go of the subtrees inside a finished one, once that one outlives a failure of power.
    func forget(childrenOf cell: Cell) throws(TilerError) {
        if synchronise == nil { return try remove(cell.children) }
        state.withLock { $0.superseded += cell.children }
    }

    private func remove(_ cells: [Cell]) throws(TilerError) {
        for cell in cells {
            try remove(Self.name(cell) + ".state")
            try remove(Self.name(cell) + ".raw")
        }
    }

    /// What an earlier process found in a subtree; nil when it did not finish it. Asked once a subtree.
    func take<Sample: TilePixel>(
        _ cell: Cell, empty: WorkerOutput<Sample>
    ) throws(TilerError) -> Checkpoint<Sample>? {
        guard state.withLock({ $0.left.remove(cell) }) != nil else { return nil }
        return try checkpoint(of: cell, empty: empty)
    }

    /// A kept subtree; nil when its file is not whole.
    private func checkpoint<Sample: TilePixel>(
        of cell: Cell, empty: WorkerOutput<Sample>
    ) throws(TilerError) -> Checkpoint<Sample>? {
        guard let bytes = try read(Self.name(cell) + ".state") else { return nil }
        return Checkpoint(file: bytes, of: cell, empty: empty)
    }

    /// Fills a buffer with the root of a kept subtree.
    /// - Returns: the number of its valid pixels; 0, with nothing filled in, when it held no data.
    /// - Throws: ``TilerError/checkpoint(path:)`` when the files are damaged.
    func load<Sample: TilePixel>(
        into samples: UnsafeMutablePointer<Sample>, count: Int, of cell: Cell, empty: WorkerOutput<Sample>
    ) throws(TilerError) -> Int {
        guard let checkpoint = try checkpoint(of: cell, empty: empty) else {
            throw .checkpoint(path: store.root + "/" + Self.name(cell) + ".state")
        }
        guard checkpoint.valid > 0 else { return 0 }
        guard let bytes = try read(Self.name(cell) + ".raw"),
            bytes.count == count * MemoryLayout<Sample>.stride,
            bytes.withUnsafeBytes({ Checksum(words: $0).value }) == checkpoint.rootChecksum
        else { throw .checkpoint(path: store.root + "/" + Self.name(cell) + ".raw") }
        bytes.withUnsafeBytes {
            UnsafeMutableRawPointer(samples).copyMemory(from: $0.baseAddress!, byteCount: bytes.count)
        }
        return checkpoint.valid
    }

    // MARK: - Files

    private func write(_ bytes: [UInt8], to name: String) throws(TilerError) {
        do {
            try store.write(bytes, to: name)
        } catch {
            throw .storage(error)
        }
    }

    private func remove(_ name: String) throws(TilerError) {
        do {
            try store.remove(name)
        } catch {
            throw .storage(error)
        }
    }

    private func read(_ name: String) throws(TilerError) -> [UInt8]? {
        do {
            return try store.read(name, atMost: 1 << 30)
        } catch {
            throw .storage(error)
        }
    }
}
