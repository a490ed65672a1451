internal import Features

extension OGCException {
    /// What features cannot be read for, in the words of the services.
    init(_ error: FeatureError) {
        switch error {
        case .busy:
            self.init(.noApplicableCode, error.description, status: 503, retryAfter: 5)
        case .noColumn, .badFilter, .badGeometry:
            self.init(.operationProcessingFailed, locator: "Filter", error.description)
        case .stopped:
            self.init(
                .operationProcessingFailed, locator: "Filter",
                "The features cannot be found in time: \(error.description).",
                status: 503)
        case .changed:
            self.init(
                .noApplicableCode, "The features were replaced while they were read; ask again.", status: 503,
                retryAfter: 1)
        default:
            self.init(.noApplicableCode, "The features cannot be read at the moment.", status: 500)
        }
    }
}
