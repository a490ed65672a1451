internal import GDAL

/// A column of a VOTable (IVOA VOTable 1.5, sections 2 and 4.1), and what its cells hold.
struct VOTableField {
    /// The primitive types, with the bytes that one takes in binary data; a bit takes an eighth.
    enum Datatype: String {
        case boolean, bit, unsignedByte, short, int, long, char, unicodeChar, float, double, floatComplex
        case doubleComplex

        var bytes: Int {
            switch self {
            case .boolean, .bit, .unsignedByte, .char: 1
            case .short, .unicodeChar: 2
            case .int, .float: 4
            case .long, .double, .floatComplex: 8
            case .doubleComplex: 16
            }
        }
    }

    /// How many there are in a cell.
    enum Count: Equatable {
        case one
        case fixed(Int)
        case variable
    }

    /// What is wrong with a cell or a column.
    struct Mistake: Error {
        let reason: String
    }

    let name: String
    let datatype: Datatype
    let count: Count
    let unit: String?
    let ucd: String?
    /// The identifier of its system of coordinates or of time.
    let ref: String?
    private let isTime: Bool
    /// The value that stands for none.
    var null: String?

    /// Reads the attributes of a FIELD.
    init(_ attribute: (String) -> String?) throws(Mistake) {
        let name = attribute("name") ?? attribute("ID") ?? ""
        self.name = name
        let word = attribute("datatype") ?? ""
        guard let datatype = Datatype(rawValue: word) else {
            throw Mistake(
                reason: "the column \(name) has the datatype \"\(word)\", which VOTable does not know")
        }
        self.datatype = datatype
        count = try Self.count(attribute("arraysize"), name)
        func said(_ name: String) -> String? { attribute(name).flatMap { $0.isEmpty ? nil : $0 } }
        unit = said("unit")
        ucd = said("ucd")
        ref = said("ref")
        isTime = ["timestamp", "adql:timestamp"].contains(attribute("xtype")?.lowercased())
    }

    private static func count(_ text: String?, _ name: String) throws(Mistake) -> Count {
        guard let text, text != "1" else { return .one }
        if text.hasSuffix("*") { return .variable }
        var product = 1
        for part in text.split(separator: "x", omittingEmptySubsequences: false) {
            guard let size = Int(part), (1...(1 << 24)).contains(size), product <= 1 << 24 else {
                throw Mistake(
                    reason: "the column \(name) has the arraysize \"\(text)\", which cannot be understood")
            }
            product *= size
        }
        return .fixed(product)
    }

    private var isText: Bool { datatype == .char || datatype == .unicodeChar }
    private var isList: Bool {
        datatype == .floatComplex || datatype == .doubleComplex || !isText && count != .one
    }

    /// As columns of layers are described.
    var field: VectorField {
        let kind: VectorField.Kind
        if isText {
            kind = isTime ? .dateTime : .text
        } else if isList {
            kind = .list
        } else {
            switch datatype {
            case .boolean: kind = .boolean
            case .float, .double: kind = .real
            default: kind = .integer
            }
        }
        return VectorField(name: name, kind: kind, unit: unit, meaning: ucd)
    }

    // MARK: TABLEDATA

    /// A cell of TABLEDATA (section 5.1).
    func value(_ text: String) throws(Mistake) -> VectorValue {
        if isText { return stated(text) }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard isList else {
            guard let word = words.first else { return .null }
            guard words.count == 1 else { throw wrong(text) }
            return try single(word)
        }
        if words.isEmpty { return .null }
        return .text(try list(words.map { word throws(Mistake) in try single(word) }))
    }

    private func stated(_ text: String) -> VectorValue {
        if text.isEmpty || text == null { return .null }
        return .text(isTime ? MapRow.moment(text) ?? text : text)
    }

    private func single(_ word: Substring) throws(Mistake) -> VectorValue {
        if let null, word == null { return .null }
        switch datatype {
        case .boolean:
            switch word.lowercased() {
            case "t", "1", "true": return .integer(1)
            case "f", "0", "false": return .integer(0)
            case "?": return .null
            default: throw wrong(String(word))
            }
        case .float, .double, .floatComplex, .doubleComplex:
            guard let number = Double(word) else { throw wrong(String(word)) }
            return number.isNaN ? .null : .real(number)
        default:
            let isHexadecimal = word.lowercased().hasPrefix("0x")
            guard let number = isHexadecimal ? Int64(word.dropFirst(2), radix: 16) : Int64(word) else {
                throw wrong(String(word))
            }
            return number == null.flatMap { Int64($0) } ? .null : .integer(number)
        }
    }

