import HEALPix
import MOC
import Regions

/// A file of shapes that a coverage is made of.
struct ShapeFile {
    private let path: String
    private let form: MocCreate.Form
    private let command: MocCreate

    init(_ path: String, _ form: MocCreate.Form?, _ command: MocCreate) throws {
        guard let form else {
            throw CommandError(
                "\(path): its suffix does not say what it is; say --from geojson, wkt, region, table or hips")
        }
        self.path = path
        self.form = form
        self.command = command
    }

    static func form(of path: String) -> MocCreate.Form? {
        let suffix = path.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased()
        switch suffix {
        case "geojson", "json": return .geojson
        case "wkt": return .wkt
        case "txt", "stcs", "reg": return .region
        case "csv", "tsv": return .table
        default: return FileProbe.isFolder(path) ? .hips : nil
        }
    }

    /// Adds what the shapes cover.
    /// - Returns: the body that the file names, if it does.
    func read(into sink: inout CoverageSink) throws -> String? {
        if form == .hips, let range = command.range?.range {
            return try MocHiPSMask(folder: path, range: range, mode: command.mode.choice).read(into: &sink)
        }
        if form == .hips {
            let file = path + "/Moc.fits"
            let document: MOCDocument
            do {
                document = try MOCDocument(reading: try MocFile.read(file))
                sink.add(try document.coverage.ofSpace().degraded(to: sink.order).ranges)
            } catch { throw CommandError("\(file): \(error)") }
            return document.body
        }
        let bytes = try MocFile.read(path)
        do {
            let tally = try shapes(bytes) { region throws(RegionError) in
                try sink.add(region)
            }
            tell(tally)
        } catch {
            throw CommandError("\(path): \(error)")
        }
        return nil
    }

    private func shapes(
        _ bytes: [UInt8], _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) -> ShapeTally {
        let options = ShapeOptions(
            interior: command.interior.choice, edges: command.edges.choice, repairs: command.repair)
        switch form {
        case .geojson: return try GeoJSONReader.read(bytes, options: options, use)
        case .wkt: return try WKTReader.read(bytes, options: options, use)
        case .region, .hips: return try RegionStringReader.read(bytes, options: options, use)
        case .table:
            let columns: TableReader.Columns =
                if let region = command.region {
                    .regions(region)
                } else { .positions(lon: command.lon, lat: command.lat) }
            return try TableReader.read(bytes, columns: columns, options: options, use)
        }
    }

    private func tell(_ tally: ShapeTally) {
        if tally.shapes == 0 { Console.tell("\(path): no shape was found\n") }
        guard tally.hasRepairs else { return }
        Console.tell(
            "\(path): \(tally.closedRings) rings closed, \(tally.droppedVertices) places and \(tally.droppedRings) rings left out\n"
        )
    }
}
