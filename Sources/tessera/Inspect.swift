import ArgumentParser
import PlanetaryFrames
import Rasters
import Settings
import Tiler

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is believed of inputs, and what would be built of them.")

    @Argument(help: "Rasters or survey files.")
    var files: [String]

    @OptionGroup var source: InputOptions

    @Flag(help: "Do not read the whole file for its range of values.")
    var skipRange = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        RasterSource.prepareReading(cacheBytes: 64 << 20)
        let catalogue = try BodyCatalogue.iau2015()
        var summaries: [PlanSummary] = []
        var failed = false
        for file in files {
            do {
                let (survey, folder) = try source.survey(file)
                let request = try BuildRequest(survey, folder: folder, catalogue: catalogue)
                let summary = PlanSummary(
                    try HiPSPlan(request, catalogue: catalogue, readsRange: !skipRange))
                summaries.append(summary)
                if !json { print(summary.lines.joined(separator: "\n")) }
            } catch {
                failed = true
                Console.tell("Error: \(error)\n")
            }
        }
        if json { print(try JSONText.encode(summaries)) }
        if failed { throw ExitCode.failure }
    }
}
