internal import Glibc
internal import GridCoverages
internal import HiPS
internal import Logging
internal import Maps
internal import OGC
internal import PlanetaryFrames
internal import Settings
internal import Synchronization

/// The layers and coordinate systems that the map services draw from, opened when they are first asked for and again when
/// a map has been rebuilt.
///
/// All calls but `init` wait for the disk, the network or PROJ, and are made on the threads of a gate alone.
final class MapServices: Sendable {
    /// The coordinate systems of a body, and those that documents list.
    struct BodySystems: Sendable {
        let all: MapSystems
        let listed: [MapCRS]
        let tiles: TileMatrixSets
    }

    /// The layer of a map, opened by whoever comes first while the others wait.
    private final class Slot: Sendable {
        /// The styles that the opened layer is offered in, the default first.
        let styles = Mutex<(generation: UInt64, names: [String])?>(nil)
        let layer = Mutex<(generation: UInt64, layer: MapLayer)?>(nil)
        let description = Mutex<(generation: UInt64, result: ServiceLayer)?>(nil)
        let tiled = Mutex<(generation: UInt64, result: TiledLayer)?>(nil)
        let coverages = Mutex<KnownCoverages?>(nil)
    }

    /// The coverages of a map whose files are on this disk, and the note of one that is not.
    private struct KnownCoverages {
        let generation: UInt64
        let stamp: Int64
        let result: [GridCoverage]
        let remote: SourceNote?
    }

    let identity: ServiceIdentity
    let limits: WMSLimits
    /// What takes numbers out of maps and the files behind them.
    let coverageMaker: CoverageMaker
    let renderer: MapRenderer
    let encoder = MapEncoder()
    private let remoteSources = RemoteSources()
    private let settings: ServerSettings
    private let logger: Logger?
    /// The data directory; nil where maps lie elsewhere.
    private let directory: DataDirectory?
    private let slots = Mutex<[MapName: Slot]>([:])
    private let systems = Mutex<[String: BodySystems]>([:])
    private let sequences = Mutex<[String: (state: [UInt64], number: Int64)]>([:])

    /// The memory for decoded tiles where nothing is said, in megabytes.
    private static let decodedMegabytes = 512
    /// The memory for decoded parts of the files behind maps where nothing is said, in megabytes.
    private static let sourceMegabytes = 256

    init(settings: ServerSettings, directory: DataDirectory? = nil, logger: Logger? = nil) {
        self.settings = settings
        self.logger = logger
        self.directory = directory
        identity = ServiceIdentity(settings)
        let usual = WMSLimits()
        limits = WMSLimits(
            largestWidth: settings.limits.mapWidth ?? usual.largestWidth,
            largestHeight: settings.limits.mapHeight ?? usual.largestHeight,
            mostPixels: settings.limits.mapMegapixels.map { $0 << 20 } ?? usual.mostPixels,
            mostLayers: settings.limits.mapLayers ?? usual.mostLayers)
        let megabytes = settings.cache.decoded ?? Self.decodedMegabytes
        renderer = MapRenderer(tiles: DecodedTiles(limitBytes: megabytes << 20))
        coverageMaker = CoverageMaker(
            renderer: renderer, encoder: encoder,
            options: .init(
                limits: CoverageLimits(settings.coverages), offersNative: settings.coverages.native ?? true,
                offersRemote: settings.coverages.remote ?? true,
                sourceBytes: (settings.cache.sources ?? Self.sourceMegabytes) << 20))
    }

    /// The coordinate systems of a body; nil for a word that names none.
    func systems(of word: String) throws -> BodySystems? {
        if let known = systems.withLock({ $0[word] }) { return known }
        let catalogue = try BodyCatalogue.standard()
        let named = catalogue.bodies.first { $0.pathName == word }
        guard let body = named ?? (try? catalogue.body(named: word)) else { return nil }
        let stated = settings.bodies[word]
        let definitions = (stated?.definitions ?? [:]).sorted { $0.key < $1.key }
        let all = try MapSystems(
            body: body, catalogue: catalogue,
            options: .init(
                earthAliases: settings.earthAliases ?? false,
                definitions: definitions.map { (identifier: $0.key, definition: $0.value) }))
        let listed = (stated?.crs ?? []).compactMap { try? all.parse($0).crs }
        let made = BodySystems(
            all: all, listed: listed.isEmpty ? all.advertised : listed,
            tiles: TileMatrixSets(all, withGeographic: settings.geographicTiles ?? false))
        return systems.withLock { systems in
            systems[word] = systems[word] ?? made
            return systems[word]
        }
    }

    /// The coordinate systems of a body if they have been made; does not wait for anything.
    func knownSystems(of word: String) -> BodySystems? { systems.withLock { $0[word] } }

