import Rasters

/// How a source agrees with another map: for people and for scripts.
struct AgreementSummary: Encodable {
    let other: String
    let verdict: String
    let isFault: Bool
    let correlation: Double
    let eastDegrees: Double
    let northDegrees: Double
    let planetographicShare: Double
    let precisionDegrees: Double
    let overlap: Double
    let sentence: String
    /// What heights of the two are counted from, where that differs.
    let heights: String?

    init(_ agreement: MapAgreement, with other: String, heights: String?) {
        self.other = other
        verdict = agreement.verdict.rawValue
        isFault = agreement.isFault
        correlation = agreement.correlation
        eastDegrees = agreement.eastDegrees
        northDegrees = agreement.northDegrees
        planetographicShare = agreement.planetographicShare
        precisionDegrees = agreement.precisionDegrees
        overlap = agreement.overlap
        sentence = agreement.sentence
        self.heights = heights
    }
}
