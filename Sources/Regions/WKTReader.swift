internal import HEALPix

/// Reads shapes in well-known text (OGC 06-103r4, section 7): longitude and latitude in degrees.
public struct WKTReader {
    private var scanner: ShapeScanner
    private var builder: RingBuilder

    private init(_ bytes: [UInt8], _ options: ShapeOptions) {
        scanner = ShapeScanner(bytes, form: "well-known text")
        builder = RingBuilder(options: options, closes: true)
    }

    /// Hands each shape of a text to a closure: POINT, MULTIPOINT, POLYGON, MULTIPOLYGON and GEOMETRYCOLLECTION, one
    /// geometry after another, with a third coordinate or without.
    ///
    /// - Throws: ``RegionError`` with the byte where the text is something else, and where a shape is none.
    public static func read(
        _ bytes: [UInt8], options: ShapeOptions = ShapeOptions(), _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) -> ShapeTally {
        var reader = WKTReader(bytes, options)
        reader.scanner.skipSpace()
        guard !reader.scanner.isAtEnd else { throw reader.scanner.failure("it is empty") }
        var number = 0
        while !reader.scanner.isAtEnd {
            number += 1
            let start = reader.scanner.position
            do throws(RegionError) {
                try reader.geometry(depth: 0, use)
            } catch {
                if case .text = error { throw error }
                throw .member("geometry \(number) at byte \(start + 1)", error)
            }
            while reader.scanner.take(";") || reader.scanner.take(",") {}
            reader.scanner.skipSpace()
        }
        return reader.builder.tally
    }

    private mutating func geometry(depth: Int, _ use: (Region) throws(RegionError) -> Void)
        throws(RegionError)
    {
        guard depth < 16 else { throw scanner.failure("collections are nested more than 16 deep") }
        var name = (scanner.word() ?? "").uppercased()
        if name == "SRID" {
            try scanner.expect("=", "after SRID")
            _ = try scanner.number()
            try scanner.expect(";", "after the number of SRID")
            name = (scanner.word() ?? "").uppercased()
        }
        let mark = scanner.position
        if let suffix = scanner.word()?.uppercased(), !["Z", "M", "ZM"].contains(suffix) {
            scanner.position = mark
        }
        for suffix in ["ZM", "Z", "M"] where name.hasSuffix(suffix) && name.count > suffix.count + 4 {
            name.removeLast(suffix.count)
            break
        }
        let before = scanner.position
        if scanner.word()?.uppercased() == "EMPTY" {
            builder.tally.empty += 1
            return
        }
        scanner.position = before
        switch name {
        case "POINT": try points(use)
        case "MULTIPOINT": try points(use)
        case "POLYGON": try polygon(use)
        case "MULTIPOLYGON":
            try scanner.expect("(", "after MULTIPOLYGON")
            repeat { try polygon(use) } while scanner.take(",")
            try scanner.expect(")", "at the end of MULTIPOLYGON")
        case "GEOMETRYCOLLECTION":
            try scanner.expect("(", "after GEOMETRYCOLLECTION")
            repeat { try geometry(depth: depth + 1, use) } while scanner.take(",")
            try scanner.expect(")", "at the end of GEOMETRYCOLLECTION")
        case "LINESTRING", "MULTILINESTRING":
            throw scanner.failure("a line covers nothing; only points and polygons are read")
        default:
            throw scanner.failure(
                "POINT, MULTIPOINT, POLYGON, MULTIPOLYGON or GEOMETRYCOLLECTION is expected, not \(name.isEmpty ? scanner.found : name)"
            )
        }
    }

    /// A place; further coordinates are read and not used.
    private mutating func place() throws(RegionError) -> Direction? {
        let lon = try scanner.number()
        let lat = try scanner.number()
        scanner.skipSpace()
        while scanner.isAtNumber {
            _ = try scanner.number()
            scanner.skipSpace()
        }
        return try builder.place(lon, lat)
    }

    private mutating func points(_ use: (Region) throws(RegionError) -> Void) throws(RegionError) {
        try scanner.expect("(", "before coordinates")
        repeat {
            let isWrapped = scanner.take("(")
            if let place = try place() {
                builder.tally.shapes += 1
                try use(.point(place))
            }
            if isWrapped { try scanner.expect(")", "after a point") }
        } while scanner.take(",")
        try scanner.expect(")", "after the points")
    }

    private mutating func polygon(_ use: (Region) throws(RegionError) -> Void) throws(RegionError) {
        try scanner.expect("(", "before the rings of a polygon")
        var rings: [[Direction]] = []
        repeat {
            try scanner.expect("(", "before the vertices of ring \(rings.count + 1)")
            var ring: [Direction] = []
            repeat {
                do throws(RegionError) {
                    if let place = try place() { ring.append(place) }
                } catch {
                    guard case .shape(let reason) = error else { throw error }
                    throw .vertex(ring: rings.count, vertex: ring.count, reason)
                }
            } while scanner.take(",")
            try scanner.expect(")", "after the vertices of ring \(rings.count + 1)")
            rings.append(ring)
        } while scanner.take(",")
        try scanner.expect(")", "after the rings of a polygon")
        if let region = try builder.polygon(rings) { try use(region) }
    }
}