    private func wrong(_ text: String) -> Mistake {
        Mistake(reason: "the column \(name) holds \"\(text.prefix(40))\", which is no \(datatype.rawValue)")
    }

    private func list(_ values: [VectorValue]) -> String {
        let texts = values.map { value in
            switch value {
            case .integer(let number): datatype == .boolean ? (number == 1 ? "true" : "false") : "\(number)"
            case .real(let number): number.isFinite ? "\(number)" : "null"
            default: "null"
            }
        }
        return "[" + texts.joined(separator: ",") + "]"
    }

    // MARK: BINARY and BINARY2

    /// A cell of BINARY or BINARY2 (sections 5.3 and 5.4).
    /// - Parameter at: where it begins, and then where the next one does.
    /// - Returns: nil where the bytes end before it does.
    func value(_ bytes: [UInt8], _ at: inout Int) throws(Mistake) -> VectorValue? {
        var size = 1
        switch count {
        case .one: break
        case .fixed(let count): size = count
        case .variable:
            guard at + 4 <= bytes.count else { return nil }
            size = Int(Int32(truncatingIfNeeded: Self.integer(bytes, at, 4)))
            guard (0...(1 << 28)).contains(size) else {
                throw Mistake(reason: "the column \(name) says that a cell has \(size) values")
            }
            at += 4
        }
        let length = datatype == .bit ? (size + 7) / 8 : size * datatype.bytes
        guard length <= bytes.count - at else { return nil }
        let start = at
        at += length
        switch datatype {
        case .char:
            let text = bytes[start..<start + length].prefix { $0 != 0 }
            return stated(String(decoding: text, as: UTF8.self))
        case .unicodeChar:
            let units = (0..<size).map { UInt16(truncatingIfNeeded: Self.integer(bytes, start + 2 * $0, 2)) }
            return stated(String(decoding: units.prefix { $0 != 0 }, as: UTF16.self))
        default: break
        }
        let parts = datatype == .floatComplex || datatype == .doubleComplex ? 2 * size : size
        if !isList { return single(bytes, start, 0) }
        if parts == 0 { return .null }
        return .text(list((0..<parts).map { single(bytes, start, $0) }))
    }

    private func single(_ bytes: [UInt8], _ start: Int, _ index: Int) -> VectorValue {
        func real(_ value: Double) -> VectorValue { value.isNaN ? .null : .real(value) }
        switch datatype {
        case .boolean:
            switch bytes[start + index] {
            case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "1"): return .integer(1)
            case UInt8(ascii: "F"), UInt8(ascii: "f"), UInt8(ascii: "0"): return .integer(0)
            default: return .null
            }
        // The standard has a bit first in its byte; astropy sets another one of a single bit.
        case .bit where count == .one: return .integer(bytes[start] == 0 ? 0 : 1)
        case .bit: return .integer(Int64(bytes[start + index / 8] >> UInt8(7 - index % 8) & 1))
        case .float, .floatComplex:
            let bits = UInt32(truncatingIfNeeded: Self.integer(bytes, start + 4 * index, 4))
            return real(Double(Float(bitPattern: bits)))
        case .double, .doubleComplex:
            return real(
                Double(bitPattern: UInt64(bitPattern: Self.integer(bytes, start + 8 * index, 8))))
        default:
            let size = datatype.bytes
            let raw = Self.integer(bytes, start + size * index, size)
            let number: Int64 =
                switch datatype {
                case .short: Int64(Int16(truncatingIfNeeded: raw))
                case .int: Int64(Int32(truncatingIfNeeded: raw))
                default: raw
                }
            return number == null.flatMap { Int64($0) } ? .null : .integer(number)
        }
    }

    /// The larger bytes come first.
    private static func integer(_ bytes: [UInt8], _ start: Int, _ size: Int) -> Int64 {
        var value: UInt64 = 0
        for index in start..<start + size { value = value << 8 | UInt64(bytes[index]) }
        return Int64(bitPattern: value)
    }
}
