internal import GDAL
internal import Glibc

/// A geometry on the sphere, for distances along great circles.
///
/// Between points distances are exact. Edges, straight on the map of longitude and latitude, are put together of arcs of great
/// circles that are nowhere farther from them than ``tolerance``: a third of a metre on Mars.
struct SphereShape: Sendable {
    /// The largest distance in radians between an edge and the arcs that stand for it.
    static let tolerance = 1e-7
    /// More arcs than all distances of any sensible question have: some ten megabytes.
    static let mostArcs = 200_000
    private static let chunkLength = 16

    private struct Arc {
        let a, b: Direction3
    }

    /// Some arcs and a cap around them.
    private struct Chunk {
        let arcs: Range<Int>
        let centre: Direction3
        let radius: Double
    }

    private var arcs: [Arc] = []
    private var chunks: [Chunk] = []
    private var hasEdges = false
    private let prepared: PreparedGeometry?

    /// How many arcs it is made of.
    var arcCount: Int { arcs.count }

    /// What a query asks about.
    /// - Parameter most: how many arcs it may have.
    /// - Throws: ``FeatureError/badGeometry(reason:)`` for a geometry of too many long edges, `GDALError` for none.
    init(asked geometry: Geometry, most: Int = mostArcs) throws {
        prepared = try PreparedGeometry(WellKnownBinary.bytes(of: geometry))
        guard add(geometry, most: most) else {
            throw FeatureError.badGeometry(
                reason: "distances are not measured to geometries with so many long edges; simplify them")
        }
        makeChunks()
    }

    private init(feature: Geometry) {
        prepared = nil
        _ = add(feature, most: .max)
        makeChunks()
    }

    /// Whether a feature is at most so many radians away.
    func isWithin(_ angle: Double, of geometry: Geometry, wkb: ArraySlice<UInt8>) throws -> Bool {
        let other = SphereShape(feature: geometry)
        if isNear(other, angle) { return true }
        // What crosses or holds the other has no border near it, perhaps.
        guard hasEdges || other.hasEdges, let prepared else { return false }
        return try prepared.holds(.intersects, for: wkb)
    }

    private func isNear(_ other: SphereShape, _ angle: Double) -> Bool {
        for own in chunks {
            for chunk in other.chunks {
                guard own.centre.angle(to: chunk.centre) - own.radius - chunk.radius <= angle else {
                    continue
                }
                for arc in arcs[own.arcs] {
                    for second in other.arcs[chunk.arcs] where Self.distance(arc, second) <= angle {
                        return true
                    }
                }
            }
        }
        return false
    }

    /// The distance of two arcs that do not cross.
    private static func distance(_ one: Arc, _ two: Arc) -> Double {
        if one.a == one.b {
            return two.a == two.b ? one.a.angle(to: two.a) : distance(one.a, two)
        }
        if two.a == two.b { return distance(two.a, one) }
        return min(
            min(distance(one.a, two), distance(one.b, two)), min(distance(two.a, one), distance(two.b, one)))
    }

    private static func distance(_ p: Direction3, _ arc: Arc) -> Double {
        let normal = arc.a.cross(arc.b)
        let length = normal.length
        if length > 0, normal.cross(arc.a).dot(p) >= 0, normal.cross(arc.b).dot(p) <= 0 {
            return abs(asin(min(1, max(-1, normal.dot(p) / length))))
        }
        return min(p.angle(to: arc.a), p.angle(to: arc.b))
    }

    /// Adds the points and edges of a geometry; false when there are too many.
    private mutating func add(_ geometry: Geometry, most: Int) -> Bool {
        switch geometry {
        case .point(let place): return add([place], most)
        case .multiPoint(let places): return places.allSatisfy { add([$0], most) }
        case .line(let places): return add(places, most)
        case .multiLine(let lines), .polygon(let lines): return lines.allSatisfy { add($0, most) }
        case .multiPolygon(let polygons): return polygons.allSatisfy { $0.allSatisfy { add($0, most) } }
        case .collection(let parts): return parts.allSatisfy { add($0, most: most) }
        }
    }

    private mutating func add(_ places: [Position], _ most: Int) -> Bool {
        guard let first = places.first else { return true }
        if places.count == 1 {
            let direction = Direction3(first)
            arcs.append(Arc(a: direction, b: direction))
            return arcs.count <= most
        }
        hasEdges = true
        var last = Direction3(first)
        for (from, to) in zip(places, places.dropFirst()) {
            let count = Self.pieces(from, to)
            guard arcs.count + count <= most else { return false }
            for piece in 1...count {
                let share = Double(piece) / Double(count)
                let next = Direction3(
                    Position(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share))
                arcs.append(Arc(a: last, b: next))
                last = next
            }
        }
        return true
    }

