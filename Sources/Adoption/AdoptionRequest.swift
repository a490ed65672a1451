public import HEALPix
public import HiPS
public import Tiles

/// What to adopt, under which name, and how.
public struct AdoptionRequest: Sendable {
    /// A folder, or an address with `http://` or `https://`.
    public var source: String
    /// Where the map is published.
    public var map: MapName
    /// What is added to the HEALPix longitude of a pixel of the HiPS to have its longitude on the body, both positive
    /// to the east: -360 to 360 degrees.
    public var lonOffsetDegrees = 0.0
    /// What the latitudes of the HiPS are.
    public var latitudeKind = AdoptionNote.Latitude.planetocentric
    /// A title in the place of the original one.
    public var title: String?
    /// An identifier (`ivo://...`) in the place of the original one.
    public var id: String?
    /// A line of credit in the place of the original one.
    public var credit: String?
    /// Whether the tiles of a folder are copied instead of read where they are; those of a server always are.
    public var copies = false
    /// Whether what has the name already is replaced, what was begun with other choices is dropped, and what is not
    /// to be copied is copied.
    public var forces = false
    /// The deepest order to copy; nil for all.
    public var deepestOrder: Order?
    /// The formats to copy; nil for all that are stated.
    public var formats: [TileFormat]?
    /// Requests a second, of all connections together.
    public var requestsPerSecond = 20.0
    /// Connections to a server.
    public var connections = 4
    /// How long is waited before a request is made for the second time; doubled each time.
    public var retryDelay = Duration.seconds(1)

    /// A request with the usual choices.
    public init(source: String, map: MapName) {
        self.source = source
        self.map = map
    }
}

/// How far an adoption has come.
public struct AdoptionProgress: Sendable, Equatable {
    /// Tiles that are there, those of earlier runs included.
    public let tiles: Int
    /// Tiles that the coverage promises; nil where it promises nothing.
    public let total: Int?
    /// Bytes that came over the network or were copied in this run.
    public let bytes: Int
    /// The order that is being worked on.
    public let order: Order
    /// Seconds since the beginning.
    public let seconds: Double
}

/// What was adopted.
public struct AdoptionReport: Sendable, Equatable {
    /// How the tiles came.
    public enum Means: String, Sendable {
        /// They stay where they are.
        case link
        /// They were copied, or linked into the folder of the map where the file system is the same.
        case copy
        /// They were fetched from a server.
        case mirror
    }

    /// The map.
    public let map: MapName
    /// Its folder.
    public let path: String
    /// How its tiles came.
    public let means: Means
    /// Tiles of the map; nil where they were not looked at one by one.
    public let tiles: Int?
    /// Tiles that came in this run.
    public let newTiles: Int
    /// Bytes that came in this run.
    public let newBytes: Int
    /// Tiles that the coverage promises and that are not there.
    public let missingTiles: Int
    /// The paths of the first of these.
    public let missingPaths: [String]
    /// The note beside the map.
    public let note: AdoptionNote
    /// How long it took.
    public let seconds: Double
}
