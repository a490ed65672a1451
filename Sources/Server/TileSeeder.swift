public import HiPS
public import Logging
internal import Maps
internal import NIOPosix
internal import OGC
internal import Synchronization

/// Fills the disk cache of the tile service, so that nobody has to wait for these tiles.
///
/// Tiles that are there are passed over, so that a run goes on where an earlier one ended; what the coverage of a map says
/// is empty is not looked at. Memory does not grow with the number of tiles.
public struct TileSeeder: Sendable {
    /// Which tiles of a map are wanted.
    public struct Wish: Sendable {
        /// The map.
        public var map: MapName
        /// Words of tile matrix sets (`equirectangular`, `north`, `south`, `geographic`); all that the server offers for
        /// none.
        public var sets: [String]
        /// The levels.
        public var levels: ClosedRange<Int>
        /// Formats by the ends of file names: `png`, `jpg`, `webp`.
        public var formats: [String]
        /// The styles; the default one for none.
        public var styles: [String]

        /// A wish.
        public init(
            map: MapName, sets: [String], levels: ClosedRange<Int>, formats: [String], styles: [String]
        ) {
            self.map = map
            self.sets = sets
            self.levels = levels
            self.formats = formats
            self.styles = styles
        }
    }

    /// How far a run is; a tile in several formats and styles counts as one.
    public struct Progress: Sendable {
        /// Tiles that are done.
        public var finished = 0
        /// Tiles that show something of the map.
        public var total = 0
        /// Of those done, the tiles of which at least one file had to be made.
        public var made = 0
        /// Of those done, the tiles that could not be drawn, such as one whose files are broken.
        public var failed = 0
        /// What was wrong with the first of them; nil for none.
        public var firstFailure: String?
    }

    private let configuration: TileServer.Configuration
    private let services: MapServices
    private let catalogue: Catalogue
    private let disk: DiskTiles

    /// A seeder for the cache of a server of this configuration.
    /// - Throws: ``ServerError`` when there is no data directory, or no cache on disk.
    public init(configuration: TileServer.Configuration, logger: Logger) throws(ServerError) {
        self.configuration = configuration
        try configuration.data.maps.check()
        services = MapServices(settings: configuration.settings)
        catalogue = Catalogue(source: configuration.data.maps, logger: logger)
        guard let disk = try DiskTiles(configuration, logger: logger) else {
            throw .unusableSource(
                reason:
                    "There is no disk cache to fill; name a folder with --cache-directory, and leave cache.disk above 0."
            )
        }
        self.disk = disk
    }

    /// The folder that is filled.
    public var folder: String { disk.root }

    /// Makes the tiles of a wish.
    ///
    /// - Parameters:
    ///   - workers: how many tiles are drawn at a time.
    ///   - report: called after each tile, from any thread.
    /// - Throws: ``ServerError/unusableSource(reason:)`` for what the map or the server does not have,
    ///   ``ServerError/cacheFull(path:limit:)`` when the limit does not let all tiles in, `CancellationError`.
    public func run(
        _ wish: Wish, workers: Int, report: @escaping @Sendable (Progress) -> Void
    ) async throws -> Progress {
        guard var generation = try await catalogue.generation(of: wish.map) else {
            throw ServerError.unusableSource(reason: "There is no map \(wish.map) in the data directory.")
        }
        let room = SeedRoom(disk: disk, map: wish.map) { [catalogue] in
            try catalogue.refreshedWaiting(wish.map)
        }
        // Tiles of a map that is rebuilt meanwhile are of no use to anybody.
        while true {
            do {
                let progress = try await run(wish, generation, room, workers: workers, report: report)
                guard let present = try await present(wish.map, instead: generation) else { return progress }
                generation = present
            } catch let rebuilt as Rebuilt {
                generation = rebuilt.generation
            }
        }
    }

    /// The map was rebuilt while its tiles were drawn.
    private struct Rebuilt: Error {
        let generation: Generation
    }

    /// The state of a map if it is another one than the one known.
    /// - Throws: ``ServerError/unusableSource(reason:)`` when it was removed.
    private func present(_ map: MapName, instead known: Generation) async throws -> Generation? {
        guard let present = try await catalogue.generation(of: map) else {
            throw ServerError.unusableSource(reason: "The map \(map) was removed while its tiles were drawn.")
        }
        return present.number == known.number ? nil : present
    }

