import HiPS
import Tiler

/// What became of one input of a run.
struct BuildOutcome: Sendable {
    enum Result: String, Sendable {
        case built
        case resumed
        case upToDate = "up to date"
        case failed
        /// A signal ended the build; the same command goes on with it.
        case stopped
        /// Something before it ended the run.
        case notDone = "not done"
    }

    let input: String
    /// Body and name, as far as they are known.
    let map: MapName?
    let result: Result
    let report: BuildReport?
    /// Why it failed.
    let message: String?

    init(_ input: String, _ report: BuildReport) {
        self.input = input
        map = report.map
        self.report = report
        message = nil
        result = report.wasUpToDate ? .upToDate : report.statistics?.resumedTiles ?? 0 > 0 ? .resumed : .built
    }

    init(_ input: String, map: MapName?, _ result: Result, message: String? = nil) {
        self.input = input
        self.map = map
        self.result = result
        report = nil
        self.message = message
    }

    /// The end of a map for the log.
    var line: String {
        let name = map?.description ?? input
        guard let report else { return "\(name): \(result.rawValue)" + (message.map { ": " + $0 } ?? "") }
        guard let statistics = report.statistics else { return "\(name): \(result.rawValue)" }
        let tiles = statistics.tiles.reduce(0, +)
        return "\(name): \(result.rawValue), \(tiles) tiles, \(SizeText.bytes(statistics.bytes)), in "
            + SizeText.seconds(report.seconds)
    }

    /// A table of outcomes with a line that counts them.
    static func table(_ outcomes: [BuildOutcome]) -> [String] {
        var rows = [["map", "result", "tiles", "size", "time", ""]]
        for outcome in outcomes {
            let statistics = outcome.report?.statistics
            // A message may have one line for each mistake; all of them have been told.
            let message = outcome.message?.split(separator: "\n").first.map(String.init) ?? ""
            rows.append([
                outcome.map?.description ?? outcome.input, outcome.result.rawValue,
                statistics.map { "\($0.tiles.reduce(0, +))" } ?? "",
                statistics.map { SizeText.bytes($0.bytes) } ?? "",
                statistics == nil ? "" : outcome.report.map { SizeText.seconds($0.seconds) } ?? "", message,
            ])
        }
        let widths = rows[0].indices.dropLast().map { column in rows.map(\.[column].count).max() ?? 0 }
        let lines = rows.map { row -> String in
            var line = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }.joined(separator: "  ")
            line += row.last.map { $0.isEmpty ? "" : "  " + $0 } ?? ""
            while line.last == " " { line.removeLast() }
            return line
        }
        return lines + [counts(outcomes)]
    }

    /// How many inputs came to which end.
    static func counts(_ outcomes: [BuildOutcome]) -> String {
        let kinds: [Result] = [.built, .resumed, .upToDate, .failed, .stopped, .notDone]
        let parts = kinds.compactMap { kind -> String? in
            let count = outcomes.count { $0.result == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)"
        }
        return "\(outcomes.count) maps: " + parts.joined(separator: ", ")
    }
}
