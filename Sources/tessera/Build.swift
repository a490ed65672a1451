public import ArgumentParser
import FoundationEssentials
import Glibc
import HiPS
import PlanetaryFrames
import Rasters
public import Settings
import Tiler

struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a HiPS of a map.",
        discussion: """
            INPUT is a raster (GeoTIFF, or JPEG or PNG with a world file) or a survey file (.yaml), which gives \
            the same options by name. What is not given is chosen from the source.
            """)

    @Argument(help: "A raster, or a survey file.")
    var input: String

    @Option(help: "The data directory; the HiPS goes to hips/<body>/<name> in it.")
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

    @Flag(help: "Build even when the map is up to date, or replaces one of another source.")
    var force = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs \(jobs): expected a number of workers, 1 to 1024")
        }
    }

    func run() async throws {
        RasterSource.prepareReading(cacheBytes: 256 << 20)
        let catalogue = try BodyCatalogue.iau2015()
        let plan = try HiPSPlan(request(catalogue), catalogue: catalogue)
        let talks = !quiet && !json
        if talks { print(PlanSummary(plan).lines.joined(separator: "\n")) }
        let line = ProgressLine(silent: !talks)
        let builder = HiPSBuilder(plan, data: DataDirectory(path: data), version: tesseraVersion)
        let report = try await builder.build(jobs: jobs ?? coreCount(), force: force) { line.show($0) }
        line.finish()
        if json {
            print(try JSONText.encode(ReportDocument(report)))
        } else if talks {
            print(summary(report))
        }
    }

    private func request(_ catalogue: BodyCatalogue) throws -> BuildRequest {
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

    private func coreCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    private func summary(_ report: BuildReport) -> String {
        guard let statistics = report.statistics else {
            return "\(report.path) is up to date; --force builds it again."
        }
        let tiles = statistics.tiles.reduce(0, +)
        return "\(report.path): \(tiles) tiles, \(SizeText.bytes(statistics.bytes)), in "
            + "\(SizeText.seconds(report.seconds))."
    }
}

extension ResamplingMethod: ExpressibleByArgument {}
extension Stretch: ExpressibleByArgument {}

/// The report of a build as JSON.
private struct ReportDocument: Encodable {
    let body: String
    let name: String
    let path: String
    let upToDate: Bool
    let tiles: [Int]?
    let bytes: Int?
    let seconds: Double
    let properties: [String: String]

    init(_ report: BuildReport) {
        body = report.map.body
        name = report.map.name
        path = report.path
        upToDate = report.wasUpToDate
        tiles = report.statistics?.tiles
        bytes = report.statistics?.bytes
        seconds = report.seconds
        properties = Dictionary(report.properties.pairs.map { ($0.key, $0.value) }) { first, _ in first }
    }
}
