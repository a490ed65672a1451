internal import Glibc
internal import HEALPix

extension Outline {
    /// A GeoJSON geometry (RFC 7946, section 3.1.7): a MultiPolygon in degrees.
    ///
    /// - Parameter decimals: Digits behind the point, 1 to 15.
    public func geoJSON(decimals: Int = 9) -> String {
        let polygons = polygons.map { polygon in
            "["
                + polygon.rings.map { "[" + Self.text($0, decimals, "[", ",", "]") + "]" }.joined(
                    separator: ",") + "]"
        }
        return "{\"type\":\"MultiPolygon\",\"coordinates\":[" + polygons.joined(separator: ",\n") + "]}"
    }

    /// Well-known text (OGC 06-103r4, section 7): a MULTIPOLYGON in degrees.
    public func wkt(decimals: Int = 9) -> String {
        guard !polygons.isEmpty else { return "MULTIPOLYGON EMPTY" }
        let polygons = polygons.map { polygon in
            "("
                + polygon.rings.map { "(" + Self.text($0, decimals, "", " ", "") + ")" }.joined(
                    separator: ",") + ")"
        }
        return "MULTIPOLYGON (" + polygons.joined(separator: ",\n") + ")"
    }

    /// One `s_region` string per polygon (EPN-TAP 2.0), in degrees.
    ///
    /// - Parameter frame: The word after `Polygon`; readers of planetary tables look for `UNKNOWNFrame`.
    /// - Throws: ``RegionError`` where a polygon has a hole, which the form cannot say.
    public func regionStrings(frame: String = "UNKNOWNFrame", decimals: Int = 9) throws(RegionError)
        -> [String]
    {
        var strings: [String] = []
        for polygon in polygons {
            guard polygon.rings.count == 1 else {
                throw .shape(
                    "a part of the coverage has \(polygon.rings.count - 1) holes, which s_region cannot say; divide the part or fill the holes, or write GeoJSON or WKT"
                )
            }
            // The corners along a pole are one place.
            var ring: [Direction] = []
            for vertex in polygon.rings[0]
            where !(abs(vertex.latRad) > 1.5707963 && Self.isPole(ring.last, vertex)) {
                ring.append(vertex)
            }
            if Self.isPole(ring.last, ring[0]), ring.count > 1 { ring.removeLast() }
            strings.append(
                "Polygon \(frame) " + Self.text(ring, decimals, "", " ", "", separator: " ", closes: false))
        }
        return strings
    }

    private static func isPole(_ a: Direction?, _ b: Direction) -> Bool {
        guard let a else { return false }
        return abs(a.latRad) > 1.5707963 && a.latRad == b.latRad
    }

    private static func text(
        _ ring: [Direction], _ decimals: Int, _ open: String, _ between: String, _ close: String,
        separator: String = ",", closes: Bool = true
    ) -> String {
        var text = ""
        for vertex in ring + (closes ? Array(ring.prefix(1)) : []) {
            if !text.isEmpty { text += separator }
            text += open + number(vertex.lonDeg, decimals) + between + number(vertex.latDeg, decimals) + close
        }
        return text
    }

    /// A number with at most so many decimals, without zeros at its end.
    static func number(_ value: Double, _ decimals: Int) -> String {
        let scale = pow(10, Double(max(1, min(15, decimals))))
        let rounded = (value * scale).rounded() / scale
        if rounded == 0 { return "0" }
        // Numbers below 1e-4 would be written with an exponent.
        guard abs(rounded) < 1e-4 else {
            let text = "\(rounded)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        var digits = String(Int64((abs(rounded) * 1e15).rounded()))
        digits = String(repeating: "0", count: max(0, 15 - digits.count)) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return (rounded < 0 ? "-" : "") + "0." + digits
    }
}
