public import HEALPix

/// A polygon on the sphere: rings of vertices, in any winding, that may cross themselves, cross longitude 0 or 180 or
/// run around a pole.
public struct SphericalPolygon: Sendable {
    /// The vertices of each ring, without the first one again at the end and without doubled ones.
    public let rings: [[Direction]]
    /// Which side is inside.
    public let interior: Interior
    /// What joins the vertices.
    public let edges: EdgeKind

    /// Makes a polygon.
    ///
    /// A ring may repeat its first vertex at its end or not. Doubled vertices are dropped. A ring of one or two
    /// vertices is a point or a line, which encloses nothing but touches cells.
    ///
    /// - Parameters:
    ///   - rings: Vertices in radians; longitudes of any number of turns.
    ///   - interior: Which side is inside.
    ///   - edges: What joins the vertices.
    /// - Throws: ``RegionError`` when there is no ring or an empty one, when a vertex is no direction, or when two
    ///   neighbours on a great circle are antipodes, so that no shortest arc joins them.
    public init(
        rings: [[Direction]], interior: Interior = .smaller, edges: EdgeKind = .greatCircle
    ) throws(RegionError) {
        guard !rings.isEmpty else { throw .shape("a polygon has at least one ring") }
        var cleaned: [[Direction]] = []
        cleaned.reserveCapacity(rings.count)
        for (number, ring) in rings.enumerated() {
            cleaned.append(try Self.cleaned(ring, number, edges))
        }
        self.rings = cleaned
        self.interior = interior
        self.edges = edges
    }

    /// Makes a polygon of one ring, as ``init(rings:interior:edges:)``.
    public init(
        _ ring: [Direction], interior: Interior = .smaller, edges: EdgeKind = .greatCircle
    ) throws(RegionError) {
        try self.init(rings: [ring], interior: interior, edges: edges)
    }

    private static func cleaned(
        _ ring: [Direction], _ number: Int, _ edges: EdgeKind
    ) throws(RegionError) -> [Direction] {
        guard !ring.isEmpty else { throw .ring(ring: number, "it has no vertex") }
        var kept: [Direction] = []
        kept.reserveCapacity(ring.count)
        for (index, vertex) in ring.enumerated() {
            guard let normalised = vertex.normalised else {
                throw .vertex(
                    ring: number, vertex: index,
                    "\(vertex.lonDeg) \(vertex.latDeg) is no longitude and latitude in degrees; latitudes are -90 to 90"
                )
            }
            if edges == .geographic, abs(vertex.lonRad) > 8 * .pi {
                throw .vertex(ring: number, vertex: index, "its longitude is more than four turns")
            }
            let place =
                edges == .geographic
                ? Direction(lonRad: vertex.lonRad, latRad: normalised.latRad) : normalised
            if kept.last != place { kept.append(place) }
        }
        if kept.count > 1, kept.first == kept.last { kept.removeLast() }
        if edges == .greatCircle, kept.count > 1 {
            for index in kept.indices {
                let (a, b) = (Vec3(kept[index]), Vec3(kept[(index + 1) % kept.count]))
                if (a + b).norm < 1e-9 {
                    throw .vertex(
                        ring: number, vertex: index,
                        "it is the antipode of the next one, so that no shortest edge joins them; put a vertex between"
                    )
                }
            }
        }
        return kept
    }
}
