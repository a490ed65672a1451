internal import Glibc
internal import HEALPix

extension Outline {
    /// The outline with fewer vertices: none of those left out is farther than a tolerance from the line that replaces
    /// it (Douglas and Peucker 1973, on great circles).
    ///
    /// Vertices at longitude 180 and at the poles stay, so that parts that were divided there still fit. Rings that would
    /// cross themselves are simplified to half the tolerance, and so on; rings that would be less than a triangle are
    /// left out when they are holes and kept when not.
    ///
    /// - Parameter toleranceRad: The tolerance in radians of the sphere.
    public func simplified(toleranceRad: Double) -> Outline {
        var result = self
        for index in polygons.indices {
            var rings: [[Direction]] = []
            for (number, ring) in polygons[index].rings.enumerated() {
                var tolerance = toleranceRad
                var simple = Self.simplified(ring, tolerance)
                var tries = 0
                while (simple.count < 3 && number == 0) || Self.crossesItself(simple), tries < 30 {
                    tolerance *= 0.5
                    tries += 1
                    simple = tries == 30 ? ring : Self.simplified(ring, tolerance)
                }
                if simple.count >= 3 { rings.append(simple) }
            }
            result.polygons[index].rings = rings
        }
        return result
    }

    private static func simplified(_ ring: [Direction], _ tolerance: Double) -> [Direction] {
        guard ring.count > 3 else { return ring }
        let places = ring.map { Vec3($0) }
        var keeps = ring.map { abs(abs($0.lonRad) - .pi) < 1e-12 || abs(abs($0.latRad) - .pi / 2) < 1e-12 }
        // A ring is two lines, from its first vertex to the one farthest from it and back.
        keeps[0] = true
        let far = places.indices.max { (places[$0] - places[0]).norm < (places[$1] - places[0]).norm } ?? 0
        keeps[far] = true
        var anchors = keeps.indices.filter { keeps[$0] }
        anchors.append(ring.count)
        var open = zip(anchors, anchors.dropFirst()).map { ($0, $1) }
        while let (first, last) = open.popLast() {
            guard last - first > 1 else { continue }
            let (a, b) = (places[first], places[last == ring.count ? 0 : last])
            var (worst, distance) = (first, tolerance)
            for index in first + 1..<last {
                let off = Self.distance(places[index], a, b)
                if off > distance { (worst, distance) = (index, off) }
            }
            guard worst != first else { continue }
            keeps[worst] = true
            open.append((first, worst))
            open.append((worst, last))
        }
        return ring.indices.filter { keeps[$0] }.map { ring[$0] }
    }

    /// The chord from a place to an arc of a great circle.
    private static func distance(_ place: Vec3, _ a: Vec3, _ b: Vec3) -> Double {
        let normal = a.cross(b)
        let sine = normal.norm
        let nearest = min((place - a).norm, (place - b).norm)
        guard sine > 1e-15, a.cross(place).dot(normal) > 0, place.cross(b).dot(normal) > 0 else {
            return nearest
        }
        return min(nearest, abs(normal.dot(place)) / sine)
    }

    /// Whether two sides of a ring meet on the map elsewhere than in a common vertex: sides are sorted by their western
    /// ends, and each is compared with those that begin before it ends.
    static func crossesItself(_ ring: [Direction]) -> Bool {
        let count = ring.count
        guard count > 3 else { return false }
        func end(_ index: Int) -> Direction { ring[index + 1 == count ? 0 : index + 1] }
        let sorted = ring.indices.sorted {
            min(ring[$0].lonRad, end($0).lonRad) < min(ring[$1].lonRad, end($1).lonRad)
        }
        func turn(_ a: Direction, _ b: Direction, _ c: Direction) -> Double {
            (b.lonRad - a.lonRad) * (c.latRad - a.latRad) - (b.latRad - a.latRad) * (c.lonRad - a.lonRad)
        }
        for place in sorted.indices {
            let one = sorted[place]
            let (a, b) = (ring[one], end(one))
            let east = max(a.lonRad, b.lonRad)
            for other in sorted[(place + 1)...] {
                let (c, d) = (ring[other], end(other))
                if min(c.lonRad, d.lonRad) > east { break }
                let apart = abs(one - other)
                if apart <= 1 || apart == count - 1 { continue }
                if max(c.latRad, d.latRad) < min(a.latRad, b.latRad)
                    || min(c.latRad, d.latRad) > max(a.latRad, b.latRad)
                {
                    continue
                }
                if turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0 { return true }
            }
        }
        return false
    }
}
