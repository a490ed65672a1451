import HiPS
import Tiler

/// The report of a build as JSON.
struct ReportDocument: Encodable {
    let body: String
    let name: String
    let path: String
    let upToDate: Bool
    let tiles: [Int]?
    let resumedTiles: Int?
    let bytes: Int?
    let seconds: Double
    let properties: [String: String]

    init(_ report: BuildReport) {
        body = report.map.body
        name = report.map.name
        path = report.path
        upToDate = report.wasUpToDate
        tiles = report.statistics?.tiles
        resumedTiles = report.statistics.flatMap { $0.resumedTiles > 0 ? $0.resumedTiles : nil }
        bytes = report.statistics?.bytes
        seconds = report.seconds
        properties = Dictionary(report.properties.pairs.map { ($0.key, $0.value) }) { first, _ in first }
    }
}

/// The report of a run over several inputs as JSON.
struct RunDocument: Encodable {
    struct Entry: Encodable {
        let input: String
        let map: String?
        let result: String
        let error: String?
        let report: ReportDocument?
    }

    let maps: [Entry]
    let failed: Int
    let seconds: Double

    init(_ outcomes: [BuildOutcome], seconds: Double) {
        maps = outcomes.map {
            Entry(
                input: $0.input, map: $0.map?.description, result: $0.result.rawValue, error: $0.message,
                report: $0.report.map(ReportDocument.init))
        }
        failed = outcomes.count { $0.result == .failed }
        self.seconds = seconds
    }
}
