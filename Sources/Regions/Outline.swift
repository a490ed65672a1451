internal import Glibc
public import HEALPix
public import MOC

/// The border of a coverage as polygons on the map of longitudes from -180 to 180.
///
/// The polygons are valid as OGC 06-103r4 and RFC 7946 have it: rings are simple and do not repeat their first vertex,
/// outer rings are counter-clockwise and holes clockwise, and rings meet in single points at most. What crosses longitude
/// 180 is divided there, or goes on beyond it where that is asked for, and what holds a pole reaches latitude 90 or -90
/// along it.
///
/// Unless it has been simplified, the cells whose centres are in the outline are those of the coverage: its lines, taken
/// as great circles or as straight lines of the map, are nowhere farther than a tenth of a cell from the sides of cells.
public struct Outline: Sendable {
    /// An outer ring and its holes.
    public struct Polygon: Sendable {
        /// The rings, the outer one first.
        public internal(set) var rings: [[Direction]]
    }

    /// The polygons, in no particular order.
    public internal(set) var polygons: [Polygon]

    /// Traces the outline of a coverage.
    /// - Complexity: O(n log n) in the number of cells and the vertices of the outline.
    public init(_ moc: MOC) {
        var tracer = OutlineTracer(moc, hasSeam: true)
        var outer: [Int: Int] = [:]
        var polygons: [Polygon] = []
        var holes: [OutlineTracer.Ring] = []
        for ring in tracer.rings() {
            if Self.area(ring.points) > 0 {
                outer[ring.part] = polygons.count
                polygons.append(Polygon(rings: [ring.points]))
            } else {
                holes.append(ring)
            }
        }
        for hole in holes {
            if let place = outer[hole.part] { polygons[place].rings.append(hole.points) }
        }
        self.polygons = polygons
    }

    /// The area of a ring on the map, above 0 for a counter-clockwise one.
    static func area(_ ring: [Direction]) -> Double {
        guard let origin = ring.first, var last = ring.last else { return 0 }
        var sum = 0.0
        for vertex in ring {
            sum += (last.lonRad - origin.lonRad) * (vertex.latRad - origin.latRad)
            sum -= (vertex.lonRad - origin.lonRad) * (last.latRad - origin.latRad)
            last = vertex
        }
        return 0.5 * sum
    }
}

extension Outline {
    /// Takes all holes away.
    public mutating func fillHoles() {
        for index in polygons.indices { polygons[index].rings.removeLast(polygons[index].rings.count - 1) }
    }
}
