public import PlanetaryFrames

/// What a survey file says of one map and of the HiPS to be made from it.
///
/// Everything is optional: what is missing is taken from the inputs or from the command line.
public struct Survey: Sendable, Equatable {
    /// The name in paths and URLs, already in the form that `pathName(_:)` gives.
    public var name: String?
    /// The IVOA identifier, `ivo://authority/path`.
    public var id: String?
    /// The body by name or NAIF code, as written.
    public var body: String?
    /// The title, on one line.
    public var title: String?
    /// The description, on one line.
    public var description: String?
    /// Who made the data, on one line.
    public var credit: String?
    /// The licence (key `licence` or `license`), on one line.
    public var licence: String?
    /// Paths of the source rasters as written; see `resolvedInputs(relativeTo:)`.
    public var inputs: [String]
    /// The outer edges of the map, for inputs that do not say where they lie.
    public var extent: Extent?
    /// The coordinate reference system, which overrides that of the inputs.
    public var crs: String?
    /// Whether `extent` and the geotransform of the inputs are those of edges or of centres of pixels.
    public var registration: Registration?
    /// What the latitudes of the inputs are (key `latitude_kind`), which overrides what they say.
    public var latitudeKind: LatitudeKind?
    /// How the longitudes of the inputs and of `extent` grow (key `longitude_sense`), which overrides what they say.
    public var longitudeSense: LongitudeSense?
    /// The meridian that longitudes are counted from (key `longitude_system`), on bodies that have several.
    public var longitudeSystem: LongitudeSystem?
    /// What heights are counted from (key `vertical`).
    public var vertical: VerticalReference?
    /// The value that stands for no data, which overrides that of the inputs.
    public var nodata: NoData?
    /// The band of values, or those of red, green and blue, counted from 1, of inputs with several.
    public var bands: [Int]?
    /// The HEALPix order of the deepest tiles, 0 to 20.
    public var order: Int?
    /// Tile formats in the order wished: `fits`, `png`, `jpeg`, `webp`.
    public var formats: [String]?
    /// The range of values of the 8-bit view.
    public var cut: Cut?
    /// How the range is spread over the 8-bit view.
    public var stretch: Stretch?
    /// The name of the colour map of the 8-bit view.
    public var colormap: String?
    /// How pixels are made from the source.
    public var resampling: ResamplingMethod?
    /// The HEALPix order of the coverage map (key `moc_order`), 0 to 29.
    public var mocOrder: Int?

    /// Makes a survey that says nothing.
    public init() {
        inputs = []
    }

    /// The inputs as paths from the working directory, given the folder of the survey file.
    ///
    /// Absolute paths, GDAL's virtual paths (`/vsi...`) and URLs stay as they are.
    public func resolvedInputs(relativeTo folder: String) -> [String] {
        inputs.map { input in
            if folder.isEmpty || input.hasPrefix("/") || input.contains("://") { return input }
            return folder.hasSuffix("/") ? folder + input : folder + "/" + input
        }
    }
}
