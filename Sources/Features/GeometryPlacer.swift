internal import GDAL
internal import Glibc
internal import PlanetaryFrames

/// Turns the geometry of a source into one of a layer: planetocentric degrees, east-positive, within -180 to 180, valid.
struct GeometryPlacer {
    let angles: SourceAngles

    /// What a geometry became.
    struct Outcome {
        /// nil where nothing is left of it.
        var geometry: Geometry?
        var findings: Set<ImportFinding> = []
        /// Whether its rings had to be repaired.
        var isRepaired = false
        /// Whether the feature cannot be kept.
        var isRefused = false
    }

    /// Places a geometry.
    /// - Parameter rowSense: the sense of longitudes of this feature, where it says one.
    func place(_ source: Geometry, rowSense: LongitudeSense?) -> Outcome {
        var outcome = Outcome()
        do {
            outcome.geometry = try placed(source, rowSense, &outcome)
        } catch is OffBody {
            outcome.findings.insert(.outOfRange)
            outcome.isRefused = true
        } catch {
            outcome.findings.insert(.unreadable)
            outcome.isRefused = true
        }
        return outcome
    }

    /// A coordinate that is no place on the body.
    private struct OffBody: Error {}

    private func placed(_ source: Geometry, _ sense: LongitudeSense?, _ outcome: inout Outcome) throws
        -> Geometry?
    {
        switch source {
        case .point(let place):
            return .point(turned(try places([place], sense, &outcome)[0]))
        case .multiPoint(let list):
            let list = try places(list, sense, &outcome).map { turned($0) }
            return list.isEmpty ? nil : .multiPoint(list)
        case .line(let list): return try lines([list], sense, &outcome)
        case .multiLine(let lists): return try lines(lists, sense, &outcome)
        case .polygon(let rings): return try polygons([rings], sense, &outcome)
        case .multiPolygon(let list): return try polygons(list, sense, &outcome)
        case .collection(let parts):
            let parts = try parts.compactMap { try placed($0, sense, &outcome) }
            return parts.isEmpty ? nil : .collection(parts)
        }
    }

    private func places(
        _ list: [Position], _ sense: LongitudeSense?, _ outcome: inout Outcome, isPath: Bool = false
    ) throws -> [Position] {
        let found = isPath ? angles.path(list, rowSense: sense) : angles.places(list, rowSense: sense)
        guard let places = found else { throw OffBody() }
        if !angles.choosesTurn, places.contains(where: { abs($0.x) > 180 }) {
            outcome.findings.insert(.beyond180)
        }
        return places
    }

    private func turned(_ place: Position) -> Position {
        guard abs(place.x) > 180 else { return place }
        // The remainder of 180 and -180 is the east side of the seam or the west one, which are the same.
        return Position(remainder(place.x, 360), place.y)
    }

    private func lines(_ source: [[Position]], _ sense: LongitudeSense?, _ outcome: inout Outcome) throws
        -> Geometry?
    {
        var parts: [[Position]] = []
        for line in source {
            let line = RingTurns.unwound(
                try places(line, sense, &outcome, isPath: true), &outcome.findings)
            guard line.contains(where: { $0 != line[0] }) else {
                outcome.findings.insert(.degenerateRings)
                continue
            }
            for geometry in try divided(.line(line), &outcome) { parts += Self.lines(in: geometry) }
        }
        return parts.isEmpty ? nil : .multiLine(parts)
    }

    private func polygons(_ source: [[[Position]]], _ sense: LongitudeSense?, _ outcome: inout Outcome) throws
        -> Geometry?
    {
        var plane: [[[Position]]] = []
        for rings in source {
            var polygon: [[Position]] = []
            var middle = 0.0
            for (index, ring) in rings.enumerated() {
                guard
                    let ring = RingTurns.ring(
                        try places(ring, sense, &outcome, isPath: true), &outcome.findings)
                else {
                    // Without its outer ring a polygon is none.
                    if index == 0 { break }
                    continue
                }
                let own = Self.middle(ring)
                guard index > 0, let shell = polygon.first else {
                    middle = own
                    polygon.append(ring)
                    continue
                }
                // A hole lies on the turn of the ring around it; where that goes all around, on two of them.
                let turn = ((middle - own) / 360).rounded() * 360
                for offset in [turn, turn - 360, turn + 360] {
                    let hole = ring.map { Position($0.x + offset, $0.y) }
                    if offset == turn || Self.overlap(hole, shell) { polygon.append(hole) }
                }
            }
            if !polygon.isEmpty { plane.append(polygon) }
        }
        guard !plane.isEmpty else { return nil }
        var parts = try valid(plane, &outcome)
        let isDivided = parts.contains { $0.contains { $0.contains { abs($0.x) > 180 } } }
        parts = try divided(.multiPolygon(parts), &outcome).flatMap { Self.polygons(in: $0) }
        if isDivided, parts.count > 1 {
            // Parts from two turns may meet each other, and become one then.
            let bytes = WellKnownBinary.bytes(of: .multiPolygon(parts))
            if try !VectorGeometry.isValid(bytes) { parts = try Self.repaired(bytes) }
        }
        return parts.isEmpty ? nil : .multiPolygon(parts.map { Self.wound($0) })
    }

