import ArgumentParser
import HEALPix
import MOC
import PlanetaryFrames
import Regions

struct MocCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a coverage of shapes, pixels and times.",
        discussion: """
            The shapes are those of files and options together; angles are degrees, longitudes positive to the east, \
            latitudes planetocentric. Files are GeoJSON (.geojson, .json), well-known text (.wkt), s_region strings, one a \
            line (.txt, .stcs), tables (.csv, .tsv) with --lon and --lat or --region for their columns, or a HiPS on disk, \
            whose Moc.fits says where it has pixels; - is standard input, with --from.

            Inclusive coverages have every cell that shares a point with a shape and no other; centre ones have the cells \
            whose centre is in a shape. Polygons have great circles between their vertices and enclose the smaller side; \
            what a ring that crosses itself encloses twice is outside (even-odd rule).

            --mask covers the pixels of an image that hold data, or with --range those whose values are in it; with --range a \
            HiPS is read tile by tile. Pixels are rectangles of longitude and latitude, quadrangles of great circles in other \
            projections, and cells in a HiPS.

            --time makes a coverage of time, or with shapes one of space and time.
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case geojson, wkt, region, table, hips
    }

    @Argument(help: "Files of shapes; - for standard input.")
    var files: [String] = []

    @Option(help: "The order of the cells, 0 to 29; needed for all but times.")
    var order: OrderArgument?

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

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A raster, or a survey file that says more of one, whose pixels are covered; may be given many times.",
            valueName: "image"))
    var mask: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The values that pixels of --mask, or of a HiPS with FITS tiles, must have; one end may be left out.",
            valueName: "low,high"))
    var range: RangeArgument?

    @Option(
        help: ArgumentHelp(
            "A date and time, or two with / between, of which the second is no more part; may be given many times.",
            valueName: "time[/time]"))
    var time: [String] = []

    @Option(help: "The scale of --time: utc, tai, tt, tdb or tcb.")
    var timeScale = ChoiceArgument(TimeScale.utc)

    @Option(help: "The order of the intervals of time, 0 to 61; 61 are microseconds, 41 are 1.05 seconds.")
    var timeOrder = 61

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

    @OptionGroup var source: InputOptions

    @OptionGroup var output: MocOutputOptions

    func validate() throws {
        _ = try output.chosenFormat()
        if each, try output.chosenFormat() != .ascii {
            throw ValidationError("--each writes lines of ASCII; give no other form")
        }
        guard coversSpace || !time.isEmpty else {
            throw ValidationError(
                "nothing to cover: give files, --cone, --ring, --box, --zone, --polygon, --mask or --time")
        }
        if coversSpace, order == nil {
            throw ValidationError("--order is missing: the order of the cells, 0 to 29")
        }
        if !coversSpace, order != nil {
            throw ValidationError(
                "--order is for cells, and there are none; the order of times is --time-order")
        }
        if range != nil, mask.isEmpty, !files.contains(where: { (from ?? ShapeFile.form(of: $0)) == .hips }) {
            throw ValidationError(
                "--range chooses among pixels: it goes with --mask or with the folder of a HiPS")
        }
        guard (0...61).contains(timeOrder) else {
            throw ValidationError("--time-order \(timeOrder): expected 0 to 61")
        }
        if each, !mask.isEmpty || !time.isEmpty || range != nil {
            throw ValidationError("--each is for shapes: it goes neither with pixels nor with times")
        }
    }

    private var coversSpace: Bool {
        !files.isEmpty || !mask.isEmpty || !(cone + ring + box + zone + polygon).isEmpty
    }

    func run() throws {
        guard let order = order?.order else {
            return try output.write(MOCDocument(.time(try times()), body: try namedBody()))
        }
        var name = try namedBody()
        func join(_ found: String?, _ file: String) throws {
            do {
                name = try MOCDocument.commonBody([name, found])
            } catch { throw CommandError("\(file): \(error)") }
        }
        var sink = CoverageSink(order: order, mode: mode.choice, each: each)
        for region in try regions() { try sink.add(region) }
        for file in files {
            let shapes = try ShapeFile(file, from ?? ShapeFile.form(of: file), self)
            try join(try shapes.read(into: &sink), file)
        }
        for image in mask {
            let pixels = MocMask(path: image, range: range?.range, options: source)
            try join(try pixels.read(into: &sink).pathName, image)
        }
        guard !each else { return try MocFile.write(sink.lines, to: output.path) }
        let places = sink.coverage()
        let coverage: Coverage =
            time.isEmpty ? .space(places) : .spaceTime(SpaceTimeMOC(times: try times(), places: places))
        try output.write(MOCDocument(coverage, body: name))
    }

    private func namedBody() throws -> String? {
        try source.body.map { try source.catalogue().body(named: $0).pathName }
    }

    /// The intervals of --time.
    private func times() throws -> TimeMOC {
        let ranges = try time.map { text in
            let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
            guard ends.count <= 2 else {
                throw CommandError("--time \(text): expected one time, or two with / between")
            }
            let (first, last): (CoverageTime, CoverageTime)
            do {
                first = try CoverageTime(ends[0], scale: timeScale.choice)
                last = ends.count > 1 ? try CoverageTime(ends[1], scale: timeScale.choice) : first
            } catch { throw CommandError("--time: \(error)") }
            guard first <= last else { throw CommandError("--time \(text): it ends before it begins") }
            // A moment is in its microsecond.
            return first.microseconds..<max(last.microseconds, first.microseconds + 1)
        }
        guard let times = TimeMOC(order: timeOrder, covering: ranges) else {
            throw CommandError("--time-order \(timeOrder): expected 0 to 61")
        }
        return times
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
