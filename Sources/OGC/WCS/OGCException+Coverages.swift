internal import GridCoverages
internal import Maps

extension OGCException {
    /// A parameter of GeoTIFF that is not taken.
    static func geoTIFF(
        _ name: String, _ found: String, _ expected: String, _ code: Code = .invalidParameterValue
    ) -> OGCException {
        OGCException(
            code, locator: "geotiff:" + name,
            "geotiff:\(name) is \(quoted(found)); \(expected) was expected.")
    }

    /// A coverage whose file lies on a server that does not answer.
    public static func unreachable(_ coverage: String) -> OGCException {
        OGCException(
            .noApplicableCode, locator: "COVERAGEID",
            CoverageError.sourceUnreachable(coverage: coverage).description, status: 503,
            retryAfter: GridCoverage.restSeconds)
    }

    /// What a coverage cannot be given for, in the words of WCS 2.0.
    init(_ error: CoverageError, of coverage: GridCoverage) {
        let text = error.description
        switch error {
        case .tooLarge, .tooMuchRead: self.init(.invalidParameterValue, locator: "SUBSET", text)
        case .outside: self.init(.invalidSubsetting, locator: "SUBSET", text, status: 404)
        case .badSize: self.init(.invalidExtent, locator: "SCALESIZE", text, status: 404)
        case .unsupportedCRS: self.init(.outputCRSNotSupported, locator: "OUTPUTCRS", text, status: 404)
        case .unsupportedInterpolation:
            self.init(.interpolationMethodNotSupported, locator: "INTERPOLATION", text, status: 404)
        case .unknownBand: self.init(.noSuchField, locator: "RANGESUBSET", text, status: 404)
        case .unsupportedFormat: self.init(.invalidParameterValue, locator: "FORMAT", text)
        case .sourceGone: self.init(.noSuchCoverage, locator: "COVERAGEID", text, status: 404)
        case .sourceUnreachable(let name): self = .unreachable(name)
        case .maps(.unavailable):
            self.init(.noApplicableCode, text, status: 503, retryAfter: 5)
        case .maps, .writing, .cancelled, .sourceUnreadable: self.init(.noApplicableCode, text, status: 500)
        }
    }
}
