import ArgumentParser
import HEALPix
import MOC

struct MocQuery: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Ask whether places are covered.",
        discussion: """
            Places are longitudes, east-positive, and planetocentric latitudes in degrees. --points reads a table with \
            commas and writes each of its lines again with ",inside" or a 1 or 0 at its end. Its columns are those named lon and \
            lat (or longitude and latitude), or the first two.

            --moc compares with a second coverage. The exit status says nothing about the answer.
            """)

    @Argument(help: "The coverage; - for standard input.")
    var file: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A place in degrees; may be given many times.", valueName: "lon,lat"))
    var point: [PlaceArgument] = []

    @Option(help: ArgumentHelp("A table of places; - for standard input.", valueName: "csv"))
    var points: String?

    @Option(help: ArgumentHelp("A cell; may be given many times.", valueName: "order/number"))
    var cell: [CellArgument] = []

    @Option(help: ArgumentHelp("A second coverage.", valueName: "file"))
    var moc: String?

    @OptionGroup var input: MocInputOptions

    func validate() throws {
        guard !point.isEmpty || points != nil || !cell.isEmpty || moc != nil else {
            throw ValidationError("nothing is asked: give --point, --points, --cell or --moc")
        }
        if [file, points, moc].count(where: { $0 == "-" }) > 1 {
            throw ValidationError("standard input can be read once only")
        }
    }

    func run() throws {
        let (coverage, document) = try input.readSpace(file)
        for place in point {
            print("\(place.text)\t\(coverage.contains(place.direction) ? "inside" : "outside")")
        }
        for argument in cell {
            let cell = argument.cell
            let word = coverage.contains(cell) ? "inside" : coverage.intersects(cell) ? "in part" : "outside"
            print("\(cell)\t\(word)")
        }
        if let moc {
            let (other, second) = try input.readSpace(moc)
            do {
                _ = try MOCDocument.commonBody([document.body, second.body])
            } catch {
                throw CommandError("\(moc): \(error)")
            }
            let word =
                coverage.contains(other) ? "inside" : coverage.intersects(other) ? "in part" : "outside"
            let common = coverage.intersection(other).coverageFraction
            let share = other.isEmpty ? 0 : common / other.coverageFraction
            print("\(moc)\t\(word)\t\(share) of its solid angle")
        }
        if let points { try PointTable(bytes: try MocFile.read(points), name: points).answer(coverage) }
    }
}

/// A longitude and a latitude in degrees, with a comma between.
struct PlaceArgument: ExpressibleByArgument {
    let text: String
    let direction: Direction

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let lon = Double(parts[0]), let lat = Double(parts[1]), lon.isFinite,
            abs(lat) <= 90
        else { return nil }
        text = argument
        direction = Direction(lonDeg: lon, latDeg: lat)
    }
}

/// A cell as order/number.
struct CellArgument: ExpressibleByArgument {
    let cell: Cell

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let order = Int(parts[0]), let number = Int64(parts[1]),
            let cell = Cell(order: order, npix: number)
        else { return nil }
        self.cell = cell
    }
}
