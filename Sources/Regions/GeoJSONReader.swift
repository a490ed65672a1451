internal import HEALPix

/// Reads shapes of GeoJSON (RFC 7946): longitude and latitude in degrees, on whatever body the file is about.
public struct GeoJSONReader {
    private var scanner: ShapeScanner
    private var builder: RingBuilder
    private var features = 0

    /// Hands each shape of a FeatureCollection, a Feature or a geometry to a closure: points and polygons, also in
    /// collections. Further coordinates and all other members are read past.
    ///
    /// - Throws: ``RegionError`` with the byte where the text is no JSON or no GeoJSON, and with the number of the
    ///   feature, ring and vertex where a shape is none.
    public static func read(
        _ bytes: [UInt8], options: ShapeOptions = ShapeOptions(), _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) -> ShapeTally {
        var reader = GeoJSONReader(
            scanner: ShapeScanner(bytes, form: "GeoJSON"),
            builder: RingBuilder(options: options, closes: true))
        try reader.object(depth: 0, use)
        reader.scanner.skipSpace()
        guard reader.scanner.isAtEnd else {
            throw reader.scanner.failure("something follows the closing brace")
        }
        return reader.builder.tally
    }

    /// Where the members of an object are that matter here.
    private struct Members {
        var type: String?
        var features: Int?
        var geometry: Int?
        var geometries: Int?
        var coordinates: Int?
        var end = 0
    }

    private mutating func object(
        depth: Int, _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) {
        guard depth < 16 else { throw scanner.failure("objects are nested more than 16 deep") }
        scanner.skipSpace()
        let start = scanner.position
        let members = try members()
        defer { scanner.position = members.end }
        switch members.type {
        case "FeatureCollection":
            guard let place = members.features else { throw scanner.failure("no \"features\"", at: start) }
            scanner.position = place
            try list { reader throws(RegionError) in try reader.feature(use) }
        case "Feature":
            guard let place = members.geometry else { throw scanner.failure("no \"geometry\"", at: start) }
            scanner.position = place
            if scanner.take("n") {
                builder.tally.empty += 1
                return
            }
            try object(depth: depth + 1, use)
        case "GeometryCollection":
            guard let place = members.geometries else {
                throw scanner.failure("no \"geometries\"", at: start)
            }
            scanner.position = place
            try list { reader throws(RegionError) in try reader.object(depth: depth + 1, use) }
        case let type?:
            guard let place = members.coordinates else {
                throw scanner.failure("no \"coordinates\"", at: start)
            }
            scanner.position = place
            try geometry(type, start, use)
        case nil: throw scanner.failure("no \"type\"", at: start)
        }
    }

    private mutating func feature(_ use: (Region) throws(RegionError) -> Void) throws(RegionError) {
        features += 1
        scanner.skipSpace()
        let start = scanner.position
        do throws(RegionError) {
            try object(depth: 1, use)
        } catch {
            if case .text = error { throw error }
            throw .member("feature \(features) at byte \(start + 1)", error)
        }
    }

    private mutating func geometry(
        _ type: String, _ start: Int, _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) {
        switch type {
        case "Point": try point(use)
        case "MultiPoint": try list { reader throws(RegionError) in try reader.point(use) }
        case "Polygon": try polygon(use)
        case "MultiPolygon": try list { reader throws(RegionError) in try reader.polygon(use) }
        case "LineString", "MultiLineString":
            throw scanner.failure("a \(type) covers nothing; only points and polygons are read", at: start)
        default:
            throw scanner.failure("no type of GeoJSON is named \"\(type.prefix(40))\"", at: start)
        }
    }

    private mutating func point(_ use: (Region) throws(RegionError) -> Void) throws(RegionError) {
        let (lon, lat) = try position()
        guard let place = try builder.place(lon, lat) else { return }
        builder.tally.shapes += 1
        try use(.point(place))
    }