    /// Whether two rings share longitudes, on the same turn.
    private static func overlap(_ a: [Position], _ b: [Position]) -> Bool {
        let (a, b) = (a.map(\.x), b.map(\.x))
        guard let aMin = a.min(), let aMax = a.max(), let bMin = b.min(), let bMax = b.max() else {
            return false
        }
        return aMin < bMax - 1e-9 && bMin < aMax - 1e-9
    }

    private func valid(_ polygons: [[[Position]]], _ outcome: inout Outcome) throws -> [[[Position]]] {
        let bytes = WellKnownBinary.bytes(of: .multiPolygon(polygons))
        if try VectorGeometry.isValid(bytes) { return polygons }
        outcome.findings.insert(.invalidRings)
        outcome.isRepaired = true
        return try Self.repaired(bytes)
    }

    private static func repaired(_ bytes: [UInt8]) throws -> [[[Position]]] {
        let repaired = try VectorGeometry.repaired(bytes)
        // Lines and points that a repair leaves over have no area.
        return try WellKnownBinary.read(repaired.span).geometry.map { polygons(in: $0) } ?? []
    }

    /// A geometry in parts that lie within -180 to 180.
    private func divided(_ geometry: Geometry, _ outcome: inout Outcome) throws -> [Geometry] {
        guard let box = geometry.box else { return [] }
        guard box.minX < -180 || box.maxX > 180 else { return [geometry] }
        // What only touches the seam lies on one side of it.
        let first = Int(((box.minX + 180) / 360).rounded(.down))
        let last = max(first, Int(((box.maxX + 180) / 360).rounded(.up)) - 1)
        guard last > first else { return [Self.moved(geometry, by: -360 * Double(first))] }
        outcome.findings.insert(.overSeam)
        let bytes = WellKnownBinary.bytes(of: geometry)
        return try (first...last).compactMap { turn in
            let middle = 360 * Double(turn)
            let cut = try VectorGeometry.clipped(bytes, x: middle - 180...middle + 180)
            return try WellKnownBinary.read(cut.span).geometry.map { Self.moved($0, by: -middle) }
        }
    }
}

extension GeometryPlacer {
    private static func middle(_ ring: [Position]) -> Double {
        let (low, high) = ring.reduce((Double.infinity, -Double.infinity)) {
            (min($0.0, $1.x), max($0.1, $1.x))
        }
        return (low + high) / 2
    }

    /// Outer rings counter-clockwise and holes clockwise, as GeoJSON and GML want them.
    private static func wound(_ rings: [[Position]]) -> [[Position]] {
        rings.enumerated().map { index, ring in
            (RingTurns.area(ring) > 0) == (index == 0) ? ring : ring.reversed()
        }
    }

    private static func polygons(in geometry: Geometry) -> [[[Position]]] {
        switch geometry {
        case .polygon(let rings): rings.isEmpty ? [] : [rings]
        case .multiPolygon(let list): list
        case .collection(let parts): parts.flatMap { polygons(in: $0) }
        default: []
        }
    }

    private static func lines(in geometry: Geometry) -> [[Position]] {
        switch geometry {
        case .line(let places): places.count > 1 ? [places] : []
        case .multiLine(let list): list
        case .collection(let parts): parts.flatMap { lines(in: $0) }
        default: []
        }
    }

    private static func moved(_ geometry: Geometry, by turn: Double) -> Geometry {
        func list(_ places: [Position]) -> [Position] {
            // A sum may miss the seam by a unit in the last place.
            places.map { Position(min(max($0.x + turn, -180), 180), $0.y) }
        }
        switch geometry {
        case .point(let place): return .point(list([place])[0])
        case .line(let places): return .line(list(places))
        case .multiPoint(let places): return .multiPoint(list(places))
        case .polygon(let rings): return .polygon(rings.map { list($0) })
        case .multiLine(let lines): return .multiLine(lines.map { list($0) })
        case .multiPolygon(let polygons): return .multiPolygon(polygons.map { $0.map { list($0) } })
        case .collection(let parts): return .collection(parts.map { moved($0, by: turn) })
        }
    }
}
