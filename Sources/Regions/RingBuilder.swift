internal import HEALPix

/// Makes polygons of rings in degrees as they stand in files.
struct RingBuilder {
    let options: ShapeOptions
    /// Whether the form wants the first vertex again at the end of each ring.
    let closes: Bool
    var tally = ShapeTally()

    /// A place in degrees; nil when it is left out.
    mutating func place(_ lonDeg: Double, _ latDeg: Double) throws(RegionError) -> Direction? {
        let direction = Direction(lonDeg: lonDeg, latDeg: latDeg)
        // Longitudes of a file are within a few turns; latitudes a hair beyond the pole are rounding.
        if abs(latDeg) <= 90 + 1e-9, abs(lonDeg) <= 720 {
            return Direction(
                lonRad: direction.lonRad, latRad: max(-.pi / 2, min(.pi / 2, direction.latRad)))
        }
        if options.repairs {
            tally.droppedVertices += 1
            return nil
        }
        throw .shape(
            "\(lonDeg) \(latDeg) is no longitude and latitude in degrees; latitudes are -90 to 90, longitudes at most two turns"
        )
    }

    /// A polygon of rings; nil when nothing is left of it.
    mutating func polygon(_ rings: [[Direction]]) throws(RegionError) -> Region? {
        var kept: [[Direction]] = []
        for (number, ring) in rings.enumerated() {
            if closes, ring.count > 1, ring.first != ring.last {
                guard options.repairs else {
                    throw .ring(
                        ring: number,
                        "it is open: its last vertex is not its first one; close it, or ask for repairs")
                }
                tally.closedRings += 1
            }
            let distinct = Set(ring).count
            if distinct < 3 {
                guard options.repairs else {
                    throw .ring(
                        ring: number,
                        "it has \(distinct) different vertices where a ring has at least 3; ask for repairs to leave it out"
                    )
                }
                tally.droppedRings += 1
                // Without the outer ring its holes are none.
                if number == 0 { return nil }
                continue
            }
            kept.append(ring)
        }
        guard !kept.isEmpty else { return nil }
        tally.shapes += 1
        return .polygon(try SphericalPolygon(rings: kept, interior: options.interior, edges: options.edges))
    }
}
