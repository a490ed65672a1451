public import Maps

/// A request to the map service that can be told from its text alone.
public enum WMSRequest: Sendable, Equatable {
    /// What the service offers.
    case capabilities(version: WMSVersion, updateSequence: String?)
    /// A map.
    case map(WMSMapParameters, WMSPicture)
    /// What lies at a pixel of a map.
    case featureInfo(WMSMapParameters, WMSPoint)
    /// The legend of a layer's style.
    case legend(WMSLegend)

    /// Reads a request.
    /// - Throws: an `OGCException` that names the parameter, what was found and what was expected.
    public init(_ query: KVPQuery, limits: WMSLimits) throws(OGCException) {
        if let service = try query.optional("SERVICE"), service.uppercased() != "WMS" {
            throw .invalid(
                "SERVICE", "is \(OGCException.quoted(service)); this is the address of a WMS")
        }
        guard let request = try query.optional("REQUEST") else {
            throw OGCException(
                .missingParameterValue, locator: "REQUEST",
                "The parameter REQUEST is missing; SERVICE=WMS&REQUEST=GetCapabilities says what there is.")
        }
        switch request.lowercased() {
        case "getcapabilities":
            self = .capabilities(
                version: try WMSVersion.negotiated(try query.optional("VERSION")),
                updateSequence: try query.optional("UPDATESEQUENCE"))
        case "getmap":
            let version = try Self.version(query)
            self = .map(
                try WMSMapParameters(query, version: version, limits: limits),
                try WMSPicture(query, version: version))
        case "getfeatureinfo":
            let parameters = try WMSMapParameters(query, version: try Self.version(query), limits: limits)
            self = .featureInfo(parameters, try WMSPoint(query, in: parameters))
        case "getlegendgraphic":
            self = .legend(try WMSLegend(query, limits: limits))
        default:
            throw OGCException(
                .operationNotSupported, locator: "REQUEST",
                "The request \(OGCException.quoted(request)) is not known; GetCapabilities, GetMap, GetFeatureInfo and "
                    + "GetLegendGraphic are.")
        }
    }

    private static func version(_ query: KVPQuery) throws(OGCException) -> WMSVersion {
        try WMSVersion.stated(try query.required("VERSION"))
    }
}

/// What the picture of a map is like.
public struct WMSPicture: Sendable, Equatable {
    /// The format.
    public var format: MapFormat
    /// Whether there is nothing where no layer has data; else the background is.
    public var isTransparent: Bool
    /// The background: red, green, blue.
    public var background: [UInt8]

    /// The background for drawing; nil for none.
    var ground: (red: UInt8, green: UInt8, blue: UInt8)? {
        isTransparent ? nil : (background[0], background[1], background[2])
    }

    init(_ query: KVPQuery, version: WMSVersion) throws(OGCException) {
        let text = try query.required("FORMAT")
        guard let format = MapFormat(parameter: text) else {
            throw OGCException(
                .invalidFormat, locator: "FORMAT",
                "The format \(OGCException.quoted(text)) is none of \(MapFormat.list).")
        }
        self.format = format
        switch try query.optional("TRANSPARENT")?.uppercased() {
        case "TRUE": isTransparent = format.hasTransparency
        case nil, "FALSE": isTransparent = false
        case let text?:
            throw .invalid("TRANSPARENT", "is \(OGCException.quoted(text)); TRUE or FALSE was expected")
        }
        background = try Self.colour(try query.optional("BGCOLOR"))
        if let text = try query.optional("EXCEPTIONS"), ExceptionsFormat(parameter: text) == nil {
            throw .invalid(
                "EXCEPTIONS",
                "is \(OGCException.quoted(text)); one of \(ExceptionsFormat.names(version).joined(separator: ", ")) was expected"
            )
        }
    }

    /// What can be read of the parameters, for telling that the rest cannot.
    init?(lenient query: KVPQuery) {
        guard let format = query.lenientValue(of: "FORMAT").flatMap({ MapFormat(parameter: $0) }) else {
            return nil
        }
        self.format = format
        isTransparent =
            format.hasTransparency && query.lenientValue(of: "TRANSPARENT")?.uppercased() == "TRUE"
        background = (try? Self.colour(query.lenientValue(of: "BGCOLOR"))) ?? [255, 255, 255]
    }

