internal import Glibc
internal import HEALPix
public import MOC

extension Outline {
    /// Traces the outline of a coverage with rings that go on through longitude 180, to longitudes beyond it.
    ///
    /// The first longitude of a polygon from the west is at least -180 and below 180. Parts that hold a pole or run all the
    /// way around the body have no such outline: they are divided at 180 as ``init(_:)`` divides all.
    public init(continuous moc: MOC) {
        var tracer = OutlineTracer(moc, hasSeam: false)
        var rings: [(points: [Direction], part: Int)] = []
        var around: Set<Int> = []
        for ring in tracer.rings() {
            let (points, closes) = Self.unwrapped(ring.points)
            if closes { rings.append((points, ring.part)) } else { around.insert(ring.part) }
        }
        var polygons: [Polygon] = []
        var outer: [Int: Int] = [:]
        for ring in rings where !around.contains(ring.part) && Self.area(ring.points) > 0 {
            outer[ring.part] = polygons.count
            polygons.append(Polygon(rings: [Self.shifted(ring.points, notWestOf: -.pi)]))
        }
        for ring in rings where !around.contains(ring.part) && Self.area(ring.points) <= 0 {
            guard let place = outer[ring.part], let west = Self.west(polygons[place].rings[0]) else {
                continue
            }
            polygons[place].rings.append(Self.shifted(ring.points, notWestOf: west))
        }
        if !around.isEmpty {
            let rest = MOC(order: moc.order, covering: tracer.ranges(ofParts: around))
            polygons += Outline(rest).polygons
        }
        self.polygons = polygons
    }

    /// Traces the outline of a coverage by polygons without holes: parts with a hole are divided along the sides of large
    /// cells, and so on until none is left.
    ///
    /// - Parameter isContinuous: as of ``init(continuous:)``.
    /// - Throws: `MOCError` when there are too many parts.
    public init(withoutHoles moc: MOC, isContinuous: Bool = false) throws(MOCError) {
        polygons = []
        try addPieces(of: moc, isContinuous, along: 0)
    }

    private mutating func addPieces(
        of moc: MOC, _ isContinuous: Bool, along level: Int
    ) throws(MOCError) {
        for part in try moc.parts() {
            let outline = isContinuous ? Outline(continuous: part) : Outline(part)
            guard let order = Order(level), level <= moc.order.value,
                outline.polygons.contains(where: { $0.rings.count > 1 })
            else {
                polygons += outline.polygons
                continue
            }
            for number in part.degraded(to: order).flatCells {
                guard let cell = Cell(order: order, npix: number) else { continue }
                let whole = MOC(order: moc.order, covering: [cell.range])
                try addPieces(of: part.intersection(whole), isContinuous, along: level + 1)
            }
        }
    }

    /// The vertices of a ring with longitudes that do not jump; and whether it comes back to its beginning.
    private static func unwrapped(_ ring: [Direction]) -> (points: [Direction], closes: Bool) {
        guard let first = ring.first else { return (ring, true) }
        var points = [first]
        points.reserveCapacity(ring.count)
        var last = first.lonRad
        for vertex in ring.dropFirst() {
            last += remainder(vertex.lonRad - last, 2 * .pi)
            points.append(Direction(lonRad: last, latRad: vertex.latRad))
        }
        return (points, abs(last + remainder(first.lonRad - last, 2 * .pi) - first.lonRad) < 1)
    }

    private static func west(_ ring: [Direction]) -> Double? { ring.lazy.map(\.lonRad).min() }

    /// A ring turned by whole turns so that it begins less than a turn to the east of a longitude.
    private static func shifted(_ ring: [Direction], notWestOf lonRad: Double) -> [Direction] {
        guard let west = west(ring) else { return ring }
        // Corners that are the same place differ by rounding.
        let turns = ((west - lonRad + 1e-12) / (2 * .pi)).rounded(.down)
        guard turns != 0 else { return ring }
        return ring.map { Direction(lonRad: $0.lonRad - turns * 2 * .pi, latRad: $0.latRad) }
    }
}
