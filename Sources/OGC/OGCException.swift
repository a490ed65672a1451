internal import Maps

/// Why a service of the OGC does not do what a request asks.
///
/// Each service and version writes it in a form of its own.
public struct OGCException: Error, Sendable, Equatable {
    /// The kinds of exceptions of WMS and WMTS that a program can tell apart.
    public enum Code: String, Sendable, CaseIterable {
        /// A format that the service does not write (WMS).
        case invalidFormat = "InvalidFormat"
        /// A coordinate system that the layer is not offered in (WMS 1.3.0; `InvalidSRS` in 1.1.1).
        case invalidCRS = "InvalidCRS"
        /// A layer that there is not (WMS).
        case layerNotDefined = "LayerNotDefined"
        /// A style that the layer has not (WMS).
        case styleNotDefined = "StyleNotDefined"
        /// A layer that gives no feature info (WMS).
        case layerNotQueryable = "LayerNotQueryable"
        /// A pixel outside of the map (WMS 1.3.0).
        case invalidPoint = "InvalidPoint"
        /// The client's document is the present one (WMS).
        case currentUpdateSequence = "CurrentUpdateSequence"
        /// The client's document is newer than the present one (WMS).
        case invalidUpdateSequence = "InvalidUpdateSequence"
        /// A value of a dimension that the layer has not (WMS).
        case invalidDimensionValue = "InvalidDimensionValue"
        /// A request that the service does not know.
        case operationNotSupported = "OperationNotSupported"
        /// A parameter with a value that it cannot have (WMTS, and most other services).
        case invalidParameterValue = "InvalidParameterValue"
        /// A parameter that must be there (WMTS, and most other services).
        case missingParameterValue = "MissingParameterValue"
        /// A row or a column outside of the tile matrix (WMTS).
        case tileOutOfRange = "TileOutOfRange"
        /// A pixel outside of a tile (WMTS).
        case pointIJOutOfRange = "PointIJOutOfRange"
        /// None of the versions that a client takes is one of the service's (OWS).
        case versionNegotiationFailed = "VersionNegotiationFailed"
        /// A resource that there is not (WFS 2.0.0).
        case notFound = "NotFound"
        /// A request that cannot be read (WFS 2.0.0).
        case operationParsingFailed = "OperationParsingFailed"
        /// A request that was read and cannot be done (WFS 2.0.0).
        case operationProcessingFailed = "OperationProcessingFailed"
        /// A part of the standard that is not offered.
        case optionNotSupported = "OptionNotSupported"
        /// A coverage that there is not (WCS 2.0).
        case noSuchCoverage = "NoSuchCoverage"
        /// A list of coverages without any (WCS 2.0).
        case emptyCoverageIDList = "emptyCoverageIdList"
        /// An axis that the coverage has not (WCS 2.0).
        case invalidAxisLabel = "InvalidAxisLabel"
        /// Bounds outside of the coverage, or reversed (WCS 2.0).
        case invalidSubsetting = "InvalidSubsetting"
        /// A coordinate system that subsets cannot be stated in (WCS, CRS extension).
        case subsettingCRSNotSupported = "SubsettingCrs-NotSupported"
        /// A coordinate system that coverages are not made in (WCS, CRS extension).
        case outputCRSNotSupported = "OutputCrs-NotSupported"
        /// A factor that nothing can be scaled by (WCS, scaling extension).
        case invalidScaleFactor = "InvalidScaleFactor"
        /// A size or an extent that no coverage has (WCS, scaling extension).
        case invalidExtent = "InvalidExtent"
        /// An axis to scale that the coverage has not, or twice the same (WCS, scaling extension).
        case scaleAxisUndefined = "ScaleAxisUndefined"
        /// An interpolation that there is not (WCS, interpolation extension).
        case interpolationMethodNotSupported = "InterpolationMethodNotSupported"
        /// A field that the coverage has not (WCS, range subsetting extension).
        case noSuchField = "NoSuchField"
        /// An interval of fields that ends before it begins (WCS, range subsetting extension).
        case illegalFieldSequence = "IllegalFieldSequence"
        /// A coverage that there is not (WCS 1.0.0).
        case coverageNotDefined = "CoverageNotDefined"
        /// Anything else.
        case noApplicableCode = "NoApplicableCode"
    }

    /// What kind it is; services without such a code leave it out.
    public let code: Code
    /// The parameter at fault; nil for none.
    public let locator: String?
    /// What was found, what was expected, and what to do.
    public let text: String
    /// The status of HTTP that goes with it.
    public let status: Int
    /// After how many seconds the same request may succeed; nil when it never will.
    public let retryAfter: Int?

    /// An exception; its status is the client's mistake unless another one is given.
    public init(
        _ code: Code, locator: String? = nil, _ text: String, status: Int = 400, retryAfter: Int? = nil
    ) {
        self.code = code
        self.locator = locator
        self.text = text
        self.status = status
        self.retryAfter = retryAfter
    }

    /// A parameter that must be there is not.
    public static func missing(_ name: String) -> OGCException {
        OGCException(.missingParameterValue, locator: name, "The parameter \(name) is missing or empty.")
    }

    /// A parameter has a value that it cannot have; `reason` goes on after the name.
    public static func invalid(_ name: String, _ reason: String) -> OGCException {
        OGCException(.invalidParameterValue, locator: name, "The parameter \(name) \(reason).")
    }

    /// A value as it can stand in a message: quoted, on one line, not too long.
    static func quoted(_ text: String) -> String { RequestText.quoted(text) }
}