    private mutating func polygon(_ use: (Region) throws(RegionError) -> Void) throws(RegionError) {
        var rings: [[Direction]] = []
        try list { reader throws(RegionError) in
            var ring: [Direction] = []
            var vertex = 0
            try reader.list { reader throws(RegionError) in
                let (lon, lat) = try reader.position()
                do throws(RegionError) {
                    if let place = try reader.builder.place(lon, lat) { ring.append(place) }
                } catch {
                    guard case .shape(let reason) = error else { throw error }
                    throw .vertex(ring: rings.count, vertex: vertex, reason)
                }
                vertex += 1
            }
            rings.append(ring)
        }
        if rings.isEmpty {
            builder.tally.empty += 1
            return
        }
        if let region = try builder.polygon(rings) { try use(region) }
    }

    private mutating func position() throws(RegionError) -> (Double, Double) {
        try scanner.expect("[", "before a position")
        let lon = try scanner.number()
        try scanner.expect(",", "between longitude and latitude")
        let lat = try scanner.number()
        while scanner.take(",") { _ = try scanner.number() }
        try scanner.expect("]", "after a position")
        return (lon, lat)
    }

    /// Reads a list by its members.
    private mutating func list(
        _ member: (inout GeoJSONReader) throws(RegionError) -> Void
    ) throws(RegionError) {
        try scanner.expect("[", "at the beginning of a list")
        if scanner.take("]") { return }
        repeat { try member(&self) } while scanner.take(",")
        try scanner.expect("]", "at the end of a list")
    }

    /// Reads past an object and notes its members.
    private mutating func members() throws(RegionError) -> Members {
        var members = Members()
        try scanner.expect("{", "at the beginning of an object")
        if !scanner.take("}") {
            repeat {
                scanner.skipSpace()
                let key = try string()
                try scanner.expect(":", "after a key")
                scanner.skipSpace()
                let place = scanner.position
                switch key {
                case "type":
                    if scanner.byte == 0x22 {
                        members.type = try string()
                        continue
                    }
                case "features": members.features = place
                case "geometry": members.geometry = place
                case "geometries": members.geometries = place
                case "coordinates": members.coordinates = place
                default: break
                }
                try skipValue()
            } while scanner.take(",")
            try scanner.expect("}", "at the end of an object")
        }
        members.end = scanner.position
        return members
    }

    /// Reads a string as it stands; escapes do not matter for the names that are compared.
    private mutating func string() throws(RegionError) -> String {
        guard scanner.byte == 0x22 else {
            throw scanner.failure("a string is expected, not \(scanner.found)")
        }
        let start = scanner.position + 1
        try skipString()
        return scanner.text(start..<scanner.position - 1)
    }

    private mutating func skipString() throws(RegionError) {
        let start = scanner.position
        scanner.position += 1
        while scanner.byte != 0x22 {
            guard !scanner.isAtEnd else { throw scanner.failure("a string does not end", at: start) }
            scanner.position += scanner.byte == 0x5C && scanner.position + 1 < scanner.count ? 2 : 1
        }
        scanner.position += 1
    }

    /// Reads past any value, without recursion.
    private mutating func skipValue() throws(RegionError) {
        var open: [UInt8] = []
        repeat {
            scanner.skipSpace()
            let byte = scanner.byte
            switch byte {
            case 0x7B, 0x5B:
                guard open.count < 512 else { throw scanner.failure("values are nested more than 512 deep") }
                open.append(byte + 2)
                scanner.position += 1
            case 0x7D, 0x5D:
                guard open.last == byte else { throw scanner.failure("a bracket does not fit") }
                open.removeLast()
                scanner.position += 1
            case 0x22: try skipString()
            case 0x2C, 0x3A:
                guard !open.isEmpty else {
                    throw scanner.failure("a value is expected, not \(scanner.found)")
                }
                scanner.position += 1
            default:
                if scanner.isAtNumber {
                    _ = try scanner.number()
                } else if let word = scanner.word(), ["true", "false", "null"].contains(word) {
                    break
                } else {
                    throw scanner.failure("a value is expected, not \(scanner.found)")
                }
            }
        } while !open.isEmpty
    }
}
