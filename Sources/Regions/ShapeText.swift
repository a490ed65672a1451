/// The forms of shapes in a text that their first characters tell apart.
public enum ShapeText: String, Sendable, CaseIterable {
    /// GeoJSON (RFC 7946).
    case geoJSON
    /// Well-known text (OGC 06-103r4).
    case wkt
    /// A string of `s_region` (STC-S, DALI).
    case regionString

    /// Tells the form of a text that holds shapes; nil for everything else, coverages in ASCII and JSON among it.
    ///
    /// An object with a member `type` is GeoJSON. `POLYGON` and `POINT` are names of two forms: in well-known text a bracket,
    /// `Z`, `M` or `EMPTY` comes behind them.
    public init?(detecting bytes: [UInt8]) {
        var scanner = ShapeScanner(bytes, form: "shapes")
        scanner.skipSpace()
        if scanner.byte == UInt8(ascii: "{") {
            guard Self.contains(bytes, "\"type\"") else { return nil }
            self = .geoJSON
            return
        }
        // A single letter, or one before an order, is an axis of a coverage.
        guard let name = scanner.word()?.lowercased(), name.utf8.count > 1, scanner.byte != UInt8(ascii: "/")
        else { return nil }
        if scanner.take("=") {
            self = .wkt
            return
        }
        let isBracket = scanner.take("(")
        let next = scanner.word()?.lowercased() ?? ""
        let isWellKnown = ["z", "m", "zm", "empty"].contains(next)
        switch name {
        case "union", "intersection", "not": self = .regionString
        default: self = isBracket || isWellKnown || name.hasPrefix("multi") ? .wkt : .regionString
        }
    }

    private static func contains(_ bytes: [UInt8], _ text: StaticString) -> Bool {
        let wanted = text.withUTF8Buffer { Array($0) }
        guard bytes.count >= wanted.count else { return false }
        return (0...bytes.count - wanted.count).contains {
            bytes[$0] == wanted[0] && bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }

    /// Hands each shape of a text of this form to a closure.
    /// - Throws: ``RegionError`` with the place where the text or a shape is none.
    public func read(
        _ bytes: [UInt8], options: ShapeOptions = ShapeOptions(), _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) -> ShapeTally {
        switch self {
        case .geoJSON: try GeoJSONReader.read(bytes, options: options, use)
        case .wkt: try WKTReader.read(bytes, options: options, use)
        case .regionString: try RegionStringReader.read(bytes, options: options, use)
        }
    }
}
