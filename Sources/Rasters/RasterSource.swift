internal import GDAL
public import PlanetaryFrames

/// A source image and what is believed of it.
///
/// Opening refuses whatever would have to be guessed: a map that lies 20 km beside its true place is worse
/// than no map.
public struct RasterSource: Sendable {
    /// Path of the file as given.
    public let path: String
    /// What the file was when it was opened.
    public let identity: SourceIdentity
    /// GDAL's short name of the format.
    public let driver: String
    /// Columns of the file.
    public let fileColumns: Int
    /// Rows of the file.
    public let fileRows: Int
    /// Body, radius and coordinate reference system.
    public let frame: SourceFrame
    /// Where the samples lie.
    public let placement: SourcePlacement
    /// How columns and rows follow each other: ``placement``'s grid, or columns and rows alone.
    public let lattice: SourceGrid
    /// How samples are read.
    public let plan: SamplePlan
    /// All bands of the file, with what it says of each.
    public let bands: [SourceBand]
    /// The bands of ``readPath`` that hold ``plan``'s.
    var readBands: [Int]
    /// The mask of ``readPath`` that holds ``plan``'s.
    var readMask: MaskOrigin
    /// Unit of the values; empty when not stated.
    public let unit: String
    /// How the file is stored; after ``spooled(into:count:)``, how the copy is.
    public internal(set) var storage: SourceStorage
    /// The file that samples are read from: ``path``, or its copy in tiles.
    public internal(set) var readPath: String
    /// Where the rows of an uncompressed striped file lie.
    var rowLayout: RowLayout?
    /// Keeps the copy that is read from others who would clear it away.
    var spoolClaim: SpoolClaim?
    /// The file with one bit a pixel that says where there is no data; see ``masked(into:progress:)``.
    var imageMask: String?
    /// How the file's columns and rows run.
    public let orientation: SourceOrientation
    /// What is believed, and where each belief comes from.
    public let beliefs: [Belief]
    /// What the survey said instead of the file, a sentence each.
    public let overrides: [String]
    /// Where the file contradicts itself or the body, and what was corrected, a sentence each.
    public let warnings: [String]
    /// Where the georeferencing comes from, for people.
    public let georeferencing: String

    /// Opens a raster and settles what it is.
    /// - Parameters:
    ///   - path: a file that GDAL reads.
    ///   - declaration: what the survey adds to the file or corrects in it.
    ///   - catalogue: the known bodies.
    /// - Throws: ``RasterError`` saying what the survey file would have to say.
    public init(
        opening path: String, declaration: SourceDeclaration, catalogue: BodyCatalogue
    ) throws(RasterError) {
        let dataset: Dataset
        do {
            try Self.checkIsFile(path)
            dataset = try Dataset(opening: path)
        } catch {
            throw .gdal(Self.withHint(error, path))
        }
        self.path = path
        readPath = path
        driver = dataset.driver
        guard Self.drivers.contains(driver) else { throw .format(path: path, driver: driver) }
        identity = try SourceIdentity(path: path)
        fileColumns = dataset.width
        fileRows = dataset.height
        try Self.checkHasBands(dataset)
        var bands: [Band] = []
        do {
            for number in 1...max(1, dataset.bandCount) { bands.append(try dataset.band(number)) }
        } catch {
            throw .gdal(error)
        }
        var facts = try LabelFacts(dataset, bands[0])
        var placing = SourcePlacing(
            path: path, columns: fileColumns, rows: fileRows, declaration: declaration, catalogue: catalogue)
        let placed = try placing.place(dataset, &facts)
        (frame, placement, lattice, orientation) = (
            placed.frame, placed.placement, placed.lattice, placed.orientation
        )
        georeferencing = placed.origin
        try Self.checkPixelSize(placement, path: path)
        try facts.checkSamples(dataset, bands[0])
        self.bands = SourceBand.list(bands, facts)
        let first =
            declaration.bands?.first.flatMap { bands.indices.contains($0 - 1) ? bands[$0 - 1] : nil }
            ?? bands[0]
        let noData = facts.corrected(declaration.noData, file: first, driver: driver)
        plan = try SamplePlan(
            bands: bands, path: path, noData: noData, rule: declaration.noDataRule,
            special: declaration.noData == nil ? facts.noDataValues : [],
            complete: placement.isComplete, choice: declaration.bands, meanings: self.bands)
        readBands = plan.bands
        readMask = plan.mask
        unit = first.unit.isEmpty ? facts.unit ?? "" : first.unit
        facts.explain(plan, first, declaration)
        facts.explain(self.bands, plan, declaration)
        beliefs = facts.beliefs
        overrides = placing.overrides
        // What was found on several ways is said once.
        var said: Set<String> = []
        let notes = [frame.radiusNote, frame.body.surfaceNote].compactMap { $0 }
        warnings = (facts.warnings + placing.warnings + notes).filter { said.insert($0).inserted }
        do {
            storage = try SourceStorage(dataset, bands[0], bands: bands.count)
            let hasHoles = try BlockCheck.run(dataset, path: path, bands: bands, fileSize: identity.size)
            // What was never written reads as the file's own nodata value.
            storage.hasHoles =
                hasHoles && bands.count == 1 && !plan.usesMask && plan.imageRule == nil
                && plan.noData == first.noData ?? 0
            rowLayout = try RowLayout(dataset, bands[0], path: path, bands: bands.count)
        } catch {
            throw .gdal(error)
        }
        storage.readsWholeStrips = driver == "GTiff" && rowLayout == nil
    }

    /// Degrees per pixel: at the equator, the finer of columns and rows, or in the middle of a projected map.
    public var resolutionDegrees: Double {
        switch placement {
        case .grid(let grid): min(grid.longitudeStep, grid.latitudeStep)
        case .projected(let map): map.resolutionDegrees
        }
    }

    /// Metres per pixel there, on the file's own sphere.
    public var resolutionMetres: Double { resolutionDegrees * .pi / 180 * frame.radiusMetres }
}

extension RasterSource {
    /// Settles how GDAL reads, for the whole process and before the first file is opened.
    ///
    /// Decoded blocks of all files share a cache of `cacheBytes`. Rows of uncompressed striped GeoTIFFs are read past it.
    public static func prepareReading(cacheBytes: Int) {
        GDALLibrary.setBlockCacheLimit(bytes: cacheBytes)
    }
}
