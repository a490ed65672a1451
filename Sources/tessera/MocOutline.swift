import ArgumentParser
import MOC
import Regions

struct MocOutline: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outline", abstract: "Write the outline of a coverage as polygons.",
        discussion: """
            The polygons are valid: rings are simple, outer ones counter-clockwise and holes clockwise; what crosses \
            longitude 180 is divided there, or with --continuous has longitudes beyond it, and what holds a pole reaches along \
            latitude 90. Unless it is simplified, the \
            outline holds the centres of the coverage's cells and of no other: tessera moc create --mode centre with the \
            same order gives the coverage back.
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case geojson, wkt, region
    }

    @Argument(help: "The coverage; - for standard input.")
    var file: String

    @Option(name: .shortAndLong, help: "The file to write; standard output when not given, or -.")
    var output: String?

    @Option(
        help:
            "geojson, wkt or region (s_region, a line for each polygon); by default what the suffix says, or geojson."
    )
    var format: Form?

    @Option(help: "Leave out vertices that are nearer than this many degrees to the line without them.")
    var simplify: Double?

    @Flag(
        help:
            "Do not divide at longitude 180, but for parts that hold a pole, run all around the body or go on beyond longitude 720."
    )
    var continuous = false

    @Flag(help: "Leave out holes.")
    var fillHoles = false

    @Flag(help: "Divide parts with holes along sides of cells, so that no polygon has one.")
    var divideHoles = false

    @Option(help: "The word after Polygon in s_region strings.")
    var frameWord = "UNKNOWNFrame"

    @Option(help: "Digits behind the point, 1 to 15.")
    var decimals = 9

    @OptionGroup var input: MocInputOptions

    func validate() throws {
        if let simplify, !(simplify >= 0 && simplify < 90) {
            throw ValidationError("--simplify \(simplify): expected degrees, at least 0 and below 90")
        }
        if fillHoles, divideHoles {
            throw ValidationError("--fill-holes and --divide-holes exclude each other")
        }
        guard (1...15).contains(decimals) else {
            throw ValidationError("--decimals \(decimals): expected 1 to 15")
        }
    }

    private var form: Form {
        if let format { return format }
        let name = output?.lowercased() ?? ""
        return name.hasSuffix(".wkt")
            ? .wkt : name.hasSuffix(".txt") || name.hasSuffix(".stcs") ? .region : .geojson
    }

    func run() throws {
        let (coverage, document) = try input.readSpace(file)
        var outline =
            divideHoles
            ? try Outline(withoutHoles: coverage, isContinuous: continuous)
            : continuous ? Outline(continuous: coverage) : Outline(coverage)
        if fillHoles { outline.fillHoles() }
        if let simplify { outline = outline.simplified(toleranceRad: simplify * .pi / 180) }
        let text: String
        switch form {
        case .geojson:
            let body = document.body.map { "\"body\":\"\($0)\"," } ?? ""
            text =
                "{\"type\":\"Feature\",\"properties\":{\(body)\"order\":\(coverage.order)},\"geometry\":"
                + outline.geoJSON(decimals: decimals) + "}"
        case .wkt: text = outline.wkt(decimals: decimals)
        case .region:
            text = try outline.regionStrings(frame: frameWord, decimals: decimals).joined(separator: "\n")
        }
        try MocFile.write(Array((text + "\n").utf8), to: output == "-" ? nil : output)
    }
}
