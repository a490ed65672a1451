public import HiPS
internal import Rasters
internal import Storage

/// What earlier builds of maps found out of their sources, so that a source is not read again for it: the published
/// map, and the checkpoints of a build that was interrupted.
public struct EarlierBuilds: Sendable {
    let target: any BuildTarget
    let version: String

    /// Builds in a data directory.
    /// - Parameter version: of the program.
    public init(in target: any BuildTarget, version: String) {
        self.target = target
        self.version = version
    }

    /// What was found by a build of the same bytes.
    struct Findings: Sendable {
        /// Whether that build was published.
        let isPublished: Bool
        let cut: (low: Double, high: Double)?
        let statistics: ValueStatistics?
    }

    /// - Returns: nil when no earlier build was of the same bytes, or nothing can be read of it.
    func findings(of map: MapName, _ identity: BuildIdentity) -> Findings? {
        if let properties = target.entry(map)?.properties,
            properties["tessera_build_id"] == identity.fingerprint
        {
            return Findings(isPublished: true, cut: properties.pixelCut, statistics: nil)
        }
        guard let site = try? target.site(of: map),
            (try? CheckpointStore.identity(in: site.checkpoints)) == identity,
            let statistics = CheckpointStore.statistics(in: site.checkpoints)
        else { return nil }
        return Findings(
            isPublished: false, cut: (statistics.lowCut, statistics.highCut), statistics: statistics)
    }
}

extension CheckpointStore {
    private static var statisticsName: String { "range" }

    /// Keeps the range of the source's values.
    func keep(_ statistics: ValueStatistics) throws(TilerError) {
        let numbers = [
            statistics.minimum, statistics.maximum, statistics.lowCut, statistics.highCut,
            statistics.validFraction,
        ]
        try store.put(Array(numbers.map { "\($0)\n" }.joined().utf8), at: Self.statisticsName)
    }

    /// The range that an earlier build kept; nil when there is none that is whole.
    static func statistics(in store: any FileStore) -> ValueStatistics? {
        guard let bytes = try? store.read(statisticsName, atMost: 4096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let numbers = text.split(separator: "\n").compactMap { Double($0) }
        guard text.hasSuffix("\n"), numbers.count == 5 else { return nil }
        return ValueStatistics(
            minimum: numbers[0], maximum: numbers[1], lowCut: numbers[2], highCut: numbers[3],
            validFraction: numbers[4])
    }
}
