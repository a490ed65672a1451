public import ArgumentParser
import Glibc
import HiPS
import PlanetaryFrames
import Rasters
public import Settings
import Tiler

struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make HiPS of maps.",
        discussion: """
            INPUT is a raster (GeoTIFF, or JPEG or PNG with a world file) or a survey file (.yaml), which gives \
            the same options by name. What is not given is chosen from the source. Of several inputs each becomes a \
            map; all survey files are checked before the first is built. A build that was interrupted goes on where \
            it was when the same command is given again.
            """)

    @Argument(help: "Rasters or survey files.")
    var inputs: [String]

    @Option(help: "The data directory, or s3://bucket/prefix; the HiPS goes to hips/<body>/<name> in it.")
    var data = "data"

    @OptionGroup var source: InputOptions

    @Option(help: "Name of the map; by default the file's stem in lower case.")
    var name: String?

    @Option(help: "Identifier, ivo://authority/path; by default ivo://localhost/<body>/<name>.")
    var id: String?

    @Option(help: "Title for people.")
    var title: String?

    @Option(help: "Order of the leaves; by default the first whose pixels are no more than 10 % larger.")
    var order: Int?

    @Option(help: "Formats: some of fits,png,jpeg,webp. Default: fits,png for values, png,jpeg for colour.")
    var formats: String?

    @Option(help: "bilinear, nearest, bicubic, lanczos or average.")
    var resampling: ResamplingMethod?

    @Option(
        parsing: .unconditional,
        help: "LOW,HIGH: the values shown darkest and brightest; by default 0.5 % and 99.5 % of the area.")
    var cut: String?

    @Option(help: "linear, sqrt, log or asinh.")
    var stretch: Stretch?

    @Option(help: "Colours of the 8-bit view of values, such as grey or viridis.")
    var colormap: String?

    @Option(help: "Order of the coverage map; by default three more than the leaves'.")
    var mocOrder: Int?

    @Option(help: "Number of workers; by default one per core.")
    var jobs: Int?

    @Option(help: "Memory for the build, such as 600M or 2G.")
    var memory = ByteCount(bytes: 600_000_000)

    @Option(help: "A file that gets a line with the time for the start, progress and end of each map.")
    var log: String?

    @Flag(help: "Build even when the map is up to date, or replaces one of another source.")
    var force = false

    @Flag(help: "Of several inputs, build the others when one fails.")
    var keepGoing = false

    @Flag(help: "Begin even when the disk seems too small.")
    var noSpaceCheck = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs \(jobs): expected a number of workers, 1 to 1024")
        }
        if let cut { _ = try parseCut(cut) }
        guard inputs.count > 1 else { return }
        for (option, value) in [("--name", name), ("--id", id), ("--title", title)] where value != nil {
            throw ValidationError(
                "\(option) names one map, and there are \(inputs.count) inputs; say it in a survey file of each"
            )
        }
    }

    func run() async throws {
        // The plan of each map sets the size that fits its memory.
        RasterSource.prepareReading(cacheBytes: min(256 << 20, memory.bytes / 2))
        let isWatched = ProgressLine.isTerminal
        let talks = !quiet && !json
        let log = try RunLog(path: log, console: talks && !isWatched && inputs.count > 1)
        let run = BuildRun(
            options: self, catalogue: try source.catalogue(), log: log, hasBar: talks && isWatched,
            interruption: Interruption())
        try await run.interruption.heeding {
            if inputs.count == 1 {
                try await buildOne(inputs[0], run, talks: talks)
            } else {
                try await buildAll(run, talks: talks)
            }
        }
    }

    private func buildOne(_ input: String, _ run: BuildRun, talks: Bool) async throws {
        let report: BuildReport
        do {
            let plan = try run.plan(try run.item(input))
            if talks { print(PlanSummary(plan).lines.joined(separator: "\n")) }
            report = try await run.build(plan, input)
        } catch {
            run.logEnd(input, error)
            try stop(run.interruption)
            throw error
        }
        run.refreshOutlines()
        if json {
            print(try JSONText.encode(ReportDocument(report)))
        } else if talks {
            print(summary(report))
        }
        try stop(run.interruption)
    }

    private func buildAll(_ run: BuildRun, talks: Bool) async throws {
        let started = ContinuousClock.now
        let outcomes = await run.buildAll(inputs)
        run.refreshOutlines()
        if json {
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            print(try JSONText.encode(RunDocument(outcomes, seconds: seconds)))
        } else if talks {
            print(BuildOutcome.table(outcomes).joined(separator: "\n"))
        }
        try stop(run.interruption)
        if outcomes.contains(where: { $0.result == .failed }) { throw ExitCode.failure }
    }

    /// Ends the program with the status of the signal that came, if one did.
    private func stop(_ interruption: Interruption) throws {
        guard let signal = interruption.signal else { return }
        Console.tell("Interrupted. The same command goes on with the build.\n")
        throw ExitCode(Interruption.exitStatus(signal))
    }

    /// What an input and the options over it ask for.
    func request(_ input: String, _ catalogue: BodyCatalogue) throws -> BuildRequest {
        var (survey, folder) = try source.survey(input)
        survey.name = name ?? survey.name
        survey.id = id ?? survey.id
        survey.title = title ?? survey.title
        survey.order = order ?? survey.order
        if let formats {
            survey.formats = formats.split(separator: ",").map {
                String($0.filter { $0 != " " })
            }
        }
        survey.resampling = resampling ?? survey.resampling
        if let cut { survey.cut = try parseCut(cut) }
        survey.stretch = stretch ?? survey.stretch
        survey.colormap = colormap ?? survey.colormap
        survey.mocOrder = mocOrder ?? survey.mocOrder
        return try BuildRequest(survey, folder: folder, catalogue: catalogue)
    }

    private func parseCut(_ text: String) throws -> Cut {
        let numbers = text.split { $0 == "," || $0 == " " }.map { Double($0) }
        guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low.isFinite, high.isFinite,
            low < high
        else {
            throw ValidationError("--cut \(text): expected LOW,HIGH, two numbers, the lower first")
        }
        return Cut(low: low, high: high)
    }

    private func summary(_ report: BuildReport) -> String {
        guard let statistics = report.statistics else {
            return "\(report.path) is up to date; --force builds it again."
        }
        let tiles = statistics.tiles.reduce(0, +)
        let kept = statistics.resumedTiles > 0 ? " (\(statistics.resumedTiles) of an earlier run)" : ""
        return "\(report.path): \(tiles) tiles\(kept), \(SizeText.bytes(statistics.bytes)), in "
            + "\(SizeText.seconds(report.seconds))."
    }
}

extension ResamplingMethod: ExpressibleByArgument {}
extension Stretch: ExpressibleByArgument {}
