import ArgumentParser
import HEALPix
import MOC
import Tiles

struct MocDraw: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw", abstract: "Draw a coverage on its body, as PNG.",
        discussion: """
            The maps have north up and east to the right. mollweide is of equal area and shows the whole body; north and \
            south are polar stereographic, down to --reach degrees from the pole; orthographic shows the body from afar, \
            above --centre. A cell smaller than a pixel is drawn as a pixel. With --hips the coverage lies over the tiles of \
            a HiPS on disk (PNG, JPEG or WebP).
            """)

    @Argument(help: "The coverage; - for standard input.")
    var file: String

    @Option(name: .shortAndLong, help: "The PNG file to write.")
    var output: String

    @Option(help: "mollweide, north, south or orthographic.")
    var projection = MapProjection.Kind.mollweide

    @Option(parsing: .unconditional, help: ArgumentHelp("The middle of the map.", valueName: "lon,lat"))
    var centre: PlaceArgument?

    @Option(help: "Degrees from the pole to the edge of a polar map.")
    var reach = 30.0

    @Option(help: "Pixels across.")
    var width = 1024

    @Option(help: ArgumentHelp("A HiPS to draw over.", valueName: "directory"))
    var hips: String?

    @Option(help: "The colour of the coverage, red green blue in hexadecimal.")
    var colour = "e0301e"

    @Option(help: "How much of what is below the coverage hides, 0 to 1.")
    var opacity = 0.5

    @OptionGroup var input: MocInputOptions

    func validate() throws {
        guard (16...8192).contains(width) else {
            throw ValidationError("--width \(width): expected 16 to 8192 pixels")
        }
        guard reach > 0, reach <= 120 else {
            throw ValidationError("--reach \(reach): expected degrees above 0, at most 120")
        }
        guard opacity >= 0, opacity <= 1 else {
            throw ValidationError("--opacity \(opacity): expected 0 to 1")
        }
        guard colour.count == 6, UInt32(colour, radix: 16) != nil else {
            throw ValidationError("--colour \(colour): expected six hexadecimal digits such as e0301e")
        }
    }

    func run() throws {
        let (coverage, _) = try input.readSpace(file)
        let background = try hips.map { try HiPSBackground(folder: $0, pixelsAround: 2 * width) }
        let map = MapProjection(
            projection, width: width, centre: centre?.direction ?? Direction(lonRad: 0, latRad: 0),
            reachDeg: reach)
        let picture = try MocPicture(
            coverage: coverage, map: map, background: background, colour: UInt32(colour, radix: 16) ?? 0,
            opacity: opacity
        ).drawn()
        try MocFile.write(try PNGEncoder(level: 6).encode(picture), to: output == "-" ? nil : output)
    }
}
