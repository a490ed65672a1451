import Adoption
public import ArgumentParser
import HEALPix
public import HiPS
import PlanetaryFrames
import Tiles

struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a HiPS that others made into the data directory.",
        discussion: """
            SOURCE is a folder or an address. A folder is linked: a note says where it lies, and the tiles are read \
            from there; with --copy they are copied. Of a server all tiles that its Moc.fits promises are fetched; \
            interrupted, the same command goes on. The exit status is 2 when the map is published though some of \
            these tiles are not there.

            --lon-offset D says: longitude on the body (positive to the east) = HEALPix longitude of the pixel + D.
            """)

    @Argument(help: "The folder that holds \"properties\", or its address.")
    var source: String

    @Option(help: "The body, such as mars or its NAIF code 499.")
    var body: String

    @Option(help: "Name of the map in paths; by default the last part of SOURCE.")
    var name: String?

    @Option(help: "The data directory.")
    var data = "data"

    @Option(
        parsing: .unconditional, help: "Degrees from HEALPix longitudes to those on the body, east-positive.")
    var lonOffset = 0.0

    @Option(help: "planetocentric or planetographic: what the latitudes of the HiPS are.")
    var latKind = AdoptionNote.Latitude.planetocentric

    @Option(help: "Title for people, in the place of the original one.")
    var title: String?

    @Option(help: "Identifier, ivo://authority/path, in the place of the original one.")
    var id: String?

    @Option(help: "Whose data these are, in the place of the original line.")
    var credit: String?

    @Flag(help: "Copy the tiles of a folder (by second names where the file system is the same).")
    var copy = false

    @Option(help: "The deepest order to copy.")
    var order: Int?

    @Option(help: "Formats to copy: some of fits,png,jpeg,webp; by default all that there are.")
    var formats: String?

    @Option(help: "Requests a second to a server.")
    var rate = 20.0

    @Option(help: "Connections to a server.")
    var jobs = 4

    @Flag(
        help:
            "Replace a map of the same name, drop what was begun otherwise, copy what says that it is not to be copied."
    )
    var force = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        if !(1...64).contains(jobs) {
            throw ValidationError("--jobs \(jobs): expected a number of connections, 1 to 64")
        }
        if !(rate >= 0.001 && rate <= 10_000) {
            throw ValidationError("--rate \(rate): expected a number of requests a second, 0.001 to 10000")
        }
        if !(-360...360).contains(lonOffset) {
            throw ValidationError("--lon-offset \(lonOffset): expected degrees, -360 to 360")
        }
        if let order, Order(order) == nil {
            throw ValidationError("--order \(order): expected an order, 0 to 29")
        }
        _ = try parseFormats()
    }

    func run() async throws {
        let request = try request()
        let interruption = Interruption()
        let talks = !quiet && !json
        let isWatched = talks && ProgressLine.isTerminal
        do {
            let report = try await interruption.heeding {
                try await interruption.cancellable {
                    try await Adopter(request, data: DataDirectory(path: data)).run { progress in
                        if isWatched { Console.tell("\r\(line(progress))\u{1B}[K") }
                    }
                }
            }
            if isWatched { Console.tell("\r\u{1B}[K") }
            if let failure = Outlines.refresh(data, try BodyCatalogue.standard()), !quiet {
                Console.tell("Warning: \(failure)\n")
            }
            if json {
                print(try JSONText.encode(AdoptionDocument(report)))
            } else if talks {
                print(summary(report).joined(separator: "\n"))
            }
            if report.missingTiles > 0 { throw ExitCode(2) }
        } catch AdoptionError.interrupted {
            Console.tell("\(AdoptionError.interrupted)\n")
            throw ExitCode(interruption.signal.map(Interruption.exitStatus) ?? 1)
        }
    }

    private func request() throws -> AdoptionRequest {
        let body = MapName.slug(try BodyCatalogue.standard().body(named: body).name)
        var parts = source.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        if Adopter.isRemote(source), parts.count > 1 { parts.removeFirst(2) }
        let slug = MapName.slug(name ?? parts.last.map(String.init) ?? "")
        guard !slug.isEmpty, slug != "." else {
            throw ValidationError("\(source) gives no name for the map; choose one with --name")
        }
        var request = AdoptionRequest(source: source, map: try MapName(body: body, name: slug))
        request.lonOffsetDegrees = lonOffset
        request.latitudeKind = latKind
        request.title = title
        request.id = id
        request.credit = credit
        request.copies = copy
        request.forces = force
        request.deepestOrder = order.flatMap { Order($0) }
        request.formats = try parseFormats()
        request.requestsPerSecond = rate
        request.connections = jobs
        return request
    }

    private func parseFormats() throws -> [TileFormat]? {
        try formats?.split(separator: ",").map { word in
            guard let format = TileFormat(word: word.filter { $0 != " " }) else {
                throw ValidationError("--formats: \"\(word)\" is none of fits, png, jpeg, webp")
            }
            return format
        }
    }

    private func line(_ progress: AdoptionProgress) -> String {
        let total = progress.total.map { "/\($0)" } ?? ""
        let rate = progress.seconds > 0 ? Double(progress.tiles) / progress.seconds : 0
        return "\(progress.tiles)\(total) tiles, order \(progress.order), \(SizeText.bytes(progress.bytes)), "
            + "\(SizeText.short(rate))/s"
    }

    private func summary(_ report: AdoptionReport) -> [String] {
        var lines: [String] = []
        switch report.means {
        case .link: lines.append("\(report.path): linked to \(report.note.root ?? source).")
        case .copy, .mirror:
            let earlier = (report.tiles ?? 0) - report.newTiles
            let kept = earlier > 0 ? " (\(earlier) of an earlier run)" : ""
            lines.append(
                "\(report.path): \(report.tiles ?? 0) tiles\(kept), \(SizeText.bytes(report.newBytes)), in "
                    + "\(SizeText.seconds(report.seconds)).")
        }
        return lines + report.note.peculiarities.map { "  " + $0 }
    }
}

extension AdoptionNote.Latitude: ExpressibleByArgument {}

/// The report of an adoption as JSON.
private struct AdoptionDocument: Encodable {
    let map: String
    let path: String
    let means: String
    let tiles: Int?
    let newTiles: Int
    let newBytes: Int
    let missingTiles: Int
    let missingPaths: [String]
    let note: AdoptionNote
    let seconds: Double

    init(_ report: AdoptionReport) {
        map = report.map.description
        path = report.path
        means = report.means.rawValue
        tiles = report.tiles
        newTiles = report.newTiles
        newBytes = report.newBytes
        missingTiles = report.missingTiles
        missingPaths = report.missingPaths
        note = report.note
        seconds = report.seconds
    }
}
