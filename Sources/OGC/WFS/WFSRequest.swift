public import XML

/// A request to the service of features that can be told from its text alone: what the words in it stand for depends on
/// the body.
public enum WFSRequest: Sendable {
    /// What the service offers.
    case capabilities(WFSDocumentParameters)
    /// The schema of types; of all of them when none is named.
    case describeFeatureType([String], WFSFormat)
    /// Features.
    case features(WFSFeatureRequest)
    /// The values of one property.
    case values(WFSFeatureRequest, reference: String)
    /// The names of the stored queries.
    case listStoredQueries
    /// What stored queries do; all of them when none is named.
    case describeStoredQueries([String])

    /// The operation in the words of the standard.
    var operation: String {
        switch self {
        case .capabilities: "GetCapabilities"
        case .describeFeatureType: "DescribeFeatureType"
        case .features: "GetFeature"
        case .values: "GetPropertyValue"
        case .listStoredQueries: "ListStoredQueries"
        case .describeStoredQueries: "DescribeStoredQueries"
        }
    }

    /// The one stored query (OGC 09-025r2, 7.9.3.6).
    public static let featureByID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
    /// The same in earlier editions of the standard, which clients still send.
    static let featureByIDNames = [featureByID, "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"]
}

/// Which parts of the capabilities a client wants, and what it has.
public struct WFSDocumentParameters: Sendable, Hashable {
    /// The parts of the document (OGC 09-025r2, table 11).
    public enum Section: String, Sendable, Hashable, CaseIterable {
        case serviceIdentification = "ServiceIdentification"
        case serviceProvider = "ServiceProvider"
        case operationsMetadata = "OperationsMetadata"
        case featureTypeList = "FeatureTypeList"
        case filterCapabilities = "Filter_Capabilities"
    }

    /// The version of the document.
    public var version: WFSVersion
    /// The parts that are wanted.
    public var sections = Set(Section.allCases)
    /// The number of the document that the client has.
    public var updateSequence: String?

    /// The whole document.
    public init(version: WFSVersion = .v200) { self.version = version }

    /// - Parameters are the values of VERSION, ACCEPTVERSIONS, SECTIONS and UPDATESEQUENCE; nil for what is not there.
    init(version: String?, accepted: String?, sections: String?, updateSequence: String?)
        throws(OGCException)
    {
        self.init()
        if let accepted {
            self.version = try .accepted(accepted)
        } else if let version {
            self.version = try .negotiated(version)
        }
        self.updateSequence = updateSequence
        guard let sections else { return }
        self.sections = []
        for word in sections.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            if word.lowercased() == "all" {
                self.sections = Set(Section.allCases)
            } else if let section = Section.allCases.first(where: {
                $0.rawValue.lowercased() == word.lowercased()
            }) {
                self.sections.insert(section)
            } else {
                throw .invalid(
                    "SECTIONS",
                    "names \(OGCException.quoted(word)); the document has the sections "
                        + Section.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
    }
}

/// Which features are wanted of one type, in the words of the request.
public struct WFSQuery: Sendable {
    /// The condition.
    public enum Condition: Sendable {
        /// All features.
        case none
        /// A filter as an element.
        case filter(XMLElement)
        /// A filter as it stands in an address.
        case filterText(String)
        /// A box as it stands in an address.
        case box(String)
        /// The identifiers of features.
        case identifiers([String])
    }

    /// The type without its prefix; nil where identifiers say it.
    public var type: String?
    /// Which of them.
    public var condition = Condition.none
    /// The properties that are wanted; empty for all.
    public var properties: [String] = []
    /// What they are sorted by.
    public var order: [(property: String, isDescending: Bool)] = []
    /// The coordinate system of the answer; nil for the default one.
    public var system: String?

    init(type: String?) { self.type = type }
}

/// A request for features or values.
public struct WFSFeatureRequest: Sendable {
    /// At least one.
    public var queries: [WFSQuery]
    /// The format of the answer.
    public var format: WFSFormat
    /// How many features at most; nil for all.
    public var count: Int?
    /// How many features are passed over.
    public var start = 0
    /// Whether only their number is wanted.
    public var isHits = false
    /// Whether the answer is the one feature itself, as that of GetFeatureById is.
    public var isSingle = false
    /// The parts of the address that the same request for another page repeats; nil for requests that came as documents.
    public var pageQuery: String?

    init(queries: [WFSQuery], format: WFSFormat) {
        self.queries = queries
        self.format = format
    }

    /// The request for one feature by its identifier.
    static func byID(_ id: String, format: WFSFormat) -> WFSFeatureRequest {
        var query = WFSQuery(type: nil)
        query.condition = .identifiers([id])
        var request = WFSFeatureRequest(queries: [query], format: format)
        request.isSingle = true
        return request
    }

    /// More queries than a request may have are refused.
    static let mostQueries = 32
    /// More identifiers than a request may name are refused.
    static let mostIdentifiers = 10_000
}

/// What the two forms of a request have in common.
enum WFSWords {
    /// A whole number that is not negative.
    static func count(_ text: String?, _ name: String) throws(OGCException) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), number >= 0, text.utf8.first != UInt8(ascii: "+") else {
            throw .invalid(name, "is \(OGCException.quoted(text)); a whole number from 0 on was expected")
        }
        return number
    }

    static func isHits(_ text: String?) throws(OGCException) -> Bool {
        switch text?.lowercased() {
        case nil, "results": return false
        case "hits": return true
        default:
            throw .invalid(
                "RESULTTYPE", "is \(OGCException.quoted(text ?? "")); results or hits was expected")
        }
    }

    static func checkResolve(_ text: String?) throws(OGCException) {
        // There are no references to resolve, so local resolution is done by doing nothing.
        switch text?.lowercased() {
        case nil, "none", "local", "all": return
        default:
            throw OGCException(
                .optionNotSupported, locator: "RESOLVE",
                "RESOLVE is \(OGCException.quoted(text ?? "")); features hold no references, so that none, local and all are the same here.",
                status: 501)
        }
    }

    /// What a service of reading alone does not do.
    static func unknown(_ operation: String) -> OGCException {
        OGCException(
            .operationNotSupported, locator: "REQUEST",
            "The operation \(OGCException.quoted(operation)) is not offered; GetCapabilities, DescribeFeatureType, GetFeature, GetPropertyValue, ListStoredQueries and DescribeStoredQueries are.",
            status: 501)
    }

    static func unknownStoredQuery(_ id: String) -> OGCException {
        .invalid(
            "STOREDQUERY_ID",
            "is \(OGCException.quoted(id)); the only stored query is \(WFSRequest.featureByID)")
    }
}
