/// A place on the map: longitude and latitude in degrees, or x and y of a source.
public struct Position: Sendable, Hashable {
    /// Longitude to the east in degrees, or x.
    public var x: Double
    /// Planetocentric latitude in degrees, or y.
    public var y: Double

    /// Makes a place of two coordinates.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A geometry of points in a plane; edges are straight lines between them.
///
/// Rings repeat their first point at their end, as OGC 06-103r4 has it.
public indirect enum Geometry: Sendable, Hashable {
    case point(Position)
    case line([Position])
    /// The outer ring, then holes.
    case polygon([[Position]])
    case multiPoint([Position])
    case multiLine([[Position]])
    case multiPolygon([[[Position]]])
    case collection([Geometry])

    /// The smallest box around the geometry; nil for an empty one.
    public var box: FeatureBox? {
        var box: FeatureBox?
        forEachPosition { place in
            if box == nil {
                box = FeatureBox(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y)
            } else {
                box?.include(place)
            }
        }
        return box
    }

    /// Hands out every point in the order in which it is stored.
    public func forEachPosition(_ body: (Position) -> Void) {
        switch self {
        case .point(let place): body(place)
        case .line(let places), .multiPoint(let places): places.forEach(body)
        case .polygon(let rings), .multiLine(let rings): rings.forEach { $0.forEach(body) }
        case .multiPolygon(let polygons): polygons.forEach { $0.forEach { $0.forEach(body) } }
        case .collection(let parts): parts.forEach { $0.forEachPosition(body) }
        }
    }

    /// The geometry with the first coordinate of each point in the place of the second.
    var exchanged: Geometry {
        func list(_ places: [Position]) -> [Position] { places.map { Position($0.y, $0.x) } }
        switch self {
        case .point(let place): return .point(Position(place.y, place.x))
        case .line(let places): return .line(list(places))
        case .multiPoint(let places): return .multiPoint(list(places))
        case .polygon(let rings): return .polygon(rings.map { list($0) })
        case .multiLine(let lines): return .multiLine(lines.map { list($0) })
        case .multiPolygon(let polygons): return .multiPolygon(polygons.map { $0.map { list($0) } })
        case .collection(let parts): return .collection(parts.map(\.exchanged))
        }
    }

    /// The name in GeoPackages and GML, such as `MULTIPOLYGON`.
    public var typeName: String {
        switch self {
        case .point: "POINT"
        case .line: "LINESTRING"
        case .polygon: "POLYGON"
        case .multiPoint: "MULTIPOINT"
        case .multiLine: "MULTILINESTRING"
        case .multiPolygon: "MULTIPOLYGON"
        case .collection: "GEOMETRYCOLLECTION"
        }
    }
}

/// A box of longitudes and latitudes in degrees.
public struct FeatureBox: Sendable, Hashable {
    /// West, south, east and north. In a query the west may be larger than the east: the box goes from the
    /// west to the east through longitude 180, or through 0 from 350 to 10; and both may lie on any turn.
    public var minX, minY, maxX, maxY: Double

    /// Makes a box of its sides in degrees.
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    mutating func include(_ place: Position) {
        minX = min(minX, place.x)
        maxX = max(maxX, place.x)
        minY = min(minY, place.y)
        maxY = max(maxY, place.y)
    }

    /// Whether two boxes have a point in common; neither crosses longitude 180.
    func meets(_ other: FeatureBox) -> Bool {
        minX <= other.maxX && maxX >= other.minX && minY <= other.maxY && maxY >= other.minY
    }

    /// The box within -180 to 180, in two parts where it crosses 180, and with the other side of longitude 180 where it ends
    /// there.
    var parts: [FeatureBox] {
        // From 350 to 10 are the 20 degrees over 0, from 170 to -170 those over 180.
        let width = minX > maxX ? maxX - minX + ((minX - maxX) / 360).rounded(.up) * 360 : maxX - minX
        if width >= 360 { return [with(-180, 180)] }
        // Boxes of 0 to 360 are turned back.
        let west = minX - ((minX + 180) / 360).rounded(.down) * 360
        let east = west + width
        if east > 180 { return [with(west, 180), with(-180, east - 360)] }
        // Features on longitude 180 may lie on either side of it.
        if east == 180 { return [with(west, 180), with(-180, -180)] }
        if west == -180 { return [with(-180, east), with(180, 180)] }
        return [with(west, east)]
    }

    /// The box as a geometry of layers: a polygon for each side of longitude 180 that it lies on; a line or a point where it has
    /// no area.
    public var geometry: Geometry {
        let parts = parts.filter { $0.maxX > $0.minX || self.minX == self.maxX }
        if minY == maxY || minX == maxX {
            if minY == maxY, minX == maxX { return .point(Position(parts[0].minX, minY)) }
            return .multiLine(parts.map { [Position($0.minX, $0.minY), Position($0.maxX, $0.maxY)] })
        }
        return .multiPolygon(
            parts.map { part in
                [
                    [
                        Position(part.minX, minY), Position(part.maxX, minY), Position(part.maxX, maxY),
                        Position(part.minX, maxY), Position(part.minX, minY),
                    ]
                ]
            })
    }

    private func with(_ west: Double, _ east: Double) -> FeatureBox {
        FeatureBox(minX: west, minY: minY, maxX: east, maxY: maxY)
    }
}
