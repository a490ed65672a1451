/// What was looked at in a HiPS, and what was found.
public struct LintReport: Sendable {
    /// The directory or the URL.
    public let location: String
    /// The findings, the worst first; of each kind at most 20.
    public let findings: [Finding]
    /// How many findings of each kind there are, those included that ``findings`` leaves out.
    public let counts: [FindingCode: Int]
    /// The number of tile files that were decoded whole.
    public let tilesRead: Int
    /// The number of tile files that there are; nil where they cannot be listed.
    public let tilesListed: Int?
    /// The bytes of the tile files that were decoded.
    public let bytesRead: Int
    /// Whether every tile was looked at, or a sample.
    public let isComplete: Bool
    /// Wall time in seconds.
    public let seconds: Double

    /// The number of findings of a severity.
    public func count(_ severity: Severity) -> Int {
        counts.reduce(0) { $1.key.severity == severity ? $0 + $1.value : $0 }
    }

    /// Whether there is no error; warnings do not count.
    public var passes: Bool { count(.error) == 0 }
}
