internal import HEALPix
public import HiPS
public import PlanetaryFrames
internal import Pixels
public import Rasters
internal import Tiles

/// A request settled against its source: what will be built, and how large it will be.
public struct HiPSPlan: Sendable {
    /// What was asked for.
    public let request: BuildRequest
    /// Everything that decides the bytes of the tiles, but for the range of values.
    public let tiles: TilePlan
    /// Range of the source's values, when a pass over it was needed.
    public let statistics: ValueStatistics?
    /// The values of the darkest and the brightest level; nil for 8-bit colour.
    public let cut: (low: Double, high: Double)?

    /// Tiles of every order that may hold data; see ``TilePlan/tileCounts()``.
    public let tileCounts: [Int]

    /// Whether the map is published as it would be built; what it would take to build it is not settled then.
    public let isUpToDate: Bool

    /// How the memory is divided.
    public let memory: MemoryPlan

    /// Body and name of the map.
    public var map: MapName { tiles.map }
    /// The source.
    public var source: RasterSource { tiles.source }

    /// Settles a request.
    ///
    /// Values wider than bytes are read once for their range, unless the request gives a cut.
    /// A source that cannot be read piece by piece is copied into tiles on disk at once, and the range found on the
    /// way; ``removeSpool()`` deletes the copy.
    /// - Parameters:
    ///   - catalogue: the known bodies.
    ///   - readsRange: false leaves that pass out, for a look at what would be built.
    ///   - limits: memory and workers.
    ///   - spool: where a copy goes; nil makes none, for a look at what would be built.
    ///   - earlier: builds whose range of values is taken over where the source and all else are the same; nil for none.
    /// - Throws: ``TilerError``.
    public init(
        _ request: BuildRequest, catalogue: BodyCatalogue, readsRange: Bool = true,
        limits: BuildLimits = BuildLimits(), spool: SpoolPlace? = nil, earlier: EarlierBuilds? = nil
    ) throws(TilerError) {
        self.request = request
        var source: RasterSource
        do {
            source = try RasterSource(
                opening: request.source, declaration: request.declaration, catalogue: catalogue)
        } catch {
            throw .source(error)
        }
        try Self.checkIdentifier(request)
        let map = try Self.mapName(request, source)
        let formats = try Self.formats(request, source)
        let leaf = try Self.leafOrder(request, source)
        let moc = try Self.mocOrder(request, leaf)
        let colours = try Self.colourMap(request)
        memory = try MemoryPlan(
            budget: limits.memory, jobs: limits.jobs, source: source, leafOrder: leaf, formats: formats)
        RasterSource.prepareReading(cacheBytes: memory.cacheBytes)
        let bytes = source.plan.isBytes
        let ranges = request.cut == nil && !bytes
        var statistics: ValueStatistics?
        let findings = earlier?.findings(
            of: map,
            Self.identity(request, source, leaf: leaf, formats: formats, moc: moc, version: earlier?.version))
        isUpToDate = findings?.isPublished ?? false
        statistics = findings?.statistics
        if !isUpToDate, let spool { source = try Self.masked(source, memory, spool) }
        if !isUpToDate, let spool,
            let copy = try Self.spooled(source, memory, spool, ranges: ranges && statistics == nil)
        {
            source = copy.0
            statistics = statistics ?? copy.1
            if ranges, statistics == nil {
                source.removeSpool()
                throw .empty(path: request.source)
            }
        }
        if let cut = request.cut {
            self.cut = cut
        } else if bytes {
            cut = source.plan.isValues ? (0, 255) : nil
        } else if isUpToDate {
            cut = findings?.cut
        } else if readsRange {
            if statistics == nil {
                do {
                    statistics = try source.statistics()
                } catch {
                    throw .source(error)
                }
            }
            guard let found = statistics else { throw .empty(path: request.source) }
            cut = (found.lowCut, found.highCut)
        } else {
            cut = nil
        }
        self.statistics = statistics
        // Bytes pass unchanged; values that are stretched leave level 0 to pixels without data.
        let unchanged = bytes && request.cut == nil && request.stretch == .linear
        let stretch = ByteStretch(
            low: cut?.low ?? 0, high: cut?.high ?? 255, curve: request.stretch,
            darkest: unchanged || !source.plan.isValues ? 0 : 1)
        tiles = TilePlan(
            map: map, source: source, leafOrder: leaf, formats: formats, resampling: request.resampling,
            palette: source.plan.isValues
                ? Palette(levels: Self.levels(stretch, source.plan.kind), colours: colours) : nil,
            colourStretch: !source.plan.isValues && !bytes ? stretch : nil, mocOrder: moc,
            windowBytes: memory.windowBytes)
        tileCounts = tiles.tileCounts()
    }

