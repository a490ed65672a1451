internal import Glibc

/// Lines and rings of longitudes put on one continuous turn.
enum RingTurns {
    /// A line whose edges are at most half a turn long.
    ///
    /// Edges of more than half a turn go the short way round, but for those along a pole, and for those of exactly one turn
    /// in rings that are boxes: these go all around the body.
    static func unwound(_ line: [Position], _ findings: inout Set<ImportFinding>) -> [Position] {
        guard var last = line.first else { return line }
        let isBox = isBox(line)
        var turn = 0.0
        var places = line
        for index in places.indices.dropFirst() {
            var place = Position(line[index].x + turn, line[index].y)
            let step = place.x - last.x
            if abs(step) > 180 {
                let isWhole = abs(abs(step) - 360) < 1e-9
                let isPole = abs(place.y) > 90 - 1e-9 && abs(last.y) > 90 - 1e-9
                if !isPole, !(isWhole && isBox) {
                    let back = (step / 360).rounded() * 360
                    turn -= back
                    place.x -= back
                    // A step of one turn is none: both ends are the same place.
                    if !isWhole { findings.insert(.longEdges) }
                }
            }
            places[index] = place
            last = place
        }
        return places
    }

    /// A ring on one turn that is closed in the plane of longitudes and latitudes; around a pole it goes along the pole.
    /// - Returns: nil for a ring without area.
    static func ring(_ source: [Position], _ findings: inout Set<ImportFinding>) -> [Position]? {
        var closed = source
        if let first = closed.first, closed.last != first {
            let isSame = closed.last.map {
                abs(remainder($0.x - first.x, 360)) < 1e-9 && abs($0.y - first.y) < 1e-9
            }
            if isSame != true { findings.insert(.openRings) }
            if isSame != true { closed.append(first) }
        }
        guard closed.count >= 4 else {
            findings.insert(.degenerateRings)
            return nil
        }
        var ring = unwound(closed, &findings)
        let (first, last) = (ring[0], ring[ring.count - 1])
        let winding = ((last.x - first.x) / 360).rounded()
        if winding != 0 {
            guard abs(winding) == 1 else {
                findings.insert(.degenerateRings)
                return nil
            }
            findings.insert(.overPole)
            let mean = ring.reduce(0.0) { $0 + $1.y } / Double(ring.count)
            let pole = mean < 0 ? -90.0 : 90.0
            ring.append(Position(last.x, pole))
            ring.append(Position(first.x, pole))
        }
        if ring[ring.count - 1] != first {
            if winding == 0 { ring[ring.count - 1] = first } else { ring.append(first) }
        }
        guard !isFlat(ring) else {
            findings.insert(.degenerateRings)
            return nil
        }
        return ring
    }

    /// The area of a closed ring, above 0 for a counter-clockwise one.
    static func area(_ ring: [Position]) -> Double {
        guard let origin = ring.first else { return 0 }
        var sum = 0.0
        for (a, b) in zip(ring, ring.dropFirst()) {
            sum += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
        }
        return sum / 2
    }

    /// Whether all points lie on one line. A ring may have the area 0 and not be flat, for its loops may cancel out.
    private static func isFlat(_ ring: [Position]) -> Bool {
        let origin = ring[0]
        func distance(_ place: Position) -> Double { hypot(place.x - origin.x, place.y - origin.y) }
        guard let far = ring.max(by: { distance($0) < distance($1) }) else { return true }
        return ring.allSatisfy {
            (far.x - origin.x) * ($0.y - origin.y) == ($0.x - origin.x) * (far.y - origin.y)
        }
    }

    /// A closed ring of four edges along meridians and parallels.
    private static func isBox(_ ring: [Position]) -> Bool {
        guard ring.count == 5, ring[0] == ring[4] else { return false }
        return zip(ring, ring.dropFirst()).allSatisfy { ($0.x == $1.x) != ($0.y == $1.y) }
    }
}
