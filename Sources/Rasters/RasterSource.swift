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
    public let frame: GridFrame
    /// Where the samples lie.
    public let grid: SourceGrid
    /// How samples are read.
    public let plan: SamplePlan
    /// Unit of the values; empty when not stated.
    public let unit: String
    /// How the file is stored; after ``spooled(into:count:)``, how the copy is.
    public internal(set) var storage: SourceStorage
    /// The file that samples are read from: ``path``, or its copy in tiles.
    public internal(set) var readPath: String
    /// Where the rows of an uncompressed striped file lie.
    var rowLayout: RowLayout?
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
        (frame, grid, orientation) = (placed.frame, placed.grid, placed.orientation)
        georeferencing = placed.origin
        let noData = facts.corrected(declaration.noData, file: bands[0], driver: driver)
        plan = try SamplePlan(
            bands: bands, path: path, noData: noData, rule: declaration.noDataRule,
            special: facts.noDataValues,
            complete: grid.wraps && grid.northGap != nil && grid.southGap != nil)
        unit = bands[0].unit.isEmpty ? facts.unit ?? "" : bands[0].unit
        facts.explain(plan, bands[0], declaration)
        beliefs = facts.beliefs
        overrides = placing.overrides
        warnings = facts.warnings + placing.warnings + (frame.radiusNote.map { [$0] } ?? [])
        do {
            storage = try SourceStorage(dataset, bands[0], bands: bands.count)
            let hasHoles = try BlockCheck.run(dataset, path: path, bands: bands, fileSize: identity.size)
            // What was never written reads as the file's own nodata value.
            storage.hasHoles =
                hasHoles && bands.count == 1 && !plan.usesMask && plan.imageRule == nil
                && plan.noData == bands[0].noData ?? 0
            rowLayout = try RowLayout(dataset, bands[0], path: path, bands: bands.count)
        } catch {
            throw .gdal(error)
        }
        storage.readsWholeStrips = driver == "GTiff" && rowLayout == nil
    }

    /// Degrees per pixel at the equator: the finer of columns and rows.
    public var resolutionDegrees: Double { min(grid.longitudeStep, grid.latitudeStep) }

    /// Metres per pixel at the equator, on the file's own sphere.
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
