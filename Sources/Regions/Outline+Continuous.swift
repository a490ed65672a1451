internal import Glibc
internal import HEALPix
public import MOC

extension Outline {
    /// Traces the outline of a coverage with rings that go on through longitude 180, to longitudes beyond it.
    ///
    /// The first longitude of a polygon from the west is at least -180 and below 180. Parts that hold a pole or run all the
    /// way around the body have no such outline, and those that wind around it beyond longitude 720 would have one that
    /// readers refuse: they are divided at 180 as ``init(_:)`` divides all.
    public init(continuous moc: MOC) {
        var tracer = OutlineTracer(moc, hasSeam: false)
        var rings: [(points: [Direction], part: Int)] = []
        var around: Set<Int> = []
        for ring in tracer.rings() {
            let (points, closes) = Self.unwrapped(ring)
            if closes { rings.append((points, ring.part)) } else { around.insert(ring.part) }
        }
        var polygons: [Polygon] = []
        var outer: [Int: (place: Int, turns: Double)] = [:]
        for ring in rings where !around.contains(ring.part) && Self.area(ring.points) > 0 {
            let turns = Self.turns(toWestern: ring.points)
            let east = ring.points.lazy.map(\.lonRad).max() ?? 0
            guard east + turns * 2 * .pi <= 4 * .pi else {
                around.insert(ring.part)
                continue
            }
            outer[ring.part] = (polygons.count, turns)
            polygons.append(Polygon(rings: [Self.turned(ring.points, by: turns)]))
        }
        // Parts that wind around the body more than once have holes at the same longitude in each of their turns.
        for ring in rings where Self.area(ring.points) <= 0 {
            guard let (place, turns) = outer[ring.part] else { continue }
            polygons[place].rings.append(Self.turned(ring.points, by: turns))
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

    /// The vertices of a ring with longitudes that go on from those of its part and do not jump; and whether it comes back to
    /// its beginning.
    private static func unwrapped(_ ring: OutlineTracer.Ring) -> (points: [Direction], closes: Bool) {
        guard let start = ring.points.first else { return ([], true) }
        let first = start.lonRad + Double(ring.turns) * 2 * .pi
        var points = [Direction(lonRad: first, latRad: start.latRad)]
        points.reserveCapacity(ring.points.count)
        var last = first
        for vertex in ring.points.dropFirst() {
            last += remainder(vertex.lonRad - last, 2 * .pi)
            points.append(Direction(lonRad: last, latRad: vertex.latRad))
        }
        return (points, abs(last + remainder(first - last, 2 * .pi) - first) < 1)
    }

    /// The whole turns to the east that bring the western end of a ring to at least -180 and below 180.
    private static func turns(toWestern ring: [Direction]) -> Double {
        guard let west = ring.lazy.map(\.lonRad).min() else { return 0 }
        // Corners that are the same place differ by rounding.
        return -((west + .pi + 1e-12) / (2 * .pi)).rounded(.down)
    }

    private static func turned(_ ring: [Direction], by turns: Double) -> [Direction] {
        guard turns != 0 else { return ring }
        return ring.map { Direction(lonRad: $0.lonRad + turns * 2 * .pi, latRad: $0.latRad) }
    }
}
