internal import GDAL
internal import Glibc
public import HiPS
public import Maps
public import PlanetaryFrames
internal import Rasters
internal import Synchronization

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
        /// Whether those that lie on servers and in object stores are as well.
        public var offersRemote: Bool
        /// Bytes of the parts of such files that are kept decoded, for all programs of this process that GDAL reads for;
        /// nil for what GDAL thinks right.
        public var sourceBytes: Int?
        /// A folder for files that answers are put together in, each in one of its own that only this user can enter.
        public var spoolFolder: String

        /// Options.
        public init(
            limits: CoverageLimits = CoverageLimits(), offersNative: Bool = true, offersRemote: Bool = true,
            sourceBytes: Int? = nil, spoolFolder: String = Options.temporaryFolder
        ) {
            self.limits = limits
            self.offersNative = offersNative
            self.offersRemote = offersRemote
            self.sourceBytes = sourceBytes
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
    let files = OpenSources()
    /// Whether all that earlier servers left in the folder for answers was looked for.
    let swept = Mutex(false)

    /// A maker that draws with a renderer and shares its tiles.
    public init(renderer: MapRenderer, encoder: MapEncoder = MapEncoder(), options: Options = Options()) {
        self.renderer = renderer
        self.encoder = encoder
        self.options = options
        if let bytes = options.sourceBytes { RasterSource.prepareReading(cacheBytes: bytes) }
    }

    /// The coverages of a map: its own, and that of the file behind it where that can be had.
    ///
    /// Opens the file, which takes milliseconds: what is found is to be kept as long as the map is the same. A file that
    /// has to be waited for (``isRemote(_:)``) is left out.
    ///
    /// - Parameters:
    ///   - layer: the map.
    ///   - words: what is said of it in the place of its own words.
    ///   - directory: the data directory of maps that were built on this disk; nil for others.
    ///   - systems: the systems of its body.
    ///   - catalogue: the known bodies.
    /// - Throws: ``CoverageError/maps(_:)`` when the map has no place on its body's equirectangular system.
    public func coverages(
        of layer: MapLayer, words: CoverageWords = CoverageWords(), map: MapName,
        in directory: DataDirectory?, systems: MapSystems, catalogue: BodyCatalogue
    ) throws(CoverageError) -> [GridCoverage] {
        var found: [GridCoverage] = []
        do {
            if let own = try GridCoverage(map: layer, words, systems: systems) { found.append(own) }
        } catch {
            throw .maps(error)
        }
        if let directory, let note = note(of: layer, map: map, in: directory), !isRemote(note),
            case .given(let coverage) = native(
                note: note, of: layer, words: words, systems: systems, catalogue: catalogue)
        {
            found.append(coverage)
        }
        return found
    }

    /// What is known of the file behind a map; nil where nothing is, or where files are not offered.
    public func note(of layer: MapLayer, map: MapName, in directory: DataDirectory) -> SourceNote? {
        guard options.offersNative, let build = layer.properties["tessera_build_id"],
            let note = SourceNote.read(of: map, build: build, in: directory),
            options.offersRemote || !isRemote(note)
        else { return nil }
        return note
    }

    /// Whether opening and reading the file of a note waits for a server, or may.
    public func isRemote(_ note: SourceNote) -> Bool { NativeSource.isRemote(note) }

    /// What became of the file of a note.
    public enum Opening: Sendable {
        /// It is a coverage.
        case given(GridCoverage)
        /// It has changed, or cannot be a coverage.
        case unfit
        /// The server where it lies does not answer.
        case unreachable
    }

    /// Opens the file of a note; one on a server is waited for, with limits to each request.
    public func native(
        note: SourceNote, of layer: MapLayer, words: CoverageWords = CoverageWords(), systems: MapSystems,
        catalogue: BodyCatalogue
    ) -> Opening {
        do throws(NativeSource.Refusal) {
            let native = try VirtualFile.hurrying(seconds: SourceWatch.patienceSeconds) {
                () throws(NativeSource.Refusal) in
                try NativeSource(note: note, catalogue: catalogue)
            }
            return GridCoverage(native: native, layer: layer, words, systems: systems).map { .given($0) }
                ?? .unfit
        } catch {
            switch error {
            case .unfit: return .unfit
            case .unreachable: return .unreachable
            }
        }
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
        case .native(let native): return try NativeStrips(plan, native, files, cancelled)
        }
    }
}

/// What is said of a map in the place of its own words.
public struct CoverageWords: Sendable, Hashable {
    /// Its name for people; nil for its own.
    public var title: String?
    /// What it shows; nil for its own.
    public var abstract: String?

    /// Words; its own where nothing is given.
    public init(title: String? = nil, abstract: String? = nil) {
        self.title = title
        self.abstract = abstract
    }
}

/// What gives samples row by row, in any order of rows.
protocol CoverageStrips {
    /// The samples of some rows of the answer: those of a pixel's bands behind each other, in the byte order of this machine.
    ///
    /// - Parameter bands: Bands of the coverage, in the order of the result.
    mutating func samples(rows: Range<Int>, bands: [Int]) throws(CoverageError) -> [UInt8]

    /// Makes sure, when all samples of an answer were given, that they belong together.
    mutating func finish() throws(CoverageError)
}

extension CoverageStrips {
    mutating func finish() throws(CoverageError) {}
}
