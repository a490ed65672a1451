/// A request to the coverage service that can be told from its text alone.
public enum WCSRequest: Sendable, Equatable {
    /// What the service offers.
    case capabilities(WCSDocumentParameters)
    /// What coverages are like.
    case description(version: WCSVersion, coverages: [String])
    /// A coverage, or a part of it, in the words of 2.0.
    case coverage(WCSCoverageParameters)
    /// A coverage, or a part of it, in the words of 1.0.0.
    case plainCoverage(WCS1CoverageParameters)
}

/// Which parts of the capabilities a client wants, and what it has.
public struct WCSDocumentParameters: Sendable, Hashable {
    /// The parts of the document (OGC 09-110r4, table 10, and OGC 03-065r6, table 5).
    public enum Section: String, Sendable, Hashable, CaseIterable {
        case serviceIdentification = "ServiceIdentification"
        case serviceProvider = "ServiceProvider"
        case operationsMetadata = "OperationsMetadata"
        case languages = "Languages"
        case serviceMetadata = "ServiceMetadata"
        case contents = "Contents"

        /// The parts that a word of a request means; nil for a word that means none.
        static func named(_ word: String) -> [Section]? {
            switch word.lowercased() {
            case "all", "/": allCases
            case "/wcs_capabilities/service": [.serviceIdentification]
            case "/wcs_capabilities/capability": [.operationsMetadata]
            case "/wcs_capabilities/contentmetadata", "coveragesummary": [.contents]
            case let word: allCases.first { $0.rawValue.lowercased() == word }.map { [$0] }
            }
        }
    }

    /// The version of the document.
    public var version: WCSVersion
    /// The parts that are wanted.
    public var sections: Set<Section> = Set(Section.allCases)
    /// The number of the document that the client has.
    public var updateSequence: String?
    /// The media type of the answer.
    public var mediaType = Self.mediaTypes[0]

    private static let mediaTypes = ["text/xml", "application/xml"]

    /// The whole document.
    public init(version: WCSVersion) {
        self.version = version
    }

    /// What a request says, the same in pairs and in XML.
    init(
        acceptVersions: [String]?, version: String?, sections: [String]?, updateSequence: String?,
        acceptFormats: [String]
    ) throws(OGCException) {
        self.init(version: try .negotiated(accepted: acceptVersions, stated: version))
        self.updateSequence = updateSequence
        if let sections {
            self.sections = []
            for word in sections {
                guard let named = Section.named(word) else {
                    throw .invalid(
                        "SECTIONS",
                        "names \(OGCException.quoted(word)); the document has the sections "
                            + Section.allCases.map(\.rawValue).joined(separator: ", "))
                }
                self.sections.formUnion(named)
            }
        }
        // Of what a client takes the first that there is, and the usual one if there is none (OGC 06-121r9, section 7.3.2).
        mediaType =
            acceptFormats.first { Self.mediaTypes.contains($0.lowercased()) }?.lowercased() ?? mediaType
    }
}

/// A part of a coverage, in the words of WCS 2.0 and its extensions.
public struct WCSCoverageParameters: Sendable, Equatable {
    /// The coverage.
    public var coverage: String
    /// The parts of its axes.
    public var subsets: [WCSSubset] = []
    /// The format; nil for the native one.
    public var format: String?
    /// Whether the answer has the description of the coverage beside the file (`MEDIATYPE=multipart/related`).
    public var isMultipart = false
    /// The coordinate system of the subsets; nil for the coverage's own.
    public var subsettingCRS: String?
    /// The coordinate system of the answer; nil for that of the subsets.
    public var outputCRS: String?
    /// How much is made larger or smaller; nil for nothing.
    public var scaling: WCSScaling?
    /// The interpolation; nil for the usual one.
    public var interpolation: String?
    /// The fields that are wanted, in their order; none for all.
    public var range: [WCSRangeItem] = []
    /// How the GeoTIFF is written.
    public var geoTIFF = WCSGeoTIFFParameters()

    /// All of a coverage.
    public init(coverage: String) {
        self.coverage = coverage
    }
}

/// A part of one axis (OGC 09-110r4, section 8.4.1).
public struct WCSSubset: Sendable, Equatable {
    /// The part.
    public enum Part: Sendable, Equatable {
        /// From one bound to another; nil stands for the end of the axis.
        case trim(low: Double?, high: Double?)
        /// At one place.
        case slice(Double)
    }

    /// The label of the axis.
    public var axis: String
    /// The coordinate system of the bounds where it stands with them.
    public var crs: String?
    /// The part.
    public var part: Part
}

/// How a coverage is scaled (OGC 12-039).
public enum WCSScaling: Sendable, Equatable {
    /// All axes by one factor.
    case factor(Double)
    /// Axes by a factor each.
    case factors([Axis<Double>])
    /// Axes to a number of pixels each.
    case sizes([Axis<Int>])
    /// Axes to a first and a last pixel each.
    case extents([Axis<ClosedRange<Int>>])

    /// Something of an axis.
    public struct Axis<Value: Sendable & Equatable>: Sendable, Equatable {
        /// The label of the axis.
        public var label: String
        /// What is said of it.
        public var value: Value
    }
}

/// Fields that are wanted (OGC 12-040).
public enum WCSRangeItem: Sendable, Equatable {
    /// One field.
    case component(String)
    /// All fields from one to another.
    case interval(String, String)
}

/// How a GeoTIFF is written (OGC 12-100r1, table 2).
public struct WCSGeoTIFFParameters: Sendable, Hashable {
    /// The compression, as it was written.
    public var compression: String?
    /// The predictor, as it was written.
    public var predictor: String?
    /// The order of samples, as it was written.
    public var interleave: String?
    /// Whether there are tiles, as it was written.
    public var tiling: String?
    /// The width of a tile, as it was written.
    public var tileWidth: String?
    /// The height of a tile, as it was written.
    public var tileHeight: String?
    /// The quality of JPEG compression, as it was written.
    public var jpegQuality: String?

    /// The names of the parameters, without the prefix.
    static let names: [(name: String, path: any WritableKeyPath<Self, String?> & Sendable)] = [
        ("compression", \.compression), ("predictor", \.predictor), ("interleave", \.interleave),
        ("tiling", \.tiling), ("tilewidth", \.tileWidth), ("tileheight", \.tileHeight),
        ("jpeg_quality", \.jpegQuality),
    ]
}

/// A part of a coverage, in the words of WCS 1.0.0.
public struct WCS1CoverageParameters: Sendable, Equatable {
    /// The size of the answer.
    public enum Size: Sendable, Equatable {
        /// Columns and rows.
        case pixels(width: Int, height: Int)
        /// The size of a pixel in x and y, in units of the coordinate system of the answer.
        case resolution(x: Double, y: Double)
    }

    /// The coverage.
    public var coverage: String
    /// The coordinate system of the box; nil for the coverage's own.
    public var crs: String?
    /// The coordinate system of the answer; nil for that of the box.
    public var responseCRS: String?
    /// Least x, least y, greatest x, greatest y; nil for the whole coverage.
    public var box: [Double]?
    /// The size; nil for that of the coverage's own pixels.
    public var size: Size?
    /// The format.
    public var format: String
    /// The interpolation; nil for the usual one.
    public var interpolation: String?
    /// The fields that are wanted, in their order; none for all.
    public var range: [WCSRangeItem] = []
}
