internal import GDAL
internal import XML

/// A VOTable (IVOA VOTable 1.0 to 1.5), read piece by piece: TABLEDATA, BINARY and BINARY2.
final class VOTableSource: ImportSource {
    private struct Table {
        var name: String
        var fields: [VOTableField] = []
        /// The number of the TABLE element among all of the file.
        let number: Int
        let rows: Int?
        var hasData = false
        var systems: [String] = []
    }

    private let path: String
    private let tables: [Table]
    let notes: [String]

    var format: String { "VOTable" }

    /// Looks through a file once; rows are passed over.
    /// - Throws: `FeatureError` for what is no VOTable, or has data that is not read here.
    convenience init(path: String) throws(FeatureError) {
        try self.init(path: path) { () throws(XMLReadingError) in try XMLEvents(path: path) }
    }

    private let open: () throws(XMLReadingError) -> XMLEvents

    /// The same of a document in memory.
    convenience init(_ document: [UInt8]) throws(FeatureError) {
        try self.init(path: "the document") { () throws(XMLReadingError) in try XMLEvents(document) }
    }

    private init(path: String, open: @escaping () throws(XMLReadingError) -> XMLEvents) throws(FeatureError) {
        self.path = path
        self.open = open
        do {
            (tables, notes) = try Self.scanned(try open(), path)
        } catch let error as FeatureError {
            throw error
        } catch let error as VOTableField.Mistake {
            throw .source(path: path, reason: error.reason)
        } catch {
            throw .source(path: path, reason: "\(error)")
        }
    }

    var layers: [VectorLayer] {
        tables.map { table in
            // A system with a colon is one of an authority for bodies, such as IAU_2015:49900.
            let system = table.systems.first { $0.contains(":") }
            return VectorLayer(
                name: table.name, crsWKT: system, hasGeometry: false, fields: table.fields.map(\.field),
                count: table.rows)
        }
    }

    func skySystem(ofLayer layer: Int) -> String? {
        tables[layer].systems.first { system in
            let word = system.lowercased()
            return Self.skyWords.contains { word.hasPrefix($0) }
        }
    }

    /// How the names of systems of the sky begin (IVOA vocabulary "refframe", and VOTable before 1.4).
    private static let skyWords = [
        "eq", "icrs", "fk4", "fk5", "gal", "supergal", "super_gal", "ecl", "gaia", "geo_app",
    ]

    // MARK: The first look

    private static func scanned(_ events: XMLEvents, _ path: String) throws -> ([Table], [String]) {
        var open: [String] = []
        var tables: [Table] = []
        var fieldsOf: [String: [VOTableField]] = [:]
        var systems: [String: String] = [:]
        var notes: [String] = []
        var number = -1
        var status: String?
        var current: Table?
        var identifier: String?
        func fail(_ reason: String) -> FeatureError { .source(path: path, reason: reason) }
        while let event = try events.next() {
            switch event {
            case .start(let name, _, let attributes):
                func attribute(_ name: String) -> String? {
                    attributes.first { $0.name == name && $0.namespace == nil }?.value
                }
                if open.isEmpty, name != "VOTABLE" {
                    throw fail("its root is <\(name)> where <VOTABLE> is expected")
                }
                open.append(name)
                switch name {
                case "COOSYS":
                    if let id = attribute("ID") { systems[id] = attribute("system") ?? "" }
                case "INFO" where attribute("name") == "QUERY_STATUS":
                    if attribute("value") == "OVERFLOW" {
                        notes.append("the service that wrote the table left rows out (OVERFLOW)")
                    }
                    status = attribute("value") == "ERROR" ? "" : nil
                case "TABLE":
                    guard current == nil else { throw fail("line \(events.line): a TABLE within a TABLE") }
                    number += 1
                    identifier = attribute("ID")
                    current = Table(
                        name: attribute("name") ?? identifier ?? "table_\(number + 1)", number: number,
                        rows: attribute("nrows").flatMap { Int($0) })
                    current?.fields = attribute("ref").flatMap { fieldsOf[$0] } ?? []
                case "FIELD" where current != nil:
                    current?.fields.append(try VOTableField(attribute))
                case "VALUES" where open.dropLast().last == "FIELD":
                    if let null = attribute("null"), let last = current?.fields.indices.last {
                        current?.fields[last].null = null
                    }
                case "FITS", "PARQUET":
                    throw fail(
                        "its data are in a \(name) stream, which is not read; write it with TABLEDATA or BINARY2, such as with: "
                            + "stilts tcopy ofmt=votable \(path) table.vot")
                case "TABLEDATA", "BINARY", "BINARY2": current?.hasData = true
                case "STREAM" where attribute("href") != nil:
                    throw fail(
                        "its data lie elsewhere (\(attribute("href") ?? "")), where they are not looked for; write them into the file"
                    )
                case "STREAM" where current != nil:
                    guard attribute("encoding") == "base64" else {
                        throw fail(
                            "its data are encoded as \"\(attribute("encoding") ?? "none")\" where base64 is expected"
                        )
                    }
                default: break
                }
            case .text(let text): status? += text
            case .end:
                let name = open.popLast()
                if name == "INFO", let status {
                    throw fail("it is no table but an error of a service: \(status.prefix(200))")
                }
                if name == "TABLE", var table = current {
                    var names: [String] = []
                    for field in table.fields {
                        if let ref = field.ref, let system = systems[ref] { names.append(system) }
                    }
                    table.systems = names
                    if let identifier { fieldsOf[identifier] = table.fields }
                    if table.hasData { tables.append(table) }
                    current = nil
                }
            }
        }
        return (tables, notes)
    }

    // MARK: Rows

    func read(layer: Int, where condition: String?, _ body: (VectorFeature) throws -> Void) throws {
        if let condition {
            throw FeatureError.source(
                path: path,
                reason:
                    "--where \(condition): VOTables are taken whole; select with stilts tpipe before, or import a CSV"
            )
        }
        var reader = VOTableRows(tables[layer].fields, path: path)
        try reader.read(try open(), table: tables[layer].number, body)
    }
}
