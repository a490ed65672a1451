internal import GDAL
internal import Glibc
public import PlanetaryFrames

/// What a survey says of a source where the file is silent or wrong.
public struct SourceDeclaration: Sendable, Equatable {
    /// The edges of an image in degrees: planetocentric latitude, east longitude.
    public struct Extent: Sendable, Equatable {
        /// Edges in degrees; `east` greater than `west`.
        public var west, south, east, north: Double

        /// An extent from its edges in degrees.
        public init(west: Double, south: Double, east: Double, north: Double) {
            self.west = west
            self.south = south
            self.east = east
            self.north = north
        }
    }

    /// The body; nil leaves it to the file.
    public var body: Body?
    /// The coordinate reference system, in any spelling; nil leaves it to the file.
    public var crs: String?
    /// The edges of the image in degrees; nil leaves them to the file.
    public var extent: Extent?
    /// The nodata value in stored units: nil leaves it to the file, `.some(nil)` says that there is none.
    public var noData: Double??

    /// A declaration; what is left out is the file's affair.
    public init(body: Body? = nil, crs: String? = nil, extent: Extent? = nil, noData: Double?? = nil) {
        self.body = body
        self.crs = crs
        self.extent = extent
        self.noData = noData
    }
}

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
            throw .gdal(error)
        }
        self.path = path
        readPath = path
        identity = try SourceIdentity(path: path)
        driver = dataset.driver
        guard ["GTiff", "JPEG", "PNG", "VRT"].contains(driver) else {
            throw .format(path: path, driver: driver)
        }
        fileColumns = dataset.width
        fileRows = dataset.height
        let definition = try Self.definition(path, dataset.crsWKT, declaration)
        let mapFrame: MapFrame
        do {
            // An extent places the image, but does not make another body or kind of latitude of what the file says.
            if declaration.crs == nil, declaration.extent != nil, let stated = dataset.crsWKT {
                _ = try GridFrame(
                    definition: stated, declaredBody: declaration.body, catalogue: catalogue, source: path)
            }
            mapFrame = try MapFrame(
                definition: definition, declaredBody: declaration.body, catalogue: catalogue, source: path)
        } catch {
            throw .frame(error)
        }
        let georeference:
            (placement: SourcePlacement, frame: SourceFrame, lattice: SourceGrid, origin: String)
        if declaration.extent == nil, !Self.isGrid(mapFrame) {
            georeference = try Self.projected(
                path: path, columns: fileColumns, rows: fileRows, transform: dataset.geoTransform,
                frame: mapFrame)
        } else {
            let frame: GridFrame
            do {
                frame = try GridFrame(
                    definition: definition, declaredBody: declaration.body, catalogue: catalogue, source: path
                )
            } catch {
                throw .frame(error)
            }
            let found = try Self.grid(
                path: path, columns: fileColumns, rows: fileRows, transform: dataset.geoTransform,
                frame: frame,
                extent: declaration.extent)
            georeference = (.grid(found.grid), SourceFrame(frame), found.grid, found.origin)
        }
        placement = georeference.placement
        frame = georeference.frame
        lattice = georeference.lattice
        georeferencing = georeference.origin
        var bands: [Band] = []
        do {
            for number in 1...max(1, dataset.bandCount) { bands.append(try dataset.band(number)) }
        } catch {
            throw .gdal(error)
        }
        plan = try SamplePlan(
            bands: bands, path: path, noData: declaration.noData,
            complete: placement.isComplete)
        unit = bands[0].unit
        do {
            storage = try SourceStorage(dataset, bands[0], bands: bands.count)
            let hasHoles = try BlockCheck.run(dataset, path: path, bands: bands, fileSize: identity.size)
            // What was never written reads as the file's own nodata value.
            storage.hasHoles =
                hasHoles && bands.count == 1 && !plan.usesMask && plan.noData == bands[0].noData ?? 0
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

    /// Opening a pipe or a device would wait for whoever writes to it. GDAL's virtual paths are its own affair.
    private static func checkIsFile(_ path: String) throws(GDALError) {
        var status = stat()
        guard !path.hasPrefix("/vsi"), stat(path, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFDIR else {
            throw GDALError(
                operation: "open", path: path, message: "it is a pipe or a device; a raster file was expected"
            )
        }
    }

    private static func definition(
        _ path: String, _ fileCRS: String?, _ declaration: SourceDeclaration
    ) throws(RasterError) -> String {
        if let crs = declaration.crs { return crs }
        if declaration.extent != nil {
            guard let body = declaration.body else {
                throw .georeferencing(
                    path: path, found: "an extent is given, but neither body nor CRS",
                    remedy: "add `body:` (and `crs:` unless the extent is planetocentric degrees)")
            }
            return body.iauCode(0)
        }
        guard let fileCRS else {
            let example = declaration.body?.iauCode(0) ?? "IAU_2015:49900"
            throw .georeferencing(
                path: path, found: "the file states no coordinate reference system",
                remedy: "say in a survey file `crs: \(example)` if its latitudes are planetocentric and its "
                    + "longitudes east-positive, and `extent: [west, south, east, north]` in degrees if it "
                    + "has no world file either")
        }
        return fileCRS
    }

    /// Whether columns and rows are longitudes and latitudes, so that a ``SourceGrid`` says all.
    private static func isGrid(_ frame: MapFrame) -> Bool {
        [.geographic, .equirectangular].contains(frame.projection)
    }

    private static func projected(
        path: String, columns: Int, rows: Int, transform: [Double]?, frame: MapFrame
    ) throws(RasterError) -> (SourcePlacement, SourceFrame, SourceGrid, String) {
        guard let transform else {
            throw .georeferencing(
                path: path, found: "the file has a projection but no georeferencing",
                remedy: "put a world file beside it")
        }
        let placement: ProjectedPlacement?
        do {
            placement = try ProjectedPlacement(
                frame: frame, geotransform: transform, columns: columns, rows: rows)
        } catch {
            throw .frame(error)
        }
        guard let placement,
            let lattice = SourceGrid.lattice(
                columns: columns, rows: rows, columnsPerTurn: placement.columnsPerTurn)
        else {
            throw .georeferencing(
                path: path, found: "no pixel lies on the map: its geotransform is \(transform)",
                remedy: "check whether its units are those of the projection \(frame.projection.rawValue)")
        }
        return (.projected(placement), SourceFrame(frame), lattice, "geotransform of the file")
    }

    private static func grid(
        path: String, columns: Int, rows: Int, transform: [Double]?, frame: GridFrame,
        extent: SourceDeclaration.Extent?
    ) throws(RasterError) -> (grid: SourceGrid, origin: String) {
        let positions: (lon: Double, lonStep: Double, lat: Double, latStep: Double)
        let origin: String
        if let extent {
            let lonStep = (extent.east - extent.west) / Double(columns)
            let latStep = (extent.north - extent.south) / Double(rows)
            positions = (extent.west + lonStep / 2, lonStep, extent.north - latStep / 2, latStep)
            origin = "extent of the survey"
        } else if let t = transform {
            guard t.allSatisfy({ $0.isFinite }), t[1] != 0, t[5] != 0 else {
                throw .georeferencing(
                    path: path, found: "its geotransform \(t) is not usable",
                    remedy: "expected finite numbers and pixel sizes other than 0; say "
                        + "`extent: [west, south, east, north]` in a survey file")
            }
            guard t[2] == 0, t[4] == 0, t[1] > 0, t[5] < 0 else {
                throw .georeferencing(
                    path: path, found: "its grid is rotated, mirrored or upside down (geotransform \(t))",
                    remedy: "expected columns running east and rows running south; resample it with gdalwarp "
                        + "first")
            }
            positions = (
                frame.longitudeDegrees(x: t[0] + t[1] / 2), frame.lonDegreesPerUnit * t[1],
                frame.latitudeDegrees(y: t[3] + t[5] / 2), frame.latDegreesPerUnit * -t[5]
            )
            origin = "geotransform of the file"
        } else {
            throw .georeferencing(
                path: path, found: "the file has no georeferencing",
                remedy:
                    "say `extent: [west, south, east, north]` in degrees in a survey file, or put a world "
                    + "file beside it")
        }
        guard
            let grid = SourceGrid(
                columns: columns, rows: rows, firstLongitude: positions.lon, longitudeStep: positions.lonStep,
                firstLatitude: positions.lat, latitudeStep: positions.latStep)
        else {
            let south = positions.lat - positions.latStep * (Double(rows) - 0.5)
            let west = positions.lon - positions.lonStep / 2
            throw .georeferencing(
                path: path,
                found:
                    "it would span longitudes \(west) to \(west + positions.lonStep * Double(columns)) and "
                    + "latitudes \(south) to \(positions.lat + positions.latStep / 2)",
                remedy: "expected at most 360 degrees between the poles (2 pixels of overlap are allowed): "
                    + "check whether the units are degrees or metres, and say `crs:` or `extent:` in a "
                    + "survey file")
        }
        return (grid, origin)
    }
}

extension RasterSource {
    /// Settles how GDAL reads, for the whole process and before the first file is opened.
    ///
    /// Decoded blocks of all files share a cache of `cacheBytes`. Rows of uncompressed striped GeoTIFFs are read past it.
    public static func prepareReading(cacheBytes: Int) {
        GDALLibrary.setBlockCacheLimit(bytes: cacheBytes)
    }
}