    /// What the settings say of bodies that is not so, one sentence each: bodies and systems that there are not, and
    /// definitions that cannot be used. Maps are drawn without them.
    func problems() throws -> [String] {
        var problems: [String] = []
        for (word, body) in settings.bodies.sorted(by: { $0.key < $1.key }) {
            guard let systems = try systems(of: word)?.all else {
                problems.append("bodies.\(word): no body is known by this name")
                continue
            }
            for (identifier, reason) in systems.refused {
                problems.append("bodies.\(word).definitions.\(identifier): \(reason)")
            }
            for identifier in body.crs ?? [] {
                do {
                    _ = try systems.parse(identifier)
                } catch {
                    problems.append("bodies.\(word).crs: \(error)")
                }
            }
        }
        for (map, stated) in settings.maps.sorted(by: { $0.key < $1.key }) {
            for name in stated.styles ?? [] where !Self.allStyles.contains(name.lowercased()) {
                problems.append("maps.\(map).styles: there is no style \(name)")
            }
        }
        return problems
    }

    /// The names of the styles that any layer may have.
    private static let allStyles = Set(MapStyle.names(for: .values(unit: nil, reference: nil)))

    /// The layer of one state of a map.
    /// - Throws: ``MapsError`` when it cannot be drawn.
    func layer(_ map: MapName, _ generation: Generation) throws(MapsError) -> MapLayer {
        let slot = slot(of: map)
        let result: Result<MapLayer, MapsError> = slot.layer.withLock { known in
            if let known, known.generation == generation.number { return .success(known.layer) }
            let now = ContinuousClock.now
            if let refusal = generation.refusal.withLock({ $0 }),
                now - refusal.lastTrial < Self.restAfterRefusal
            {
                return .failure(refusal.error)
            }
            let result = Result { () throws(MapsError) in
                try MapLayer(
                    name: map, properties: generation.properties, note: generation.note,
                    files: GenerationFiles(generation: generation), catalogue: try Self.catalogue())
            }
            generation.refusal.withLock { refusal in
                switch result {
                case .success: refusal = nil
                case .failure(let error):
                    refusal = .init(error: error, moment: refusal?.moment ?? .now, lastTrial: .now)
                }
            }
            // Somebody may still draw an earlier state, which does not come back.
            if case .success(let layer) = result, known?.generation ?? 0 < generation.number {
                if let known { renderer.tiles.drop(known.layer) }
                known = (generation.number, layer)
                let names = offeredStyles(of: map, layer)
                slot.styles.withLock { $0 = (generation.number, names) }
                for name in settings.maps[map.description]?.styles ?? []
                where !names.contains(name.lowercased()) {
                    logger?.warning("\(map) has no style \(name), which the settings name")
                }
            }
            return result
        }
        return try result.get()
    }

    /// What failed may pass, but not each request has to find out.
    private static let restAfterRefusal = Duration.milliseconds(500)

    /// What the documents say of a layer.
    func description(
        of layer: MapLayer, _ map: MapName, _ generation: Generation, in systems: [MapCRS]
    ) throws -> ServiceLayer {
        try slot(of: map).description.withLock { known in
            if let known, known.generation == generation.number { return known.result }
            var description = try ServiceLayer(
                layer, in: systems, renderer: renderer, path: map.urlPath)
            if settings.wms.wrapExtent ?? false { description.extendBoxes(in: systems) }
            let stated = settings.maps[map.description]
            description.title = stated?.title ?? description.title
            description.abstract = stated?.description ?? description.abstract
            description.styles = offeredStyles(of: map, layer).compactMap { name in
                description.styles.first { $0.name == name }
            }
            known = (generation.number, description)
            return description
        }
    }

    /// What the documents of the tile service say of a layer.
    func tiledLayer(
        _ layer: MapLayer, _ map: MapName, _ generation: Generation, in systems: BodySystems
    ) throws -> TiledLayer {
        let description = try description(of: layer, map, generation, in: systems.listed)
        return try slot(of: map).tiled.withLock { known in
            if let known, known.generation == generation.number { return known.result }
            let tiled = try TiledLayer(layer, description, in: systems.tiles)
            known = (generation.number, tiled)
            return tiled
        }
    }

