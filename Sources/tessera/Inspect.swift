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

    @Option(
        help: ArgumentHelp(
            "Another map of the body to compare with: a raster, a survey file, or the folder of a HiPS. Ends with 1 where "
                + "they disagree.", valueName: "other"))
    var against: [String] = []

    @Flag(help: "Do not read the whole file for its range of values.")
    var skipRange = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        RasterSource.prepareReading(cacheBytes: 64 << 20)
        let catalogue = try source.catalogue()
        var summaries: [PlanSummary] = []
        var failed = false
        for file in files {
            do {
                let (survey, folder) = try source.survey(file)
                let request = try BuildRequest(survey, folder: folder, catalogue: catalogue)
                let plan = try HiPSPlan(request, catalogue: catalogue, readsRange: !skipRange)
                var summary = PlanSummary(plan)
                summary.against = try comparisons(plan, catalogue)
                if summary.against.contains(where: \.isFault) { failed = true }
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

    /// Columns of the sketches that are compared.
    private static let columns = 1440

    private func comparisons(
        _ plan: HiPSPlan, _ catalogue: BodyCatalogue
    ) throws -> [AgreementSummary] {
        guard !against.isEmpty else { return [] }
        let map = plan.source
        let own = MapReferences(plan.request, map)
        let sketch = try map.sketch(columns: Self.columns)
        return try against.map { other in
            let drawn: GlobeSketch
            let references: MapReferences
            if let body = HiPSFolder.body(other, catalogue) {
                try check(map.frame.body, body, other)
                references = MapReferences(hips: other, body: body)
                try own.requireSameMeridian(as: references, of: body)
                drawn = try GlobeSketch(hips: other, columns: Self.columns)
            } else {
                let (survey, folder) = try InputOptions.survey(ofInput: other)
                let request = try BuildRequest(survey, folder: folder, catalogue: catalogue)
                let source = try RasterSource(
                    opening: request.source, declaration: request.declaration, catalogue: catalogue)
                try check(map.frame.body, source.frame.body, other)
                references = MapReferences(request, source)
                try own.requireSameMeridian(as: references, of: source.frame.body)
                drawn = try source.sketch(columns: Self.columns)
            }
            return AgreementSummary(
                MapAgreement(of: sketch, with: drawn, body: map.frame.body), with: other,
                heights: own.noteOnHeights(with: references))
        }
    }

    private func check(_ body: Body, _ other: Body, _ path: String) throws {
        guard body != other else { return }
        throw CommandError(
            "\(path) is a map of \(other.name), not of \(body.name); name another map of \(body.name)")
    }
}
