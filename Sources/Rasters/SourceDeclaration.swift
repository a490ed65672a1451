public import PlanetaryFrames

/// What a survey says of a source where the file is silent or wrong.
public struct SourceDeclaration: Sendable, Equatable {
    /// The edges of an image in degrees of latitude, and of longitude in the declared sense: see ``longitudeSense``.
    public struct Extent: Sendable, Equatable {
        /// Edges in degrees. With east-positive longitudes `east` is greater than `west`; with west-positive ones `west` is
        /// the longitude of the left edge and `east` that of the right one, and columns run west where it is greater.
        public var west, south, east, north: Double

        /// An extent from its edges in degrees.
        public init(west: Double, south: Double, east: Double, north: Double) {
            self.west = west
            self.south = south
            self.east = east
            self.north = north
        }
    }

    /// What the numbers of an extent or a geotransform belong to.
    public enum Registration: String, Sendable, CaseIterable {
        /// The outer edges of pixels.
        case pixel
        /// The centres of pixels.
        case grid
    }

    /// The body; nil leaves it to the file.
    public var body: Body?
    /// The coordinate reference system, in any spelling; nil leaves it to the file.
    public var crs: String?
    /// The edges of the image in degrees; nil leaves them to the file.
    public var extent: Extent?
    /// Whether places are those of edges or of centres; nil leaves it to the file.
    public var registration: Registration?
    /// What latitudes are; nil leaves it to the file.
    public var latitudeKind: LatitudeKind?
    /// The direction in which longitudes grow; nil leaves it to the file.
    public var longitudeSense: LongitudeSense?
    /// The meridian that longitudes are counted from; nil for the IAU's, where the body has no other.
    public var longitudeSystem: LongitudeSystem?
    /// The nodata value in stored units: nil leaves it to the file, `.some(nil)` says that there is none.
    public var noData: Double??
    /// The band of values, or those of red, green and blue, counted from 1; nil leaves it to the file.
    public var bands: [Int]?
    /// What else stands for no data; replaces the file's value where it names values or a range.
    public var noDataRule: NoDataRule?

    /// A declaration; what is left out is the file's affair.
    public init(body: Body? = nil, crs: String? = nil, extent: Extent? = nil, noData: Double?? = nil) {
        self.body = body
        self.crs = crs
        self.extent = extent
        self.noData = noData
    }
}
