internal import XML

/// How mistakes are told in a version.
struct WFSExceptionForm {
    let version: WFSVersion

    /// The answer that tells an exception: OGC 06-121r3, section 8, for 2.0.0; OGC 05-008 for 1.1.0; OGC 02-058,
    /// section 7.7, for 1.0.0.
    func answer(_ exception: OGCException) -> OGCAnswer {
        var writer = XMLWriter()
        switch version {
        case .v100: report100(exception, &writer)
        case .v110: report(exception, "1.1.0", "1.0.0", "http://www.opengis.net/ows", &writer)
        case .v200: report(exception, "2.0.0", "1.1.0", "http://www.opengis.net/ows/1.1", &writer)
        }
        var answer = OGCAnswer(
            status: exception.status,
            mediaType: version == .v100 ? "application/vnd.ogc.se_xml" : "text/xml", body: writer.bytes,
            retryAfter: exception.retryAfter)
        if exception.status >= 500, exception.retryAfter == nil, exception.code == .noApplicableCode {
            answer.fault = exception.text
        }
        return answer
    }

    private func report(
        _ exception: OGCException, _ version: String, _ ows: String, _ namespace: String,
        _ writer: inout XMLWriter
    ) {
        writer.element(
            "ows:ExceptionReport",
            [
                "version": version, "xml:lang": namespace.hasSuffix("1.1") ? "en" : nil,
                "language": namespace.hasSuffix("1.1") ? nil : "en", "xmlns:ows": namespace,
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "\(namespace) http://schemas.opengis.net/ows/\(ows)/owsExceptionReport.xsd",
            ]
        ) { writer in
            writer.element(
                "ows:Exception", ["exceptionCode": exception.code.rawValue, "locator": exception.locator]
            ) { $0.element("ows:ExceptionText", text: exception.text) }
        }
    }

    private func report100(_ exception: OGCException, _ writer: inout XMLWriter) {
        writer.element(
            "ServiceExceptionReport",
            [
                "version": "1.2.0", "xmlns": "http://www.opengis.net/ogc",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/ogc http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd",
            ]
        ) {
            $0.element(
                "ServiceException", ["code": exception.code.rawValue, "locator": exception.locator],
                text: exception.text)
        }
    }
}
