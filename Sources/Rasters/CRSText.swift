internal import PlanetaryFrames

/// What has to be looked up in the text of a coordinate reference system.
enum CRSText {
    /// Whether an axis of a WKT grows to the west.
    static func hasWestAxis(_ text: String) -> Bool {
        let lower = text.lowercased().filter { !$0.isWhitespace }
        return lower.contains("axis[") && (lower.contains(",west") || lower.contains("(w)\",west"))
    }

    /// The text without quotes around it.
    static func unquoted(_ text: String) -> String {
        text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : text
    }

    /// The radius in a PROJ string.
    static func radius(in text: String) -> Double? {
        text.split(whereSeparator: { $0 == " " || $0 == "\"" }).first { $0.hasPrefix("+R=") }.flatMap {
            Double($0.dropFirst(3))
        }
    }

    /// The body that one of the words of a name names.
    static func body(in name: String, _ catalogue: BodyCatalogue) -> Body? {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        let found = words.compactMap { try? catalogue.body(named: String($0)) }
        return found.first.flatMap { first in found.allSatisfy { $0 == first } ? first : nil }
    }

    /// The first parameter in a WKT that has one of the names: its value, and where that stands.
    static func parameter(
        _ names: [String], in wkt: String
    ) -> (value: Double, range: Range<String.Index>)? {
        for name in names {
            guard let start = wkt.firstRange(of: "PARAMETER[\"\(name)\",") else { continue }
            let number = wkt[start.upperBound...].prefix { $0.isNumber || ".+-eE".contains($0) }
            guard let value = Double(number) else { continue }
            return (value, number.startIndex..<number.endIndex)
        }
        return nil
    }

    /// The text with the numbers of an ellipsoid in metres in place of its own, as WKT 2 writes them.
    static func withEllipsoid(_ equatorial: Double, _ polar: Double, in wkt: String) -> String {
        guard let start = wkt.firstRange(of: "ELLIPSOID[\""),
            let name = wkt[start.upperBound...].firstRange(of: "\",")
        else { return wkt }
        let rest = wkt[name.upperBound...]
        let numbers = rest.prefix { $0.isNumber || ".,+-eE".contains($0) }
        let inverse = equatorial == polar ? 0 : equatorial / (equatorial - polar)
        let end = numbers.last == "," ? "," : ""
        return wkt[..<name.upperBound] + "\(equatorial),\(inverse)\(end)" + rest.dropFirst(numbers.count)
    }

    /// The text with a scale factor of 1 where it has one of 0; nil where it has none of 0.
    static func withoutZeroScale(_ wkt: String) -> String? {
        for name in ["Scale factor at natural origin", "scale_factor", "Scale_Factor"] {
            let start = "PARAMETER[\"\(name)\","
            guard let range = wkt.firstRange(of: start) else { continue }
            let rest = wkt[range.upperBound...]
            let number = rest.prefix { $0.isNumber || ".+-eE".contains($0) }
            guard Double(number) == 0 else { continue }
            return wkt[..<range.upperBound] + "1" + rest.dropFirst(number.count)
        }
        return nil
    }
}