    /// The coverages of a map: the map itself, and the file that it was built from where that is at hand.
    ///
    /// The note of the file may come after the map, and the file may change at any time.
    /// - Parameters:
    ///   - wish: what is wanted of a file on a server.
    ///   - waits: whether it may be waited for.
    /// - Throws: ``RemoteSources/Pending`` where such a file has to be waited for.
    func coverages(
        _ map: MapName, _ generation: Generation, remote wish: RemoteWish = .none, waits: Bool = false
    ) throws -> FoundCoverages {
        guard let systems = try systems(of: map.body)?.all else { return ([], []) }
        let layer = try layer(map, generation)
        let catalogue = try Self.catalogue()
        let words = words(of: map)
        let known = try slot(of: map).coverages.withLock { known in
            let stamp = directory.map { SourceNote.stamp(of: map, in: $0) } ?? 0
            if let known, known.generation == generation.number, known.stamp == stamp { return known }
            let result = try coverageMaker.coverages(
                of: layer, words: words, map: map, in: directory, systems: systems, catalogue: catalogue
            ).map { $0.forClients(systems) }
            let note = directory.flatMap { coverageMaker.note(of: layer, map: map, in: $0) }
            let made = KnownCoverages(
                generation: generation.number, stamp: stamp, result: result,
                remote: note.flatMap { coverageMaker.isRemote($0) ? $0 : nil })
            known = made
            return made
        }
        var found = (
            coverages: known.result.filter { $0.knownState == .unchanged }, unreachable: [String]()
        )
        guard let note = known.remote, wish != .none else { return found }
        let place = remoteSources.place(
            of: map, .init(generation: known.generation, note: known.stamp), on: note.host
        ) { [coverageMaker] in
            let opening = coverageMaker.native(
                note: note, of: layer, words: words, systems: systems, catalogue: catalogue)
            switch opening {
            case .given(let coverage): return .coverage(coverage.forClients(systems))
            case .unfit: return .unfit
            case .unreachable: return .unreachable
            }
        }
        try Self.add(place, to: &found, map: map, wish, waits: waits)
        return found
    }

    /// What the settings say of a map in the place of its own words.
    private func words(of map: MapName) -> CoverageWords {
        let stated = settings.maps[map.description]
        return CoverageWords(title: stated?.title, abstract: stated?.description)
    }

    /// Whether a map is left out of the documents.
    func isHidden(_ map: MapName) -> Bool { settings.maps[map.description]?.hidden ?? false }

    /// The styles that a layer is offered in, the default first: those of the settings that it has, or all of its own.
    private func offeredStyles(of map: MapName, _ layer: MapLayer) -> [String] {
        let own = layer.styles
        var names: [String] = []
        for name in (settings.maps[map.description]?.styles ?? []).map({ $0.lowercased() })
        where own.contains(name) && !names.contains(name) {
            names.append(name)
        }
        return names.isEmpty ? own : names
    }

    /// The style that a layer is drawn in where a request names none.
    func defaultStyle(of map: MapName, _ layer: MapLayer) -> String {
        offeredStyles(of: map, layer).first ?? MapStyle.Kind.plain.rawValue
    }

    /// The same for a state of a map; nil when the settings name styles and the layer, which may not have them, has not been
    /// opened. Does not wait for anything.
    func knownDefaultStyle(of map: MapName, _ generation: Generation) -> String? {
        guard settings.maps[map.description]?.styles != nil else { return MapStyle.Kind.plain.rawValue }
        return slot(of: map).styles.withLock { $0?.generation == generation.number ? $0?.names.first : nil }
    }

    /// The title of a body's service; nil where nothing is said.
    func title(of body: String) -> String? { settings.bodies[body]?.title }

    /// The number of a document, by its name, that depends on these states of maps: the time when it was first made, in seconds since
    /// 1970, so that it grows over restarts as well.
    func updateSequence(of document: String, _ states: [UInt64]) -> Int64 {
        let now = Int64(time(nil))
        return sequences.withLock { sequences in
            if let known = sequences[document], known.state == states { return known.number }
            let number = max(now, (sequences[document]?.number ?? 0) + 1)
            sequences[document] = (states, number)
            return number
        }
    }

    /// Lets go of the layers of maps that are not there any more. Does not wait for one that is just being opened.
    func forget(_ maps: [MapName]) {
        remoteSources.forget(maps)
        for slot in slots.withLock({ slots in maps.compactMap { slots.removeValue(forKey: $0) } }) {
            if let layer = slot.layer.withLockIfAvailable({ $0?.layer }) ?? nil { renderer.tiles.drop(layer) }
        }
    }

    /// Lets go of the layers of all maps but these.
    func keep(only maps: Set<MapName>) {
        forget(slots.withLock { slots in slots.keys.filter { !maps.contains($0) } })
    }

    private func slot(of map: MapName) -> Slot {
        slots.withLock { slots in
            if let slot = slots[map] { return slot }
            let slot = Slot()
            slots[map] = slot
            return slot
        }
    }

    private static func catalogue() throws(MapsError) -> BodyCatalogue {
        do {
            return try BodyCatalogue.standard()
        } catch {
            throw .frame(error)
        }
    }
}
