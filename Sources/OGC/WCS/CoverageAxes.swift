internal import Maps
internal import PlanetaryFrames

/// The two axes of a coordinate system as the coverage service calls them.
struct CoverageAxes {
    /// The axes, in terms of pictures: x to the right, y up.
    enum Axis: Sendable { case x, y }

    /// The label of x.
    let x: String
    /// The label of y.
    let y: String
    /// Whether y comes first in the definition of the system.
    let isNorthFirst: Bool
    /// The unit of both in UCUM.
    let unit: String

    init(_ crs: MapCRS) {
        isNorthFirst = crs.axisOrder.isNorthFirst
        unit = crs.isGeographic ? "deg" : "m"
        if crs.isGeographic {
            (x, y) = ("Long", "Lat")
        } else {
            (x, y) = (crs.axisOrder == .westNorth ? "W" : "E", "N")
        }
    }

    /// The labels in the order of the definition.
    var labels: String { ordered(x, y) }

    /// Two texts in the order of the definition.
    func ordered(_ x: String, _ y: String) -> String { isNorthFirst ? "\(y) \(x)" : "\(x) \(y)" }

    /// Two numbers in the order of the definition.
    func ordered(_ x: Double, _ y: Double) -> String {
        ordered(CoverageText.number(x), CoverageText.number(y))
    }

    /// The axis of a label; nil for a label that is none. Beside the labels themselves those that other servers' clients
    /// write are taken: x and y, and i and j of the grid.
    func axis(_ label: String) -> Axis? {
        switch label.lowercased() {
        case x.lowercased(), "x", "i": return .x
        case y.lowercased(), "y", "j": return .y
        case "lon", "longitude": return x == "Long" ? .x : nil
        case "latitude": return y == "Lat" ? .y : nil
        default: return nil
        }
    }

    /// The labels for a message.
    var list: String { "\(x) and \(y)" }
}

extension MapCRS {
    /// Whether a GeoTIFF can say in what system it is, so that coverages are offered in it: its keys have no longitudes that
    /// grow to the west, and no planetocentric latitudes on an ellipsoid (kind 2 of the IAU's systems).
    var isForFiles: Bool {
        guard axisOrder == .eastNorth || axisOrder == .northEast else { return false }
        return identifier.naifCode == nil || Int(identifier.code).map { $0 % 10 != 2 } ?? true
    }
}

/// Texts of documents about coverages.
enum CoverageText {
    /// A number without a point where it is a whole one.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-INF" : "INF" }
        return value.rounded() == value && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    /// A word as an identifier of XML (NCName), the same where it is one already: letters, digits, `.`, `-` and `_` stand
    /// for themselves, whatever else becomes `_x` with its bytes, and a digit in front gets `_` before it.
    static func identifier(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "_x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        guard let first = text.utf8.first else { return "_" }
        let isLetter =
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) || first == UInt8(ascii: "_")
        return isLetter ? text : "_" + text
    }

    /// A unit as a code of UCUM: without what its schema does not take, and 1 for none.
    static func unit(_ unit: String?) -> String {
        guard let unit, !unit.isEmpty else { return "1" }
        return String(unit.map { " \t\r\n:".contains($0) ? "_" : $0 })
    }
}
