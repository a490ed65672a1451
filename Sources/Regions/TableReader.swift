internal import HEALPix

/// Reads columns of positions or of `s_region` strings from text with a header line (RFC 4180; commas, semicolons or
/// tabs between the fields).
public struct TableReader {
    /// What the rows hold.
    public enum Columns: Sendable {
        /// Longitude and latitude in degrees.
        case positions(lon: String, lat: String)
        /// Regions as ``RegionStringReader`` reads them.
        case regions(String)
    }

    /// Hands each shape to a closure. Rows whose fields are empty count as empty.
    ///
    /// - Throws: ``RegionError`` naming the column that is missing, or the line where a field is no number or region.
    public static func read(
        _ bytes: [UInt8], columns: Columns, options: ShapeOptions = ShapeOptions(),
        _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) -> ShapeTally {
        var rows = RowScanner(bytes)
        guard let header = try rows.next() else {
            throw .text(form: "a table", reason: "it has no header line", position: 0)
        }
        let names = header.map { String(decoding: $0, as: UTF8.self) }
        func column(_ name: String) throws(RegionError) -> Int {
            if let index = names.firstIndex(of: name) { return index }
            if let index = names.firstIndex(where: { $0.lowercased() == name.lowercased() }) { return index }
            throw .shape("the table has no column \"\(name)\"; it has \(names.joined(separator: ", "))")
        }
        var builder = RingBuilder(options: options, closes: false)
        switch columns {
        case .positions(let lon, let lat):
            let (first, second) = (try column(lon), try column(lat))
            while let row = try rows.next() {
                do throws(RegionError) {
                    let (lon, lat) = (
                        try number(first < row.count ? row[first] : []),
                        try number(second < row.count ? row[second] : [])
                    )
                    guard let lon, let lat else {
                        guard lon == nil, lat == nil else {
                            throw .shape(
                                "it has a \(lon == nil ? "latitude without a longitude" : "longitude without a latitude")"
                            )
                        }
                        builder.tally.empty += 1
                        continue
                    }
                    if let place = try builder.place(lon, lat) {
                        builder.tally.shapes += 1
                        try use(.point(place))
                    }
                } catch { throw .member("line \(rows.line)", error) }
            }
        case .regions(let name):
            let index = try column(name)
            while let row = try rows.next() {
                guard index < row.count, row[index].contains(where: { $0 > 0x20 }) else {
                    builder.tally.empty += 1
                    continue
                }
                do throws(RegionError) {
                    let tally = try RegionStringReader.read(row[index], options: options, use)
                    builder.tally.add(tally)
                } catch { throw .member("line \(rows.line)", error) }
            }
        }
        return builder.tally
    }

    private static func number(_ field: [UInt8]) throws(RegionError) -> Double? {
        var scanner = ShapeScanner(field, form: "a number")
        scanner.skipSpace()
        if scanner.isAtEnd { return nil }
        let value = try scanner.number()
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw scanner.failure("\(scanner.found) follows it") }
        return value
    }
}

/// Walks over the rows of a table.
private struct RowScanner {
    private let bytes: [UInt8]
    private var position = 0
    private let separator: UInt8
    /// The number of the line at which the present row begins.
    private(set) var line = 0
    private var nextLine = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let head = self.bytes.prefix { $0 != 0x0A }
        separator =
            head.contains(0x2C) ? 0x2C : head.contains(0x09) ? 0x09 : head.contains(0x3B) ? 0x3B : 0x2C
    }

    /// The fields of the next row that is not empty; nil at the end.
    mutating func next() throws(RegionError) -> [[UInt8]]? {
        while position < bytes.count {
            line = nextLine
            let row = try row()
            if row.count > 1 || !row[0].isEmpty { return row }
        }
        return nil
    }

    private mutating func row() throws(RegionError) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x22 && field.isEmpty {
                let start = position
                while true {
                    guard position < bytes.count else {
                        throw .text(
                            form: "a table", reason: "a quoted field does not end", position: start - 1)
                    }
                    let inner = bytes[position]
                    position += 1
                    if inner == 0x22 {
                        guard position < bytes.count, bytes[position] == 0x22 else { break }
                        position += 1
                    }
                    if inner == 0x0A { nextLine += 1 }
                    field.append(inner)
                }
            } else if byte == separator {
                fields.append(field)
                field = []
            } else if byte == 0x0A {
                nextLine += 1
                break
            } else if byte != 0x0D {
                field.append(byte)
            }
        }
        fields.append(field)
        return fields
    }
}
