public import Maps

/// A tile that is asked for, in the words of the request: what they stand for depends on the body.
public struct TileParameters: Sendable, Hashable {
    /// The layer.
    public var layer: String
    /// The style; empty for the default one.
    public var style: String
    /// What else the request says of how values become colours.
    public var styling: [String: String] = [:]
    /// The format.
    public var format: MapFormat
    /// The tile matrix set.
    public var set: String
    /// The level, as it was written.
    public var matrix: String
    /// The row, as it was written.
    public var row: String
    /// The column, as it was written.
    public var column: String
}

/// A request to the tile service that can be told from its text alone.
public enum WMTSRequest: Sendable, Equatable {
    /// What the service offers.
    case capabilities(WMTSDocumentParameters)
    /// A tile.
    case tile(TileParameters)
    /// What lies at a pixel of a tile.
    case featureInfo(TileParameters, WMTSPoint)
    /// The description of the tiles of a layer for web maps.
    case tileJSON(layer: String, set: String, format: MapFormat, style: String)

    /// Reads a request in key-value pairs (OGC 07-057r7, sections 7.1 to 7.3).
    /// - Throws: an `OGCException` that names the parameter, what was found and what was expected.
    public init(_ query: KVPQuery) throws(OGCException) {
        let service = try query.required("SERVICE")
        guard service.uppercased() == "WMTS" else {
            throw .invalid(
                "SERVICE", "is \(OGCException.quoted(service)); this is the address of a WMTS")
        }
        let request = try query.required("REQUEST")
        switch request.lowercased() {
        case "getcapabilities": self = .capabilities(try WMTSDocumentParameters(query))
        case "gettile":
            try Self.checkVersion(query)
            self = .tile(try TileParameters(query))
        case "getfeatureinfo":
            try Self.checkVersion(query)
            self = .featureInfo(try TileParameters(query), try WMTSPoint(query))
        default:
            throw OGCException(
                .operationNotSupported, locator: "REQUEST",
                "The request \(OGCException.quoted(request)) is not known; GetCapabilities, GetTile and GetFeatureInfo are.",
                status: 501)
        }
    }

    private static func checkVersion(_ query: KVPQuery) throws(OGCException) {
        let version = try query.required("VERSION")
        guard version == "1.0.0" else {
            throw .invalid("VERSION", "is \(OGCException.quoted(version)); the service speaks 1.0.0")
        }
    }
}

extension TileParameters {
    init(_ query: KVPQuery) throws(OGCException) {
        let layer = try query.required("LAYER")
        // Clients write no name for the default style.
        guard let style = try query.value(of: "STYLE") else { throw .missing("STYLE") }
        let text = try query.required("FORMAT")
        guard let format = MapFormat(tileMediaType: text) else {
            throw .invalid(
                "FORMAT", "is \(OGCException.quoted(text)), which is none of \(MapFormat.tileTypes)")
        }
        self.init(
            layer: layer, style: style, styling: try query.styling(), format: format,
            set: try query.required("TILEMATRIXSET"), matrix: try query.required("TILEMATRIX"),
            row: try query.required("TILEROW"), column: try query.required("TILECOL"))
    }
}

/// Which parts of the capabilities a client wants, and what it has.
public struct WMTSDocumentParameters: Sendable, Hashable {
    /// The parts of the document (OGC 07-057r7, table 3); there are no themes.
    public enum Section: String, Sendable, Hashable, CaseIterable {
        case serviceIdentification = "ServiceIdentification"
        case serviceProvider = "ServiceProvider"
        case operationsMetadata = "OperationsMetadata"
        case contents = "Contents"
        case themes = "Themes"
    }

    /// The parts that are wanted.
    public var sections: Set<Section>
    /// The number of the document that the client has.
    public var updateSequence: String?
    /// The media type of the answer.
    public var mediaType: String

    /// The whole document.
    public init() {
        sections = Set(Section.allCases)
        mediaType = Self.mediaTypes[0]
    }

    private static let mediaTypes = ["text/xml", "application/xml"]

    init(_ query: KVPQuery) throws(OGCException) {
        self.init()
        if let versions = try query.optional("ACCEPTVERSIONS"), !Self.words(versions).contains("1.0.0") {
            throw OGCException(
                .versionNegotiationFailed, locator: "ACCEPTVERSIONS",
                "ACCEPTVERSIONS is \(OGCException.quoted(versions)); the service speaks 1.0.0.")
        }
        if let text = try query.optional("SECTIONS") {
            sections = []
            for word in Self.words(text) {
                if word.lowercased() == "all" {
                    sections = Set(Section.allCases)
                } else if let section = Section.allCases.first(where: {
                    $0.rawValue.lowercased() == word.lowercased()
                }) {
                    sections.insert(section)
                } else {
                    throw .invalid(
                        "SECTIONS",
                        "names \(OGCException.quoted(word)); the document has the sections "
                            + Section.allCases.map(\.rawValue).joined(separator: ", "))
                }
            }
        }
        updateSequence = try query.optional("UPDATESEQUENCE")
        // Of what a client takes the first that there is, and the usual one if there is none (OGC 06-121r3, section 7.3.2).
        if let text = try query.optional("ACCEPTFORMATS") {
            mediaType =
                Self.words(text).first { Self.mediaTypes.contains($0.lowercased()) }?.lowercased()
                ?? mediaType
        }
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.filter { $0 != " " } }
    }
}

/// A pixel of a tile that something is asked about, as it was written.
public struct WMTSPoint: Sendable, Hashable {
    /// The column of the pixel in the tile.
    public var column: String
    /// The row of the pixel in the tile.
    public var row: String
    /// The format of the answer.
    public var format: FeatureInfoFormat

    init(column: String, row: String, format: FeatureInfoFormat) {
        self.column = column
        self.row = row
        self.format = format
    }

    init(_ query: KVPQuery) throws(OGCException) {
        column = try query.required("I")
        row = try query.required("J")
        let text = try query.required("INFOFORMAT")
        guard let format = FeatureInfoFormat(parameter: text) else {
            throw .invalid(
                "INFOFORMAT", "is \(OGCException.quoted(text)), which is none of \(FeatureInfoFormat.list)")
        }
        self.format = format
    }
}

extension MapFormat {
    /// The formats of tiles: 8-bit PNG would be a third name for what PNG becomes by itself where it can.
    static let tileFormats: [MapFormat] = [.png, .jpeg, .webp]

    /// Their media types for a message.
    static let tileTypes = tileFormats.map(\.mediaType).joined(separator: ", ")

    init?(tileMediaType text: String) {
        guard let format = MapFormat(parameter: text), Self.tileFormats.contains(format) else { return nil }
        self = format
    }

    /// The format of a file name's end.
    public init?(tileExtension text: String) {
        switch text {
        case "png": self = .png
        case "jpg", "jpeg": self = .jpeg
        case "webp": self = .webp
        default: return nil
        }
    }

    /// The end of the names of tiles.
    public var tileExtension: String { self == .jpeg ? "jpg" : self == .png8 ? "png" : rawValue }
}
