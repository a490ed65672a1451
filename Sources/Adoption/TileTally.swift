internal import HEALPix
internal import Synchronization
internal import Tiles

/// What workers have found of the tiles, and the first reason to end.
final class TileTally: Sendable {
    struct State {
        /// Tiles that are there.
        var tiles = 0
        var newTiles = 0
        var newBytes = 0
        /// Promised tiles that are not there: how many, and the first few.
        var missing = 0
        var missingPaths: [String] = []
        /// Files that came and were not what they should be.
        var damaged = 0
        var firstDamage: String?
        /// The cells of the present order that have tiles.
        var cells: [Int64] = []
        /// Tiles of the present order by their format.
        var formats: [TileFormat: Int] = [:]
        var failure: AdoptionError?
        var told = ContinuousClock.Instant.now
    }

    private let state = Mutex(State())
    private let started = ContinuousClock.now
    private let tell: @Sendable (AdoptionProgress) -> Void
    private static let pathsKept = 20

    init(tell: @escaping @Sendable (AdoptionProgress) -> Void) {
        self.tell = tell
    }

    /// All of it, for when no worker is at work: a copy that is held makes the next tile expensive.
    var present: State { state.withLock { $0 } }

    /// The first reason to end; nil as long as all goes well.
    var failure: AdoptionError? { state.withLock { $0.failure } }

    /// Forgets what was counted of one order.
    func beginOrder() {
        state.withLock { state in
            state.cells = []
            state.formats = [:]
        }
    }

    /// A tile is there.
    /// - Parameter bytes: what came in this run; nil when it came earlier.
    func found(_ cell: Cell, _ format: TileFormat, bytes: Int?, total: Int?) {
        let progress: AdoptionProgress? = state.withLock { state in
            state.tiles += 1
            if let bytes {
                state.newTiles += 1
                state.newBytes += bytes
            }
            if state.cells.last != cell.npix { state.cells.append(cell.npix) }
            state.formats[format, default: 0] += 1
            guard .now - state.told > .milliseconds(200) else { return nil }
            state.told = .now
            return AdoptionProgress(
                tiles: state.tiles, total: total, bytes: state.newBytes, order: cell.order,
                seconds: (ContinuousClock.now - started) / .seconds(1))
        }
        if let progress { tell(progress) }
    }

    /// A tile is not there.
    func missed(_ path: String, isPromised: Bool) {
        guard isPromised else { return }
        state.withLock { state in
            state.missing += 1
            if state.missingPaths.count < Self.pathsKept { state.missingPaths.append(path) }
        }
    }

    /// A file that came is not what it should be.
    func damaged(_ path: String) {
        state.withLock { state in
            state.damaged += 1
            state.firstDamage = state.firstDamage ?? path
        }
    }

    /// The tiles of a format that has none at all are not missed one by one.
    func forgive(_ format: TileFormat, count: Int) {
        state.withLock { state in
            state.missing -= count
            state.missingPaths.removeAll { $0.hasSuffix("." + format.fileExtension) }
        }
    }

    func failed(_ error: AdoptionError) {
        state.withLock { $0.failure = $0.failure ?? error }
    }
}
