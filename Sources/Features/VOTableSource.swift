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

/// The rows of one table.
private struct VOTableRows {
    private let fields: [VOTableField]
    private let path: String
    private var row: Int64 = 0

    init(_ fields: [VOTableField], path: String) {
        self.fields = fields
        self.path = path
    }

    mutating func read(_ events: XMLEvents, table: Int, _ body: (VectorFeature) throws -> Void) throws {
        var number = -1
        do {
            while let event = try events.next() {
                guard case .start(let name, _, _) = event else { continue }
                if name == "TABLE" { number += 1 }
                guard number == table else { continue }
                switch name {
                case "TABLEDATA": return try readTexts(events, body)
                case "BINARY": return try readStream(events, hasFlags: false, body)
                case "BINARY2": return try readStream(events, hasFlags: true, body)
                default: continue
                }
            }
        } catch let mistake as VOTableField.Mistake {
            throw FeatureError.source(path: path, reason: "row \(row): \(mistake.reason)")
        } catch let error as XMLReadingError {
            throw FeatureError.source(path: path, reason: "\(error)")
        }
    }

    private mutating func readTexts(_ events: XMLEvents, _ body: (VectorFeature) throws -> Void) throws {
        var values: [VectorValue] = []
        var cell: String?
        var depth = 1
        while depth > 0, let event = try events.next() {
            switch event {
            case .start(let name, _, let attributes):
                depth += 1
                if name == "TR" {
                    row += 1
                    values.removeAll(keepingCapacity: true)
                } else if name == "TD" {
                    if attributes.contains(where: { $0.name == "encoding" }) {
                        throw VOTableField.Mistake(reason: "a cell is encoded, which is not read here")
                    }
                    cell = ""
                }
            case .text(let text): cell? += text
            case .end:
                depth -= 1
                if let text = cell {
                    guard values.count < fields.count else {
                        throw VOTableField.Mistake(
                            reason: "it has more cells than the \(fields.count) columns")
                    }
                    values.append(try fields[values.count].value(text))
                    cell = nil
                } else if depth == 1 {
                    guard values.count == fields.count else {
                        throw VOTableField.Mistake(
                            reason: "it has \(values.count) cells where \(fields.count) columns are expected")
                    }
                    try body(VectorFeature(id: row, geometry: nil, values: values))
                }
            }
        }
    }

    private mutating func readStream(
        _ events: XMLEvents, hasFlags: Bool, _ body: (VectorFeature) throws -> Void
    ) throws {
        var decoder = Base64Decoder()
        var bytes: [UInt8] = []
        var start = 0
        var depth = 1
        while depth > 0, let event = try events.next() {
            switch event {
            case .start: depth += 1
            case .end: depth -= 1
            case .text(let text):
                guard decoder.decode(text.utf8, into: &bytes) else {
                    throw VOTableField.Mistake(reason: "the stream is no base64")
                }
                while let (values, end) = try rowValues(bytes, start, hasFlags: hasFlags) {
                    row += 1
                    start = end
                    try body(VectorFeature(id: row, geometry: nil, values: values))
                }
                bytes.removeFirst(start)
                start = 0
            }
        }
        guard bytes.isEmpty else {
            row += 1
            throw VOTableField.Mistake(reason: "the stream ends within it")
        }
    }

    /// The row that begins at a place, and where the next one does; nil where the bytes end before.
    private func rowValues(_ bytes: [UInt8], _ start: Int, hasFlags: Bool) throws(VOTableField.Mistake)
        -> ([VectorValue], Int)?
    {
        guard start < bytes.count else { return nil }
        var at = start + (hasFlags ? (fields.count + 7) / 8 : 0)
        guard at <= bytes.count else { return nil }
        var values: [VectorValue] = []
        values.reserveCapacity(fields.count)
        for (index, field) in fields.enumerated() {
            guard let value = try field.value(bytes, &at) else { return nil }
            // A bit for each column, the first in the highest, says that there is no value.
            let isNull = hasFlags && bytes[start + index / 8] >> UInt8(7 - index % 8) & 1 == 1
            values.append(isNull ? .null : value)
        }
        // A table whose columns take no bytes would never end.
        return at > start ? (values, at) : nil
    }
}

/// Base64 (RFC 4648, section 4) that comes in pieces; blanks and ends of lines do not count.
private struct Base64Decoder {
    private var bits: UInt32 = 0
    private var count = 0
    private var isOver = false

    /// Puts what a piece says behind the bytes; false for what is no base64.
    mutating func decode(_ text: String.UTF8View, into bytes: inout [UInt8]) -> Bool {
        for byte in text {
            let six: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): six = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): six = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): six = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): six = 62
            case UInt8(ascii: "/"): six = 63
            case UInt8(ascii: "="):
                isOver = true
                continue
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return false
            }
            guard !isOver else { return false }
            bits = bits << 6 | UInt32(six)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return true
    }
}
