public import PlanetaryFrames

/// What is to be imported, and what is known of it beside what the file says.
public struct ImportRequest: Sendable {
    /// The file, as GDAL understands its path.
    public var path: String
    /// The layer of the file; nil for its only one.
    public var sourceLayer: String?
    /// The body that the features are on.
    public var body: Body
    /// The layer that they become.
    public var name: LayerName
    /// What becomes of a layer that is there already.
    public var mode = LayerWriter.Mode.create
    /// The coordinate reference system, over what the file says.
    public var srs: String?
    /// In which direction longitudes grow; nil to believe the file, or the east where it says nothing.
    public var longitude: LongitudeSense?
    /// What latitudes are; nil to believe the file, or planetocentric where it says nothing.
    public var latitude: LatitudeKind?
    /// The columns of a table that hold longitude and latitude; nil to find them by their names.
    public var longitudeColumn, latitudeColumn: String?
    /// A column with W or E for the sense of each feature's longitudes.
    public var senseColumn: String?
    /// Whether the first number of each place is the latitude; nil to believe the name of the system in a GML, and the
    /// longitude first elsewhere.
    public var isLatitudeFirst: Bool?
    /// A condition in OGR's SQL; nil for all features.
    public var condition: String?
    /// Units of columns that the file does not tell.
    public var units: [String: String] = [:]
    /// Whether the geometries that had to be repaired are kept as WKT in a column.
    public var keepsOriginals = false
    /// What the layer holds, for people; nil for what the file is called.
    public var description: String?

    /// A request to import a file as a new layer.
    public init(path: String, body: Body, name: LayerName) {
        self.path = path
        self.body = body
        self.name = name
    }
}

/// What an import did.
public struct ImportReport: Sendable, Equatable {
    /// The layer.
    public let layer: LayerName
    /// GDAL's name of the format.
    public let format: String
    /// Features in the source, and those that were taken.
    public let read, written: Int
    /// What the coordinates were taken for.
    public let coordinates: String
    /// What was assumed, one sentence each.
    public let assumptions: [String]
    /// What was put right or left out.
    public let tally: ImportTally
    /// The columns of the layer.
    public let columns: [FeatureColumn]
    /// Columns that got another name, because theirs was taken or empty.
    public let renamed: [String: String]
    /// What the numbers in columns of longitudes are beside the geometry, one sentence each.
    public let remarks: [String]
    /// Seconds that it took.
    public let seconds: Double
}
