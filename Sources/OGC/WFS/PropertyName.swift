/// The names of columns as names of XML, and back.
///
/// A column may have any name, an element only some. What cannot stand at its place in a name becomes `_x` with the four
/// (eight beyond U+FFFF) digits of its number and `_`, as in ISO 9075-14, section 9.1; a `_` that might be read as the
/// beginning of such a sequence is written so itself. Letters beyond ASCII are written so too, for not all readers take
/// them. Nothing else is changed, so that each column has one name, and each name one column.
public enum PropertyName {
    /// The name of the property that holds the geometry.
    public static let geometry = "geom"

    /// The name of a column in documents.
    public static func encoded(_ column: String) -> String {
        let scalars = Array(column.unicodeScalars)
        var name = ""
        for (index, scalar) in scalars.enumerated() {
            let isLetter =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || scalar == "_" && !isSequence(scalars[index...])
            let isInner = ("0"..."9").contains(scalar) || scalar == "-" || scalar == "."
            if isLetter || isInner && index > 0 {
                name.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let width = scalar.value > 0xFFFF ? 8 : 4
                name += "_x" + String(repeating: "0", count: width - digits.count) + digits + "_"
            }
        }
        return name
    }

    /// The column of a name in documents.
    public static func decoded(_ name: String) -> String {
        var rest = Array(name.unicodeScalars)[...]
        var column = String.UnicodeScalarView()
        while let scalar = rest.first {
            if scalar == "_", let (value, length) = sequence(rest), let read = Unicode.Scalar(value) {
                column.append(read)
                rest = rest.dropFirst(length)
            } else {
                column.append(scalar)
                rest = rest.dropFirst()
            }
        }
        return String(column)
    }

    /// Whether a text begins as a sequence does, whose last `_` may be the first of the sequence that comes next.
    private static func isSequence(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        let part = Array(scalars.prefix(6))
        return part.count == 6 && part[0] == "_" && part[1] == "x"
            && part[2...].allSatisfy { $0.isASCII && $0.properties.numericType != nil || isHexLetter($0) }
    }

    private static func isHexLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
    }

    /// The number of a sequence at the beginning, and its length.
    private static func sequence(_ scalars: ArraySlice<Unicode.Scalar>) -> (value: UInt32, length: Int)? {
        for width in [4, 8] {
            let part = Array(scalars.prefix(width + 3))
            guard part.count == width + 3, part[0] == "_", part[1] == "x", part[width + 2] == "_",
                let value = UInt32(
                    String(String.UnicodeScalarView(part[2..<width + 2])), radix: 16),
                part[2] != "+", part[2] != "-"
            else { continue }
            return (value, width + 3)
        }
        return nil
    }

    /// The name without what stands before it: a prefix, a path from the feature's element, the brackets of a schema element.
    static func local(_ reference: String) -> String {
        var text = Substring(reference)
        if text.hasPrefix("schema-element("), text.hasSuffix(")") {
            text = text.dropFirst("schema-element(".count).dropLast()
        }
        if let slash = text.lastIndex(of: "/") { text = text[text.index(after: slash)...] }
        if let colon = text.lastIndex(of: ":") { text = text[text.index(after: colon)...] }
        return String(text)
    }
}
