import ArgumentParser
import HEALPix
import MOC
import Regions

struct MocCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a coverage of shapes.",
        discussion: """
            The shapes are those of files and options together; angles are degrees, longitudes positive to the east, \
            latitudes planetocentric. Files are GeoJSON (.geojson, .json), well-known text (.wkt), s_region strings, one a \
            line (.txt, .stcs), tables (.csv, .tsv) with --lon and --lat or --region for their columns, or a HiPS on disk, \
            whose Moc.fits says where it has pixels; - is standard input, with --from.

            Inclusive coverages have every cell that shares a point with a shape and no other; centre ones have the cells \
            whose centre is in a shape. Polygons have great circles between their vertices and enclose the smaller side; \
            what a ring that crosses itself encloses twice is outside (even-odd rule).
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case geojson, wkt, region, table, hips
    }

    @Argument(help: "Files of shapes; - for standard input.")
    var files: [String] = []

    @Option(help: "The order of the cells, 0 to 29.")
    var order: OrderArgument

    @Option(help: "inclusive or centre.")
    var mode = ChoiceArgument(CellMode.inclusive)

    @Option(help: "What the files are, where their suffixes do not say: geojson, wkt, region, table or hips.")
    var from: Form?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("May be given many times.", valueName: "lon,lat,radius"))
    var cone: [NumbersArgument] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("May be given many times.", valueName: "lon,lat,inner,outer"))
    var ring: [NumbersArgument] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Whole sides; the angle is from north to east.", valueName: "lon,lat,width,height[,angle]"))
    var box: [NumbersArgument] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("East is beyond west: 350,370 crosses 0.", valueName: "west,east,south,north"))
    var zone: [NumbersArgument] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A ring of vertices.", valueName: "lon,lat,lon,lat,..."))
    var polygon: [NumbersArgument] = []

    @Option(help: "The column of longitudes of a table.")
    var lon = "lon"

    @Option(help: "The column of latitudes of a table.")
    var lat = "lat"

    @Option(help: "The column of s_region strings of a table, instead of positions.")
    var region: String?

    @Option(help: "Which side of polygons is inside: smaller, larger, or left of their first ring.")
    var interior = ChoiceArgument(Interior.smaller)

    @Option(
        help: "What joins vertices: greatCircle, or geographic for straight lines in longitude and latitude.")
    var edges = ChoiceArgument(EdgeKind.greatCircle)

    @Flag(
        help:
            "Close open rings, and leave out places beyond the poles and rings of fewer than three vertices.")
    var repair = false

    @Flag(help: "A coverage for each shape instead of one for all: a line of ASCII each.")
    var each = false

    @Option(help: "The body, such as mars.")
    var body: String?

    @OptionGroup var output: MocOutputOptions

    func validate() throws {
        _ = try output.chosenFormat()
        if each, try output.chosenFormat() != .ascii {
            throw ValidationError("--each writes lines of ASCII; give no other form")
        }
        guard !files.isEmpty || !(cone + ring + box + zone + polygon).isEmpty else {
            throw ValidationError("nothing to cover: give files, --cone, --ring, --box, --zone or --polygon")
        }
    }

    func run() throws {
        var input = MocInputOptions()
        input.body = body
        var name = try input.namedBody()
        var sink = CoverageSink(order: order.order, mode: mode.choice, each: each)
        for region in try regions() { try sink.add(region) }
        for file in files {
            let shapes = try ShapeFile(file, from ?? ShapeFile.form(of: file), self)
            if let found = try shapes.read(into: &sink) {
                do {
                    name = try MOCDocument.commonBody([name, found])
                } catch { throw CommandError("\(file): \(error)") }
            }
        }
        if each {
            try MocFile.write(sink.lines, to: output.path)
        } else {
            try output.write(MOCDocument(.space(sink.coverage()), body: name))
        }
    }

    /// The shapes of the options.
    private func regions() throws -> [Region] {
        func angle(_ degrees: Double) -> Double { degrees * .pi / 180 }
        func centre(_ numbers: [Double]) -> Direction { Direction(lonDeg: numbers[0], latDeg: numbers[1]) }
        var regions: [Region] = []
        for numbers in try cone.map({ try $0.counted(3...3, "--cone") }) {
            guard let cone = Cone(centre: centre(numbers), radiusRad: angle(numbers[2])) else {
                throw CommandError(
                    "--cone \(numbers): expected lon,lat,radius in degrees, -90 <= lat <= 90, radius >= 0")
            }
            regions.append(.cone(cone))
        }
        for numbers in try ring.map({ try $0.counted(4...4, "--ring") }) {
            regions.append(
                .ring(centre: centre(numbers), innerRad: angle(numbers[2]), outerRad: angle(numbers[3])))
        }
        for numbers in try box.map({ try $0.counted(4...5, "--box") }) {
            regions.append(
                try .box(
                    centre: centre(numbers), halfWidthRad: angle(0.5 * numbers[2]),
                    halfHeightRad: angle(0.5 * numbers[3]),
                    positionAngleRad: angle(numbers.count > 4 ? numbers[4] : 0)))
        }
        for numbers in try zone.map({ try $0.counted(4...4, "--zone") }) {
            regions.append(
                .zone(
                    LonLatBounds(
                        westRad: angle(numbers[0]), eastRad: angle(numbers[1]), southRad: angle(numbers[2]),
                        northRad: angle(numbers[3]))))
        }
        for numbers in try polygon.map({ try $0.counted(6...1_000_000, "--polygon") }) {
            guard numbers.count % 2 == 0 else {
                throw CommandError("--polygon has a longitude without its latitude")
            }
            let ring = stride(from: 0, to: numbers.count, by: 2).map {
                Direction(lonDeg: numbers[$0], latDeg: numbers[$0 + 1])
            }
            regions.append(
                .polygon(try SphericalPolygon(ring, interior: interior.choice, edges: edges.choice)))
        }
        for region in regions { try region.validated() }
        return regions
    }
}

/// Numbers with commas between.
struct NumbersArgument: ExpressibleByArgument {
    let numbers: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        numbers = parts.compactMap { $0 }
        guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite) else { return nil }
    }

    func counted(_ counts: ClosedRange<Int>, _ option: String) throws -> [Double] {
        guard counts.contains(numbers.count) else {
            throw CommandError(
                "\(option) has \(numbers.count) numbers where \(counts.lowerBound) are expected")
        }
        return numbers
    }
}

/// A value of an enumeration of the library as an argument.
struct ChoiceArgument<Choice: RawRepresentable & CaseIterable & Sendable>: ExpressibleByArgument, Sendable
where Choice.RawValue == String {
    let choice: Choice

    init(_ choice: Choice) { self.choice = choice }

    init?(argument: String) {
        guard let choice = Choice(rawValue: argument) else { return nil }
        self.choice = choice
    }

    var defaultValueDescription: String { choice.rawValue }

    static var allValueStrings: [String] { Choice.allCases.map(\.rawValue) }
}
