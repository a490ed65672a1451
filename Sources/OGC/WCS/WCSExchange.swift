internal import XML

/// A request to the coverage service as it was read, and the form in which its mistakes are told.
public struct WCSExchange: Sendable {
    /// The request, or why it is none.
    public let request: Result<WCSRequest, OGCException>
    /// The version that mistakes are told in.
    public let version: WCSVersion

    /// Reads the part of an address after the question mark.
    public init(query: String) {
        let parameters = KVPQuery(query)
        version = Self.version(
            parameters.lenientValue(of: "VERSION") ?? parameters.lenientValue(of: "ACCEPTVERSIONS"))
        do {
            request = .success(try WCSRequest(parameters))
        } catch {
            request = .failure(error)
        }
    }

    /// Reads the document of a POST request (OGC 09-148r1).
    public init(document: [UInt8]) {
        var version = WCSVersion.v201
        do throws(OGCException) {
            let root = try WCSRequest.root(of: document)
            version = Self.version(root.attribute("version"))
            request = .success(try WCSRequest(root))
        } catch {
            request = .failure(error)
        }
        self.version = version
    }

    /// Tells a mistake that was found before the request was looked at.
    public init(mistake: OGCException) {
        version = .v201
        request = .failure(mistake)
    }

    /// The identifiers of the coverages that are asked for; nil for all.
    public var coverageNames: [String]? {
        switch try? request.get() {
        case .description(_, let names): names.isEmpty ? nil : names
        case .coverage(let coverage): [coverage.coverage]
        case .plainCoverage(let coverage): [coverage.coverage]
        case .capabilities, nil: nil
        }
    }

    /// Whether the samples of a coverage are asked for, the one answer that may be large.
    public var wantsSamples: Bool {
        switch try? request.get() {
        case .coverage, .plainCoverage: true
        case .description, .capabilities, nil: false
        }
    }

    private static func version(_ text: String?) -> WCSVersion {
        WCSText.words(text ?? "").lazy.compactMap { WCSVersion(stated: $0) }.first ?? .v201
    }

    /// The answer that tells why there is no other one.
    public func refusal(_ exception: OGCException) -> OGCAnswer {
        var writer = XMLWriter()
        var mediaType = "text/xml"
        var status = exception.status
        switch version {
        case .v201:
            // OGC 06-121r9, section 8.
            writer.element(
                "ows:ExceptionReport",
                [
                    "version": "2.0.0", "xml:lang": "en", "xmlns:ows": "http://www.opengis.net/ows/2.0",
                    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                    "xsi:schemaLocation":
                        "http://www.opengis.net/ows/2.0 http://schemas.opengis.net/ows/2.0/owsExceptionReport.xsd",
                ]
            ) { writer in
                writer.element(
                    "ows:Exception",
                    [
                        "exceptionCode": exception.code.rawValue,
                        "locator": exception.locator.map(Self.parameter),
                    ]
                ) { $0.element("ows:ExceptionText", text: exception.text) }
            }
        case .v100:
            // OGC 03-065r6, annex A.3.
            mediaType = "application/vnd.ogc.se_xml"
            // What the extensions of 2.0 do not find is a wrong value here.
            if status == 404, Self.code(exception.code) == OGCException.Code.invalidParameterValue.rawValue {
                status = 400
            }
            writer.element(
                "ServiceExceptionReport",
                [
                    "version": "1.2.0", "xmlns": "http://www.opengis.net/ogc",
                    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                    "xsi:schemaLocation":
                        "http://www.opengis.net/ogc http://schemas.opengis.net/wcs/1.0.0/OGC-exception.xsd",
                ]
            ) {
                $0.element(
                    "ServiceException",
                    [
                        "code": Self.code(exception.code),
                        "locator": exception.locator.map { $0 == "COVERAGEID" ? "COVERAGE" : $0 },
                    ],
                    text: exception.text)
            }
        }
        var answer = OGCAnswer(
            status: status, mediaType: mediaType, body: writer.bytes,
            retryAfter: exception.retryAfter)
        if exception.status >= 500, exception.status != 501, exception.retryAfter == nil {
            answer.fault = exception.text
        }
        return answer
    }

    /// The name of a parameter as the standards write it.
    private static func parameter(_ name: String) -> String {
        switch name {
        case "COVERAGEID": "coverageId"
        case "ACCEPTVERSIONS": "AcceptVersions"
        case "SECTIONS": "Sections"
        case "UPDATESEQUENCE": "updateSequence"
        case _ where name == name.uppercased() && !name.contains(":"): name.lowercased()
        default: name
        }
    }

    /// The word of a code in version 1.0.0; nil where it has none (OGC 03-065r6, table A.1).
    private static func code(_ code: OGCException.Code) -> String? {
        switch code {
        case .invalidFormat, .coverageNotDefined, .currentUpdateSequence, .invalidUpdateSequence,
            .missingParameterValue, .invalidParameterValue:
            code.rawValue
        case .noSuchCoverage: OGCException.Code.coverageNotDefined.rawValue
        case .noApplicableCode, .operationNotSupported: nil
        // What the extensions of 2.0 tell apart is one thing here.
        default: OGCException.Code.invalidParameterValue.rawValue
        }
    }
}
