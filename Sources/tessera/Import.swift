public import ArgumentParser
import Features
import HiPS
public import PlanetaryFrames
import Settings

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take features out of a file into a layer of the data directory.",
        discussion: """
            Read are GeoJSON, TopoJSON, Shapefiles, GeoPackages, tables (CSV, TSV, VOTable, PDS3 and PDS4), GML, KML and \
            FlatGeobuf. \
            What the coordinates are is believed where the file says it, or stated by the options; what had to be \
            assumed is reported and kept with the layer. Inside, all places are planetocentric, east-positive degrees \
            from -180 to 180.
            """)

    @Argument(help: "The file.")
    var file: String

    @Option(help: "The body, such as mars or its NAIF code 499.")
    var body: String

    @Option(help: "Name of the layer: a to z, 0 to 9 and _.")
    var layer: String

    @Option(help: "The data directory.")
    var data = "data"

    @Option(help: "Which of the file's layers, where it has several.")
    var fromLayer: String?

    @Option(
        help:
            "The coordinate reference system, such as IAU_2015:49900, in the place of what the file says."
    )
    var srs: String?

    @Option(help: "east or west: in which direction longitudes grow.")
    var lonSense: LongitudeSense?

    @Option(help: "planetocentric or planetographic: what latitudes are.")
    var latKind: LatitudeKind?

    @Option(
        help: ArgumentHelp(
            "lon-lat or lat-lon: which number of a place comes first, in the place of what the name of a GML's system says.",
            valueName: "order"))
    var axisOrder: AxisOrder?

    @Option(help: "The column of a table that holds longitudes.")
    var lonColumn: String?

    @Option(help: "The column of a table that holds latitudes.")
    var latColumn: String?

    @Option(help: "A column that holds W or E for the direction of each row's longitude.")
    var lonSenseColumn: String?

    @Option(
        name: .customLong("where"), help: "Only what meets a condition in OGR's SQL, such as \"SA = 'ME'\".")
    var condition: String?

    @Option(help: "The unit of a column that the file does not tell, as COLUMN=UNIT; may be repeated.")
    var unit: [String] = []

    @Option(help: "What the layer holds, for people.")
    var description: String?

    @Option(
        help: ArgumentHelp(
            "A file of bodies that adds to the known ones or overrides them.", valueName: "file"))
    var bodies: String?

    @Flag(help: "Put the features behind those of the layer.")
    var append = false

    @Flag(help: "Put the features in the place of the layer.")
    var replace = false

    @Flag(help: "Keep the geometries that had to be repaired in a column geom_original, as WKT.")
    var keepOriginal = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        if append, replace { throw ValidationError("--append and --replace exclude each other") }
        _ = try units()
    }

    func run() throws {
        let known = try BodyCatalogue.standard()
        let catalogue = try bodies.map { try known.adding(try BodiesFile.load(path: $0)) } ?? known
        let body = try catalogue.body(named: body)
        var request = ImportRequest(
            path: file, body: body, name: try LayerName(body: MapName.slug(body.name), name: layer))
        request.sourceLayer = fromLayer
        request.mode = append ? .append : replace ? .replace : .create
        request.srs = srs
        request.longitude = lonSense
        request.latitude = latKind
        request.longitudeColumn = lonColumn
        request.latitudeColumn = latColumn
        request.senseColumn = lonSenseColumn
        request.isLatitudeFirst = axisOrder.map { $0 == .latLon }
        request.condition = condition
        request.units = try units()
        request.keepsOriginals = keepOriginal
        request.description = description
        let isWatched = !quiet && !json && ProgressLine.isTerminal
        let report = try FeatureImporter(request, catalogue: catalogue).run(into: DataDirectory(path: data)) {
            if isWatched { Console.tell("\r\($0) features\u{1B}[K") }
        }
        if isWatched { Console.tell("\r\u{1B}[K") }
        if json {
            print(try JSONText.encode(ImportDocument(report)))
        } else if !quiet {
            print(ImportDocument.lines(report).joined(separator: "\n"))
        }
    }

    private func units() throws -> [String: String] {
        var units: [String: String] = [:]
        for text in unit {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex,
                text.index(after: equals) != text.endIndex
            else { throw ValidationError("--unit \(text): expected COLUMN=UNIT, such as Diameter=km") }
            units[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return units
    }
}

/// Which number of a place comes first.
enum AxisOrder: String, ExpressibleByArgument, CaseIterable {
    case lonLat = "lon-lat"
    case latLon = "lat-lon"
}

extension LongitudeSense: ExpressibleByArgument {}
extension LatitudeKind: ExpressibleByArgument {}