    /// Into how many arcs an edge is divided. The geodesic curvature of an edge is at most 2 dlon / L in one of length L, so
    /// that the arc between its ends is at most dlon * L / 4 away.
    private static func pieces(_ from: Position, _ to: Position) -> Int {
        let degree = Double.pi / 180
        let (dlon, dlat) = (abs(to.x - from.x) * degree, abs(to.y - from.y) * degree)
        let nearest = from.y * to.y <= 0 ? 0 : min(abs(from.y), abs(to.y)) * degree
        let length = hypot(dlon * cos(nearest), dlat)
        return max(
            1, Int((length / 0.5).rounded(.up)),
            Int((dlon * length / (4 * tolerance)).squareRoot().rounded(.up)))
    }

    private mutating func makeChunks() {
        chunks.reserveCapacity(arcs.count / Self.chunkLength + 1)
        for start in stride(from: 0, to: arcs.count, by: Self.chunkLength) {
            let range = start..<min(start + Self.chunkLength, arcs.count)
            var sum = Direction3(x: 0, y: 0, z: 0)
            for arc in arcs[range] { sum = sum.plus(arc.a).plus(arc.b) }
            let length = sum.length
            guard length > 1e-9 else {
                chunks.append(Chunk(arcs: range, centre: arcs[start].a, radius: .pi))
                continue
            }
            let centre = Direction3(x: sum.x / length, y: sum.y / length, z: sum.z / length)
            var radius = 0.0
            for arc in arcs[range] {
                radius = max(radius, centre.angle(to: arc.a), centre.angle(to: arc.b))
            }
            // A cap of less than half the sphere holds the arcs between its points.
            chunks.append(Chunk(arcs: range, centre: centre, radius: radius < .pi / 2 ? radius + 1e-12 : .pi))
        }
    }
}

/// A unit vector, or a sum of some.
private struct Direction3: Sendable, Equatable {
    var x, y, z: Double

    init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    init(_ place: Position) {
        let (lon, lat) = (place.x * .pi / 180, place.y * .pi / 180)
        self.init(x: cos(lat) * cos(lon), y: cos(lat) * sin(lon), z: sin(lat))
    }

    func dot(_ v: Direction3) -> Double { x * v.x + y * v.y + z * v.z }

    func cross(_ v: Direction3) -> Direction3 {
        Direction3(x: y * v.z - z * v.y, y: z * v.x - x * v.z, z: x * v.y - y * v.x)
    }

    func plus(_ v: Direction3) -> Direction3 { Direction3(x: x + v.x, y: y + v.y, z: z + v.z) }

    var length: Double { dot(self).squareRoot() }

    /// Exact for small and for large angles, unlike the arc cosine.
    func angle(to v: Direction3) -> Double { atan2(cross(v).length, dot(v)) }
}

extension Geometry {
    /// The boxes of the parts; one box around all of them where they are many.
    var partBoxes: [FeatureBox] {
        let boxes: [FeatureBox]
        switch self {
        case .multiPoint(let places): boxes = places.compactMap { Geometry.point($0).box }
        case .multiLine(let lines): boxes = lines.compactMap { Geometry.line($0).box }
        case .multiPolygon(let polygons): boxes = polygons.compactMap { Geometry.polygon($0).box }
        case .collection(let parts): boxes = parts.flatMap(\.partBoxes)
        default: boxes = [box].compactMap(\.self)
        }
        return boxes.count <= 8 ? boxes : [box].compactMap(\.self)
    }

    /// What of the geometry lies on longitude 180, on the other side of it; nil when nothing does.
    var seamTwin: Geometry? {
        var points: [Position] = []
        var lines: [[Position]] = []
        func collect(_ places: [Position]) {
            for (index, place) in places.enumerated() where abs(place.x) == 180 {
                let twin = Position(-place.x, place.y)
                if index > 0, places[index - 1].x == place.x, places[index - 1].y != place.y {
                    lines.append([Position(-place.x, places[index - 1].y), twin])
                } else {
                    points.append(twin)
                }
            }
        }
        func walk(_ geometry: Geometry) {
            switch geometry {
            case .point(let place): collect([place])
            case .multiPoint(let places): places.forEach { collect([$0]) }
            case .line(let places): collect(places)
            case .polygon(let rings), .multiLine(let rings): rings.forEach(collect)
            case .multiPolygon(let polygons): polygons.forEach { $0.forEach(collect) }
            case .collection(let parts): parts.forEach(walk)
            }
        }
        walk(self)
        if lines.isEmpty { return points.isEmpty ? nil : .multiPoint(points) }
        return points.isEmpty ? .multiLine(lines) : .collection([.multiLine(lines), .multiPoint(points)])
    }
}

extension FeatureBox {
    /// Boxes around all that is at most so many radians from this one.
    func grown(by angle: Double) -> [FeatureBox] {
        let degrees = angle * 180 / .pi + 1e-9
        let (south, north) = (minY - degrees, maxY + degrees)
        guard south > -90, north < 90, angle < .pi / 2 else {
            return FeatureBox(minX: -180, minY: max(south, -90), maxX: 180, maxY: min(north, 90)).parts
        }
        let farthest = max(abs(minY), abs(maxY)) * .pi / 180
        let side = asin(min(1, sin(angle) / cos(farthest))) * 180 / .pi + 1e-9
        return FeatureBox(minX: minX - side, minY: south, maxX: maxX + side, maxY: north).parts
    }
}
