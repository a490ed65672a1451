public import HEALPix
public import MOC
public import PlanetaryFrames

/// Where the samples of a raster in a map projection lie on the sphere.
///
/// Columns and rows are those of the file. The footprint and the sizes of pixels come from a lattice of places that
/// are projected back to the sphere, once, when the source is opened.
public struct ProjectedPlacement: Sendable {
    /// The coordinate reference system.
    public let frame: MapFrame
    /// Where pixels lie in its x and y.
    public let pixels: PixelPlacement
    /// The file's geotransform, as GDAL counts.
    public let geotransform: [Double]
    /// East longitude in the IAU's system minus east longitude in the file's, in radians.
    public let longitudeOffsetRad: Double
    /// Columns of the file.
    public let columns: Int
    /// Rows of the file.
    public let rows: Int
    /// Columns after which the map repeats itself; nil for maps with a seam and for rotated ones.
    public let columnsPerTurn: Double?
    /// Cells of mixed sizes that hold every sample; some at the border hold none.
    public let footprint: MOC
    /// Side of a pixel in degrees: the root of its area, the median of the map.
    public let resolutionDegrees: Double
    /// The middle of the map.
    public let centre: Direction
    /// A field in degrees around the middle that shows the map whole, at most 180.
    public let fieldDegrees: Double
    /// The area of a sample by the place in the file, relative to others.
    let areas: PixelAreas

    /// Lays a raster on its body.
    /// - Parameters:
    ///   - frame: the coordinate reference system.
    ///   - geotransform: six numbers as GDAL has them.
    ///   - columns: of the file.
    ///   - rows: of the file.
    ///   - longitudeOffsetDegrees: east longitude in the IAU's system minus east longitude in the file's.
    /// - Returns: nil when the geotransform is of no use, or when no place of the raster lies on the map.
    /// - Throws: `FrameError` when PROJ cannot make the projection.
    public init?(
        frame: MapFrame, geotransform: [Double], columns: Int, rows: Int,
        longitudeOffsetDegrees: Double = 0
    ) throws(FrameError) {
        guard columns > 0, rows > 0, let pixels = PixelPlacement(geotransform: geotransform) else {
            return nil
        }
        self.frame = frame
        self.pixels = pixels
        self.geotransform = geotransform
        longitudeOffsetRad = longitudeOffsetDegrees * .pi / 180
        self.columns = columns
        self.rows = rows
        let isUpright = geotransform[2] == 0 && geotransform[4] == 0
        columnsPerTurn = isUpright ? frame.periodX.map { abs($0 / geotransform[1]) } : nil
        var survey = FootprintSurvey(
            transformer: try frame.makeTransformer(), geotransform: geotransform, columns: columns,
            rows: rows,
            longitudeOffsetRad: longitudeOffsetDegrees * .pi / 180)
        guard let found = survey.run() else { return nil }
        footprint = found.footprint
        resolutionDegrees = found.resolutionRad * 180 / .pi
        centre = found.centre
        fieldDegrees = found.fieldDegrees
        areas = found.areas
    }

    /// Whether the last column and the first are neighbours.
    public var wraps: Bool {
        guard let columnsPerTurn else { return false }
        return abs(columnsPerTurn - Double(columns)) <= SourceGrid.closingTolerance
    }
}

/// The area of samples by their place in the file, constant over the rectangles of a lattice.
struct PixelAreas: Sendable, Equatable {
    /// Columns and rows of a rectangle.
    let width, height: Int
    /// Rectangles from west to east.
    let across: Int
    /// Areas relative to the median, row by row.
    let values: [Float]

    /// The area of the largest samples.
    var largest: Double { Double(values.max() ?? 1) }

    /// The area of the samples of a row from a column on, and the column where another area begins.
    func area(column: Int, row: Int) -> (value: Double, until: Int) {
        let x = min(column / width, across - 1)
        let y = min(row / height, values.count / across - 1)
        return (Double(values[y * across + x]), x == across - 1 ? .max : (x + 1) * width)
    }
}
