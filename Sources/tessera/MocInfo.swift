import ArgumentParser
import HEALPix
import MOC
import PlanetaryFrames

struct MocInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what a coverage covers.",
        discussion: """
            The area is that of the planetocentric cells on the body's ellipsoid of the IAU's 2015 report, with two axes or \
            three; with --sphere, on the sphere of its radius.
            """)

    @Argument(help: "The coverages; - for standard input.")
    var files: [String]

    @Flag(help: "The area on a sphere.")
    var sphere = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var input: MocInputOptions

    private struct Row: Encodable {
        let file: String
        let dimension: String
        var order: Int?
        var timeOrder: Int?
        var ranges: Int?
        var cells: Int?
        var flatCells: Int64?
        var fraction: Double?
        var areaKm2: Double?
        let body: String?
        var parts: Int?
        var microseconds: Int64?
        let repairs: [String]
    }

    func run() throws {
        var rows: [Row] = []
        var failed = false
        for file in files {
            do {
                let row = try row(file)
                rows.append(row)
                if !json { print(lines(row).joined(separator: "\n")) }
            } catch {
                failed = true
                Console.tell("Error: \(error)\n")
            }
        }
        if json { print(try JSONText.encode(rows)) }
        if failed { throw ExitCode.failure }
    }

    private func row(_ file: String) throws -> Row {
        let document = try input.read(file)
        var row = Row(
            file: file, dimension: document.coverage.dimension, body: document.body, repairs: document.repairs
        )
        switch document.coverage {
        case .space(let moc):
            row.order = moc.order.value
            row.ranges = moc.ranges.count
            row.cells = moc.cellCount
            row.flatCells = moc.flatCellCount
            row.fraction = moc.coverageFraction
            if let body = document.body { row.areaKm2 = moc.squareKilometres(on: try surface(of: body)) }
        case .time(let moc):
            row.timeOrder = moc.order
            row.ranges = moc.ranges.count
            row.microseconds = moc.ranges.reduce(0) { $0 + Int64($1.count) }
        case .spaceTime(let moc):
            row.order = moc.spaceOrder.value
            row.timeOrder = moc.timeOrder
            row.parts = moc.parts.count
        }
        return row
    }

    private func surface(of name: String) throws -> SurfaceArea {
        let body = try BodyCatalogue.standard().body(named: name)
        let surface =
            sphere
            ? SurfaceArea(radiusMetres: body.sphereRadiusMetres)
            : SurfaceArea(
                aMetres: body.equatorialRadiusMetres, bMetres: body.intermediateRadiusMetres,
                cMetres: body.polarRadiusMetres)
        guard let surface else { throw CommandError("\(name) has no radii that make a surface.") }
        return surface
    }

    private func lines(_ row: Row) -> [String] {
        var lines = [row.file]
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            guard let value else { return }
            lines.append(
                "  " + name + String(repeating: " ", count: max(1, 12 - name.count)) + value.description)
        }
        add("of", row.dimension == "SPACE" ? nil : row.dimension.lowercased())
        add("body", row.body ?? (row.dimension == "TIME" ? nil : "not known"))
        add("order", row.order)
        add("time order", row.timeOrder)
        add("parts", row.parts)
        add("ranges", row.ranges)
        add("cells", row.cells.map { "\($0), or \(row.flatCells ?? 0) of order \(row.order ?? 0)" })
        add("microseconds", row.microseconds)
        add("fraction", row.fraction)
        add("area", row.areaKm2.map { "\($0) km2 on the \(sphere ? "sphere" : "ellipsoid")" })
        if row.dimension == "SPACE", row.body == nil { add("area", "say --body to have it") }
        return lines
    }
}
