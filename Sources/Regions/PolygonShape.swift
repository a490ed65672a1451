internal import Glibc
internal import HEALPix

/// A polygon of great circles made ready: its curves, and which places are in it.
struct PolygonShape {
    let curves: [Curve]
    private let rings: [[Vec3]]
    /// A place off the border, and its side.
    private let anchor: Vec3
    private let isAnchorInside: Bool
    /// Nothing of the border is farther than `reach` (cosine) from `axis`; then the far side is all one.
    private let axis: Vec3
    private let reach: Double
    private let isFarSideInside: Bool

    init(_ polygon: SphericalPolygon) {
        let rings = polygon.rings.map { $0.map { Vec3($0) } }
        self.rings = rings
        curves = rings.flatMap(Self.curves(of:))
        let hemisphere = Self.hemisphere(rings)
        (axis, reach) = hemisphere ?? (Vec3(0, 0, 1), -2)
        if let hemisphere, polygon.interior != .left {
            anchor = -hemisphere.axis
            isAnchorInside = polygon.interior == .larger
            isFarSideInside = isAnchorInside
            return
        }
        let anchor = Self.offPlace(rings)
        self.anchor = anchor
        switch polygon.interior {
        case .smaller, .larger:
            let smaller = rings.reduce(false) { $0 != Self.enclosesInSmaller($1, anchor) }
            isAnchorInside = smaller != (polygon.interior == .larger)
        case .left:
            isAnchorInside = rings.first.map { Self.isLeft($0, of: rings, anchor) } ?? false
        }
        isFarSideInside =
            isAnchorInside != (hemisphere.map { Self.isCrossed(rings, anchor, -$0.axis) } ?? false)
    }

    private static func curves(of ring: [Vec3]) -> [Curve] {
        switch ring.count {
        case 0: []
        case 1: [Curve(greatCircle: ring[0], ring[0])]
        // A line too is closed, there and back: otherwise what is beside it would seem to be on two sides.
        default:
            ring.indices.map { Curve(greatCircle: ring[$0], ring[$0 + 1 == ring.count ? 0 : $0 + 1]) }
        }
    }

    /// Whether a place off the border is in the polygon.
    func holds(_ point: Vec3) -> Bool {
        if point.dot(axis) < reach { return isFarSideInside }
        return isAnchorInside != Self.isCrossed(rings, anchor, point)
    }

    // MARK: Sides

    /// An axis and the cosine of an angle below 87 degrees that no vertex is farther away from it, if there is one.
    ///
    /// The sum of the vertices is tried, then turned towards the vertex that is worst served (the perceptron rule,
    /// which ends within 1 / cos^2 steps where there is such an axis).
    private static func hemisphere(_ rings: [[Vec3]]) -> (axis: Vec3, cosine: Double)? {
        let least = 0.05
        var sum = Vec3(0, 0, 0)
        for ring in rings { for vertex in ring { sum = sum + vertex } }
        for _ in 0..<400 {
            guard sum.norm > 1e-9 else { return nil }
            let axis = sum.normalised
            var (worst, cosine) = (axis, 2.0)
            for ring in rings {
                for vertex in ring {
                    let c = vertex.dot(axis)
                    if c < cosine { (worst, cosine) = (vertex, c) }
                }
            }
            if cosine > least { return (axis, cosine - 1e-12) }
            sum = axis + worst * (1.1 * (least - cosine) + 0.02)
        }
        return nil
    }

    /// A place that is not near an edge.
    private static func offPlace(_ rings: [[Vec3]]) -> Vec3 {
        var best = Vec3(0.48, 0.6, 0.64)
        var bestRoom = -1.0
        let golden = 2.399963229728653
        let count = 64
        for index in 0..<count {
            let z = 1 - 2 * (Double(index) + 0.5) / Double(count)
            let rho = (1 - z * z).squareRoot()
            let angle = golden * Double(index) + 0.123
            let point = Vec3(rho * cos(angle), rho * sin(angle), z)
            var room = 2.0
            for ring in rings {
                for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1)) {
                    let normal = a.cross(b)
                    let sine = normal.norm
                    room = min(room, (a - point).norm)
                    guard sine > 0, a.cross(point).dot(normal) > 0, point.cross(b).dot(normal) > 0 else {
                        continue
                    }
                    room = min(room, abs(normal.dot(point)) / sine)
                }
            }
            if room > bestRoom { (best, bestRoom) = (point, room) }
        }
        return best
    }

    /// Whether the smaller of the sides of a ring holds a place.
    private static func enclosesInSmaller(_ ring: [Vec3], _ place: Vec3) -> Bool {
        if let (axis, _) = hemisphere([ring]) { return isCrossed([ring], -axis, place) }
        // The share of the sphere that is of one colour with the place.
        let curves = curves(of: ring)
        guard let order = Order(7) else { return false }
        var descent = RegionDescent(curves, order: order, mode: .centre)
        descent.run { !isCrossed([ring], place, $0) }
        let covered = descent.ranges.reduce(0) { $0 + Double($1.count) } / Double(Order.maximum.cellCount)
        if abs(covered - 0.5) > 1e-4 { return covered < 0.5 }
        return isLeft(ring, of: [ring], place)
    }

    /// Whether a place is of one colour with what lies just left of the longest edge of a ring.
    private static func isLeft(_ ring: [Vec3], of rings: [[Vec3]], _ place: Vec3) -> Bool {
        guard ring.count > 2 else { return false }
        var longest = 0
        var length = -1.0
        for index in ring.indices {
            let distance = (ring[(index + 1) % ring.count] - ring[index]).norm
            if distance > length { (longest, length) = (index, distance) }
        }
        let (a, b) = (ring[longest], ring[(longest + 1) % ring.count])
        let left = a.cross(b).normalised
        let middle = (a * 0.5123 + b * 0.4877).normalised
        let side = (middle + left * (1e-6 * length)).normalised
        return !isCrossed(rings, side, place)
    }

    // MARK: Crossings

    /// Whether a way between two places off the border crosses the edges an odd number of times.
    private static func isCrossed(_ rings: [[Vec3]], _ from: Vec3, _ to: Vec3) -> Bool {
        // A way of nearly half a turn has no sure plane: go by a third place.
        if from.dot(to) < -0.9 {
            let aside = from.perpendicular
            let turned = (aside * 0.8 + from.cross(aside) * 0.6 + to * 0.0371).normalised
            return isCrossedShort(rings, from, turned) != isCrossedShort(rings, turned, to)
        }
        return isCrossedShort(rings, from, to)
    }

    private static func isCrossedShort(_ rings: [[Vec3]], _ from: Vec3, _ to: Vec3) -> Bool {
        let plane = from.cross(to)
        let (ahead, behind) = (plane.cross(from), to.cross(plane))
        var isOdd = false
        for ring in rings where ring.count > 2 {
            var last = ring[ring.count - 1]
            var lastSide = plane.dot(last)
            for vertex in ring {
                let side = plane.dot(vertex)
                if (side > 0) != (lastSide > 0) {
                    // Where the edge meets the plane of the way, up to its length.
                    let meeting = last * abs(side) + vertex * abs(lastSide)
                    if meeting.dot(ahead) > 0 && meeting.dot(behind) > 0 { isOdd.toggle() }
                }
                (last, lastSide) = (vertex, side)
            }
        }
        return isOdd
    }
}