    private static func levels(_ stretch: ByteStretch, _ kind: SampleKind) -> LevelTable {
        switch kind {
        case .uint8, .colour: LevelTable(stretch, for: UInt8.self)
        case .int16: LevelTable(stretch, for: Int16.self)
        case .int32: LevelTable(stretch, for: Int32.self)
        case .float32: LevelTable(stretch, for: Float.self)
        case .float64: LevelTable(stretch, for: Double.self)
        }
    }

    static func checkIdentifier(_ request: BuildRequest) throws(TilerError) {
        guard let id = request.id else { return }
        let scheme = "ivo://"
        let rest = id.hasPrefix(scheme) ? id.dropFirst(scheme.count) : ""
        guard let first = rest.first, first != "/", id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .option(
                name: "id", found: "\"\(id)\" is not an IVOA identifier",
                remedy: "expected ivo://authority/path without blanks, such as ivo://localhost/mars/viking")
        }
    }

    private static func stem(_ request: BuildRequest) -> String {
        let file = MapProperties.progenitor(request)
        return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    }

    /// The name of the map in paths; empty where nothing of the request's can stand there.
    static func slug(_ request: BuildRequest) -> String { MapName.slug(request.name ?? stem(request)) }

    private static func mapName(_ request: BuildRequest, _ source: RasterSource) throws(TilerError) -> MapName
    {
        let slug = slug(request)
        guard !slug.isEmpty else {
            throw .option(
                name: "name",
                found: "nothing of \"\(request.name ?? stem(request))\" can stand in a path",
                remedy: "expected letters of ASCII, digits, \"-\", \"_\" or \".\"; say another --name")
        }
        do {
            return try MapName(body: source.frame.body.pathName, name: slug)
        } catch {
            throw .store(error)
        }
    }

    private static func formats(
        _ request: BuildRequest, _ source: RasterSource
    ) throws(TilerError) -> [TileFormat] {
        guard let asked = request.formats, !asked.isEmpty else {
            return source.plan.isValues ? [.fits, .png] : [.png, .jpeg]
        }
        if asked.contains(.fits), !source.plan.isValues {
            throw .option(
                name: "formats",
                found: "FITS tiles were asked for, but \(request.source) is a colour picture",
                remedy: "FITS tiles hold one value a pixel; expected png, jpeg or webp")
        }
        var seen: [TileFormat] = []
        for format in asked where !seen.contains(format) { seen.append(format) }
        return seen
    }

    private static func leafOrder(_ request: BuildRequest, _ source: RasterSource) throws(TilerError) -> Order
    {
        guard let asked = request.order else { return TilePlan.naturalOrder(of: source) }
        return try checkedOrder(asked)
    }

    static func checkedOrder(_ asked: Int) throws(TilerError) -> Order {
        guard asked >= 1, asked <= 29 - tileWidthOrder, let order = Order(asked) else {
            throw .option(
                name: "order", found: "\(asked)",
                remedy:
                    "expected 1 (Aladin Lite cannot show a map of order 0 alone) to \(29 - tileWidthOrder)")
        }
        return order
    }

    private static func mocOrder(_ request: BuildRequest, _ leaf: Order) throws(TilerError) -> Order {
        let most = leaf.value + tileWidthOrder
        let asked = request.mocOrder ?? min(leaf.value + 3, most)
        guard asked >= 0, asked <= most, let order = Order(asked) else {
            throw .option(
                name: "moc-order", found: "\(asked)",
                remedy: "expected 0 to \(most), the order of the pixels of the leaves")
        }
        return order
    }

    static func colourMap(_ request: BuildRequest) throws(TilerError) -> ColourMap {
        let name = request.colourMap ?? "grey"
        guard let map = ColourMap(named: name) else {
            throw .option(
                name: "colormap", found: "\"\(name)\" is not known",
                remedy: "expected one of \(ColourMap.names.joined(separator: ", "))")
        }
        return map
    }

    /// Bytes that the tiles will take at most: raw sizes, as compression depends on the picture.
    public func largestSize() -> Int {
        let tileCount = tileCounts.reduce(0, +)
        let pixels = tileWidth * tileWidth
        let channels = source.plan.isValues && (tiles.palette?.colours.isGrey ?? true) ? 1 : 3
        let each = tiles.formats.reduce(0) { sum, format in
            switch format {
            case .fits: sum + pixels * source.plan.kind.bytes + 5760
            case .png: sum + pixels * channels
            case .jpeg, .webp: sum + pixels * channels / 4
            }
        }
        let (bytes, overflow) = tileCount.multipliedReportingOverflow(by: each)
        return overflow ? .max : bytes
    }
}