    /// Makes the tiles of one state of the map.
    private func run(
        _ wish: Wish, _ generation: Generation, _ room: SeedRoom, workers: Int,
        report: @escaping @Sendable (Progress) -> Void
    ) async throws -> Progress {
        let formats = try wish.formats.map { text throws(ServerError) in
            guard let format = MapFormat(tileExtension: text) else {
                throw .unusableSource(
                    reason: "\"\(text)\" is no format of tiles; png, jpg or webp was expected.")
            }
            return format
        }
        let (service, systems) = try services.tileService(of: wish.map.body)
        let layer = try services.layer(wish.map, generation)
        let sets = try wish.sets.isEmpty ? systems.tiles.all : wish.sets.map { try set($0, of: service) }
        let usual = services.defaultStyle(of: wish.map, layer)
        let styles = try (wish.styles.isEmpty ? [usual] : wish.styles).map { name in
            (name: name.lowercased(), style: try MapStyle.parse(name, layer: layer))
        }
        room.measure(living: generation)
        var progress = Progress()
        // Deeper levels show nothing more of the map.
        let walks = sets.compactMap { set -> (set: TileMatrixSet, walk: TileWalk)? in
            let deepest = min(wish.levels.upperBound, set.level(forPixelOf: layer.pixelScaleDegrees))
            guard wish.levels.lowerBound <= deepest else { return nil }
            return (set, TileWalk(set: set, layer: layer, levels: wish.levels.lowerBound...deepest))
        }
        for (_, start) in walks {
            var walk = start
            while walk.next() != nil {
                progress.total += 1
                guard progress.total & 255 == 0 else { continue }
                try Task.checkCancellation()
                report(progress)
            }
        }
        let state = Shared(progress)
        report(progress)
        for (set, start) in walks {
            let walk = Shared(start)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<max(1, workers) {
                    tasks.addTask {
                        while let place = walk.value.withLock({ $0.next() }) {
                            try Task.checkCancellation()
                            // Costs next to nothing: the catalogue looks once in a while.
                            if let newer = try await self.present(wish.map, instead: generation) {
                                throw Rebuilt(generation: newer)
                            }
                            // One broken file must not keep the others from being drawn.
                            let result = Result { () throws(MapsError) in
                                try self.drawn(
                                    place, of: set, layer, wish.map, generation, styles, formats, service)
                            }
                            if case .failure(.cancelled) = result { throw CancellationError() }
                            let isMade = try self.keep((try? result.get()) ?? [], in: room)
                            report(
                                state.value.withLock { state in
                                    state.finished += 1
                                    if isMade { state.made += 1 }
                                    if case .failure(let error) = result {
                                        state.failed += 1
                                        state.firstFailure = state.firstFailure ?? error.description
                                    }
                                    return state
                                })
                        }
                    }
                }
                try await tasks.waitForAll()
            }
        }
        return state.value.withLock { $0 }
    }

    private func set(_ word: String, of service: WebMapTileService) throws(ServerError) -> TileMatrixSet {
        guard let set = service.sets.all.first(where: { $0.kind.word == word || $0.identifier == word })
        else {
            throw .unusableSource(
                reason: "\"\(word)\" is no tile matrix set here; there are "
                    + service.sets.all.map(\.kind.word).joined(separator: ", ") + ".")
        }
        return set
    }

    /// What is missing of a tile, drawn.
    private func drawn(
        _ place: TilePlace, of set: TileMatrixSet, _ layer: MapLayer, _ map: MapName,
        _ generation: Generation, _ styles: [(name: String, style: MapStyle)], _ formats: [MapFormat],
        _ service: WebMapTileService
    ) throws(MapsError) -> [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = []
        for (name, style) in styles {
            let missing = formats.map {
                ($0, disk.path(map, generation, style: name, set, place, $0))
            }.filter { disk.read($0.1) == nil }
            guard !missing.isEmpty,
                case .drawn(let picture) = try service.draw(
                    place, of: set, layer, style, isCancelled: { Task.isCancelled })
            else { continue }
            for (format, path) in missing {
                files.append((path, try service.encoder.encode(picture, as: format)))
            }
        }
        return files
    }

    /// Keeps what was drawn; false for nothing.
    private func keep(
        _ files: [(path: String, bytes: [UInt8])], in room: SeedRoom
    ) throws(ServerError) -> Bool {
        for (path, bytes) in files {
            guard room.isThere() else {
                throw ServerError.cacheFull(path: disk.root, limit: disk.limit)
            }
            try disk.keep(bytes, at: path)
        }
        return !files.isEmpty
    }
}

/// What several tasks change.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }
}

/// The tiles of a set that show something of a layer, level within level, with no more in memory than those of the way down.
struct TileWalk: Sendable {
    private let set: TileMatrixSet
    private let layer: MapLayer
    private let levels: ClosedRange<Int>
    private var waiting: [TilePlace]

    init(set: TileMatrixSet, layer: MapLayer, levels: ClosedRange<Int>) {
        self.set = set
        self.layer = layer
        self.levels = levels
        let (columns, rows) = set.size(of: 0)
        waiting = (0..<rows).flatMap { row in
            (0..<columns).map { TilePlace(level: 0, row: row, column: $0) }
        }
    }

    mutating func next() -> TilePlace? {
        while let place = waiting.popLast() {
            // What is empty is so in all deeper levels.
            guard let window = try? set.window(place), !layer.hasNothing(in: window) else { continue }
            if place.level < levels.upperBound {
                for index in 0..<4 {
                    waiting.append(
                        TilePlace(
                            level: place.level + 1, row: 2 * place.row + index / 2,
                            column: 2 * place.column + index % 2))
                }
            }
            if place.level >= levels.lowerBound { return place }
        }
        return nil
    }
}
