internal import GDAL
internal import Glibc

/// Columns of a CSV that look like numbers and are none: identifiers with zeros in front, and those with more digits than
/// numbers have. GDAL takes them for numbers where all of a column do, and loses what is behind.
enum TableTypes {
    /// The file again with such columns as texts; nil where there are none.
    static func source(_ path: String, _ typed: GDALSource) throws -> TypedTable? {
        guard let layer = typed.layers.first, typed.layers.count == 1, mayHaveIdentifiers(path) else {
            return nil
        }
        let numeric = layer.fields.indices.filter {
            layer.fields[$0].kind == .integer || layer.fields[$0].kind == .real
        }
        var texts: Set<Int> = []
        let plain = try VectorDataset(
            opening: path, drivers: ["CSV"], options: ["AUTODETECT_TYPE=NO", "EMPTY_STRING_AS_NULL=YES"])
        try plain.read(layer: 0) { feature in
            for index in numeric where !texts.contains(index) && index < feature.values.count {
                if case .text(let text) = feature.values[index], isIdentifier(text.utf8) {
                    texts.insert(index)
                }
            }
        }
        guard !texts.isEmpty else { return nil }
        let names = texts.sorted().map { layer.fields[$0].name }.joined(separator: ", ")
        let table = try GDALSource(
            VectorDataset(opening: declaration(path, layer, texts), drivers: ["OGR_VRT"]),
            format: typed.format,
            notes: ["numbers with zeros in front, or with 19 digits and more, were taken for texts: \(names)"]
        )
        let words = layer.fields.indices.filter { layer.fields[$0].kind == .boolean }
        return TypedTable(table, booleans: Set(words))
    }

    /// A number that would not be the same text again.
    static func isIdentifier(_ text: some Collection<UInt8>) -> Bool {
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        let sign = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? 1 : 0
        let digits = text.dropFirst(sign).prefix(while: isDigit)
        if digits.first == UInt8(ascii: "0"), digits.count > 1 { return true }
        return digits.count >= 19 && digits.count + sign == text.count
    }

    /// Whether somewhere in a file a word begins with 0 and another digit, or has so many digits.
    private static func mayHaveIdentifiers(_ path: String) -> Bool {
        // What is not on disk is looked at by GDAL.
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        // Whether a word begins here, begins with a zero, and how many digits there have been in it.
        var (begins, isZero, digits) = (true, false, 0)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return count < 0 }
            for byte in buffer[..<count] {
                if (0x30...0x39).contains(byte) {
                    if isZero || digits >= 18 { return true }
                    isZero = begins && byte == 0x30
                    digits += begins || digits > 0 ? 1 : 0
                    begins = false
                } else {
                    (isZero, digits) = (false, 0)
                    switch byte {
                    case UInt8(ascii: "+"), UInt8(ascii: "-"): break
                    case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"): begins = false
                    default: begins = !(0x41...0x5A).contains(byte & 0xDF)
                    }
                }
            }
        }
    }

    /// The file with types of its columns, in OGR's language of virtual layers.
    private static func declaration(_ path: String, _ layer: VectorLayer, _ texts: Set<Int>) -> String {
        func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
        }
        let fields = layer.fields.enumerated().map { index, field in
            let type: String =
                switch field.kind {
                case _ where texts.contains(index): "String"
                case .integer: "Integer64"
                case .real: "Real"
                case .date: "Date"
                case .time: "Time"
                case .dateTime: "DateTime"
                default: "String"
                }
            let name = escaped(field.name)
            return "<Field name=\"\(name)\" src=\"\(name)\" type=\"\(type)\"/>"
        }
        let name = escaped(layer.name)
        // Where there is a column with well-known text, the file's own geometry is the layer's.
        let geometry = layer.hasGeometry ? "" : "<GeometryType>wkbNone</GeometryType>"
        return """
            <OGRVRTDataSource><OGRVRTLayer name="\(name)"><SrcDataSource relativeToVRT="0">\(escaped(path))</SrcDataSource>\
            <OpenOptions><OOI key="AUTODETECT_TYPE">NO</OOI><OOI key="EMPTY_STRING_AS_NULL">YES</OOI></OpenOptions>\
            <SrcLayer>\(name)</SrcLayer>\(geometry)\(fields.joined())</OGRVRTLayer>\
            </OGRVRTDataSource>
            """
    }
}