    /// A colour `0xRRGGBB`; white when nothing is said.
    private static func colour(_ text: String?) throws(OGCException) -> [UInt8] {
        guard let text else { return [255, 255, 255] }
        var digits = text[...]
        for prefix in ["0x", "0X", "#"] where digits.hasPrefix(prefix) {
            digits = digits.dropFirst(prefix.count)
            break
        }
        let nibbles = digits.utf8.compactMap(KVPQuery.hexDigit)
        guard nibbles.count == 6, digits.utf8.count == 6 else {
            throw .invalid("BGCOLOR", "is \(OGCException.quoted(text)); 0xRRGGBB was expected")
        }
        return [nibbles[0] << 4 | nibbles[1], nibbles[2] << 4 | nibbles[3], nibbles[4] << 4 | nibbles[5]]
    }
}

/// A pixel of a map that something is asked about.
public struct WMSPoint: Sendable, Equatable {
    /// The names of the layers that are asked.
    public var layers: [String]
    /// The format of the answer.
    public var format: FeatureInfoFormat
    /// The most features a layer answers with; each has one at most.
    public var featureCount: Int
    /// The column, from the left.
    public var column: Int
    /// The row, from the top.
    public var row: Int

    init(_ query: KVPQuery, in map: WMSMapParameters) throws(OGCException) {
        layers = try query.required("QUERY_LAYERS").split(separator: ",", omittingEmptySubsequences: false)
            .map(String.init)
        guard layers.count <= map.layers.count else {
            throw .invalid(
                "QUERY_LAYERS",
                "names \(layers.count) layers, and LAYERS \(map.layers.count); they must be among them")
        }
        let text = try query.optional("INFO_FORMAT") ?? FeatureInfoFormat.text.rawValue
        guard let format = FeatureInfoFormat(parameter: text) else {
            throw OGCException(
                .invalidFormat, locator: "INFO_FORMAT",
                "The format \(OGCException.quoted(text)) is none of \(FeatureInfoFormat.list).")
        }
        self.format = format
        featureCount = 1
        if let text = try query.optional("FEATURE_COUNT") {
            guard let count = NumberText.integer(text), count > 0 else {
                throw .invalid(
                    "FEATURE_COUNT", "is \(OGCException.quoted(text)); a whole number above 0 was expected")
            }
            featureCount = count
        }
        let (first, second) = map.version.pixelParameters
        let other: WMSVersion = map.version == .v130 ? .v111 : .v130
        column = try Self.index(query, first, or: other.pixelParameters.column, below: map.width)
        row = try Self.index(query, second, or: other.pixelParameters.row, below: map.height)
    }

    /// The index of a column or row; the other version's name is taken where the version's own is missing.
    private static func index(
        _ query: KVPQuery, _ name: String, or other: String, below count: Int
    ) throws(OGCException) -> Int {
        let known = try query.optional(name)
        let others = try query.optional(other)
        guard let text = known ?? others else { throw .missing(name) }
        guard let index = NumberText.integer(text), (0..<count).contains(index) else {
            throw OGCException(
                .invalidPoint, locator: name,
                "\(name) is \(OGCException.quoted(text)); the map has pixels 0 to \(count - 1).")
        }
        return index
    }
}

/// A legend that is asked for.
public struct WMSLegend: Sendable, Equatable {
    /// What a legend is written as.
    public enum Format: Sendable, Equatable {
        /// A picture.
        case picture(MapFormat)
        /// The numbers.
        case json
    }

    /// The version in whose form a mistake is told.
    public var version: WMSVersion
    /// The layer.
    public var layer: String
    /// The style; empty for the default.
    public var style: String
    /// The format.
    public var format: Format
    /// What else the request says of how values become colours.
    public var styling: [String: String]

    init(_ query: KVPQuery, limits: WMSLimits) throws(OGCException) {
        version = WMSVersion.lenient(query.lenientValue(of: "VERSION"))
        layer = try query.required("LAYER")
        style = try query.optional("STYLE") ?? ""
        let text = try query.optional("FORMAT") ?? MapFormat.png.name
        if text.lowercased() == "application/json" {
            format = .json
        } else if let picture = MapFormat(parameter: text) {
            format = .picture(picture)
        } else {
            throw OGCException(
                .invalidFormat, locator: "FORMAT",
                "The format \(OGCException.quoted(text)) is none of \(MapFormat.list), application/json.")
        }
        styling = try query.styling()
    }
}
