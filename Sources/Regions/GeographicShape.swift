internal import Glibc
internal import HEALPix

/// A polygon of straight lines in longitude and latitude made ready: its curves, and which places are in it.
struct GeographicShape {
    let curves: [Curve]
    private let rings: [[Vec3]]
    private let isInverted: Bool
    private let turns: ClosedRange<Int>

    init(_ polygon: SphericalPolygon) {
        rings = polygon.rings.map { ring in ring.map { Vec3($0.lonRad, $0.latRad, 0) } }
        curves = rings.flatMap { ring in
            ring.indices.map { Curve(geographic: ring[$0], ring[($0 + 1) % ring.count]) }
        }
        let lons = rings.joined().map(\.x)
        let (west, east) = (lons.min() ?? 0, lons.max() ?? 0)
        turns = Int((west / (2 * .pi)).rounded(.down)) - 1...Int((east / (2 * .pi)).rounded(.up)) + 1
        switch polygon.interior {
        case .smaller: isInverted = false
        case .larger: isInverted = true
        case .left:
            // Clockwise on the map: what is left of the ring is outside it.
            let ring = rings.first ?? []
            let area = zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0.0) {
                $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y)
            }
            isInverted = area < 0
        }
    }

    /// Whether a place off the border is in the polygon: even-odd on the plane of longitude and latitude, wherever a
    /// whole number of turns brings the place.
    func holds(_ point: Vec3) -> Bool {
        let direction = point.direction
        var isOdd = false
        for turn in turns {
            let (x, y) = (direction.lonRad + 2 * .pi * Double(turn), direction.latRad)
            for ring in rings where ring.count > 2 {
                var last = ring[ring.count - 1]
                for vertex in ring {
                    if (vertex.y > y) != (last.y > y),
                        x < last.x + (vertex.x - last.x) * ((y - last.y) / (vertex.y - last.y))
                    {
                        isOdd.toggle()
                    }
                    last = vertex
                }
            }
        }
        return isOdd != isInverted
    }
}
