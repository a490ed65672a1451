internal import Glibc
public import HiPS
public import Maps
public import PlanetaryFrames

/// Finds the coverages of maps, and makes the answers to requests for them.
///
/// May be used from many threads at a time; an answer is made by the thread that asks for its pieces.
public final class CoverageMaker: Sendable {
    /// What a server is set to give.
    public struct Options: Sendable {
        /// What an answer may cost.
        public var limits: CoverageLimits
        /// Whether the files that maps were built from are given on their own grids.
        public var offersNative: Bool
        /// A folder for files that answers are put together in, each in one of its own that only this user can enter.
        public var spoolFolder: String

        /// Options.
        public init(
            limits: CoverageLimits = CoverageLimits(), offersNative: Bool = true,
            spoolFolder: String = Options.temporaryFolder
        ) {
            self.limits = limits
            self.offersNative = offersNative
            self.spoolFolder = spoolFolder
        }

        /// The folder of `TMPDIR`, else `/tmp`.
        public static var temporaryFolder: String {
            getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        }
    }

    /// What the server is set to give.
    public let options: Options
    let renderer: MapRenderer
    let encoder: MapEncoder
    let keys = GeoKeyCache()

    /// A maker that draws with a renderer and shares its tiles.
    public init(renderer: MapRenderer, encoder: MapEncoder = MapEncoder(), options: Options = Options()) {
        self.renderer = renderer
        self.encoder = encoder
        self.options = options
    }

    /// The coverages of a map: its own, and that of the file behind it where that can be had.
    ///
    /// Opens the file, which takes milliseconds: what is found is to be kept as long as the map is the same.
    ///
    /// - Parameters:
    ///   - layer: the map.
    ///   - directory: the data directory of maps that were built on this disk; nil for others.
    ///   - systems: the systems of its body.
    ///   - catalogue: the known bodies.
    /// - Throws: ``CoverageError/maps(_:)`` when the map has no place on its body's equirectangular system.
    public func coverages(
        of layer: MapLayer, map: MapName, in directory: DataDirectory?, systems: MapSystems,
        catalogue: BodyCatalogue
    ) throws(CoverageError) -> [GridCoverage] {
        var found: [GridCoverage] = []
        do {
            if let own = try GridCoverage(map: layer, systems: systems) { found.append(own) }
        } catch {
            throw .maps(error)
        }
        if options.offersNative, let directory, let build = layer.properties["tessera_build_id"],
            let note = SourceNote.read(of: map, build: build, in: directory),
            let native = NativeSource(note: note, catalogue: catalogue),
            let coverage = GridCoverage(native: native, layer: layer, systems: systems)
        {
            found.append(coverage)
        }
        return found
    }

    /// Checks a request against the coverage and the limits without beginning any work.
    ///
    /// - Throws: ``CoverageError``.
    public func plan(_ request: CoverageRequest, of coverage: GridCoverage) throws(CoverageError)
        -> CoveragePlan
    {
        try CoveragePlan(request, of: coverage, limits: options.limits)
    }

    /// The answer to a request.
    ///
    /// - Parameter cancelled: whether nobody waits for the answer any more; asked often.
    /// - Throws: ``CoverageError``, before any pieces are made, for whatever is wrong with the request.
    public func product(
        _ request: CoverageRequest, of coverage: GridCoverage,
        cancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(CoverageError) -> CoverageProduct {
        let plan = try plan(request, of: coverage)
        switch plan.format.kind {
        case .geoTIFF: return try tiff(plan, cancelled)
        case .fits: return try fits(plan, cancelled)
        case .png, .jpeg: return try picture(plan, cancelled)
        }
    }

    /// What gives the samples of a plan.
    func strips(
        _ plan: CoveragePlan, _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> any CoverageStrips {
        switch plan.coverage.kind {
        case .map(let layer): return try MapStrips(plan, layer, renderer, cancelled)
        case .native(let native): return try NativeStrips(plan, native, cancelled)
        }
    }
}

/// What gives samples row by row, in any order of rows.
protocol CoverageStrips {
    /// The samples of some rows of the answer: those of a pixel's bands behind each other, in the byte order of this machine.
    ///
    /// - Parameter bands: Bands of the coverage, in the order of the result.
    mutating func samples(rows: Range<Int>, bands: [Int]) throws(CoverageError) -> [UInt8]
}
