internal import Glibc
public import HEALPix

/// A closed part of the sphere.
public enum Region: Sendable {
    /// The single place.
    case point(Direction)
    /// All places within an angle of an axis.
    case cone(Cone)
    /// All places between two angles from an axis, in radians, inner at most outer.
    case ring(centre: Direction, innerRad: Double, outerRad: Double)
    /// All places between two parallels and, where they are less than a turn apart, two meridians.
    case zone(LonLatBounds)
    /// The inside of a polygon and its border.
    case polygon(SphericalPolygon)

    /// A box around a centre, as wide and high on each side of it as given, turned from north to east.
    ///
    /// Its corners are at (+-width, +-height) in longitude and latitude on a sphere whose point (0, 0) is the centre
    /// and whose equator is turned by the position angle; great circles join them.
    ///
    /// - Parameters:
    ///   - halfWidthRad: Half the width, above 0 and below pi/2.
    ///   - halfHeightRad: Half the height, above 0 and below pi/2.
    ///   - positionAngleRad: The angle of the height axis, from north to east.
    /// - Throws: ``RegionError`` when the sizes are none.
    public static func box(
        centre: Direction, halfWidthRad: Double, halfHeightRad: Double, positionAngleRad: Double = 0
    ) throws(RegionError) -> Region {
        guard let centre = centre.normalised, positionAngleRad.isFinite else {
            throw .shape("a box has a centre with a latitude of -90 to 90 degrees, and a position angle")
        }
        guard halfWidthRad > 0, halfWidthRad < .pi / 2, halfHeightRad > 0, halfHeightRad < .pi / 2 else {
            throw .shape("half the sides of a box are above 0 and below 90 degrees")
        }
        let axis = Vec3(centre)
        let east = Vec3(-sin(centre.lonRad), cos(centre.lonRad), 0)
        let north = axis.cross(east)
        let (c, s) = (cos(positionAngleRad), sin(positionAngleRad))
        let along = east * c - north * s
        let up = east * s + north * c
        let corners = [(1.0, 1.0), (-1, 1), (-1, -1), (1, -1)].map { x, y in
            let (lon, lat) = (x * halfWidthRad, y * halfHeightRad)
            return (axis * (cos(lat) * cos(lon)) + along * (cos(lat) * sin(lon)) + up * sin(lat)).direction
        }
        return .polygon(try SphericalPolygon(corners))
    }

    /// Checks a region that was put together from numbers.
    /// - Throws: ``RegionError`` where a number is none or out of its range.
    public func validated() throws(RegionError) {
        switch self {
        case .point(let direction):
            guard direction.normalised != nil else {
                throw .shape(
                    "\(direction.lonDeg) \(direction.latDeg) is no longitude and latitude in degrees; latitudes are -90 to 90"
                )
            }
        case .ring(let centre, let inner, let outer):
            guard centre.normalised != nil, inner >= 0, outer >= inner, outer.isFinite else {
                throw .shape("a ring has a centre and two radii, 0 <= inner <= outer")
            }
        case .zone(let bounds):
            guard abs(bounds.westRad) <= 8 * .pi, abs(bounds.eastRad) <= 8 * .pi,
                bounds.eastRad >= bounds.westRad
            else {
                throw .shape(
                    "a zone has longitudes of at most four turns, the eastern one not below the western one; add 360 degrees to cross 0"
                )
            }
            guard bounds.southRad >= -.pi / 2 - 1e-12, bounds.northRad <= .pi / 2 + 1e-12,
                bounds.southRad <= bounds.northRad
            else { throw .shape("the latitudes of a zone are -90 <= south <= north <= 90 degrees") }
        case .cone, .polygon: return
        }
    }

    /// About how many cells of `order` the border of the region runs through.
    public func borderCells(order: Order) -> Double {
        Self.borderCells(Shape(self).curves, order)
    }

    private static func borderCells(_ curves: [Curve], _ order: Order) -> Double {
        1.3 * curves.reduce(0) { $0 + $1.length } * Double(order.nside)
    }

    /// The ranges of nested indices at order 29 of the cells of `order` in the region, ascending, apart from each other.
    ///
    /// Inclusive: no cell that shares a point with the region is missing; a cell outside is in only if it comes within
    /// 4e-15 rad of the region, the uncertainty of double precision. The borders of cells are followed as the curves
    /// that they are. Centre: the cells whose centre is in the region or as near to it. The work is proportional to the
    /// cells along the border.
    ///
    /// - Throws: ``RegionError`` where the region is none, or where its border runs through more than 4e8 cells.
    public func ranges(order: Order, mode: CellMode) throws(RegionError) -> [Range<Int64>] {
        try validated()
        if case .point(let direction) = self, mode == .centre {
            guard let cell = Cell(containing: direction, order: order) else { return [] }
            let size = Int64(1) << Int64(2 * (Order.maximum.value - order.value))
            return [cell.npix * size..<(cell.npix + 1) * size]
        }
        let shape = Shape(self)
        let estimate = Self.borderCells(shape.curves, order)
        guard estimate < 4e8 else { throw .tooManyCells(order: order.value, estimate: estimate) }
        var descent = RegionDescent(shape.curves, order: order, mode: mode)
        descent.run(shape.holds)
        return descent.ranges
    }
}
