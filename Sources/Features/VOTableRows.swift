internal import GDAL
internal import XML

/// The rows of one table.
struct VOTableRows {
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
