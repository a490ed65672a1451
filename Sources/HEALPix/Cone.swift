/// All directions within an angle of an axis: a circle with its inside on the sphere.
public struct Cone: Hashable, Sendable {
    /// The axis, longitude in 0..<2 pi.
    public let centre: Direction

    /// The half opening angle in radians, 0 to pi.
    public let radiusRad: Double

    /// Makes a cone, or nil when `centre` is no direction or the radius is negative or not a number.
    ///
    /// A radius above pi counts as pi, the whole sphere.
    public init?(centre: Direction, radiusRad: Double) {
        guard let centre = centre.normalised, radiusRad >= 0 else { return nil }
        self.centre = centre
        self.radiusRad = min(radiusRad, .pi)
    }

    /// The cells of `order` in the cone, sorted.
    public func cells(order: Order, mode: ConeMode) -> [Cell] {
        ranges(order: order, mode: mode).flatMap { range in
            range.map { Cell(unchecked: order, npix: $0) }
        }
    }

    /// The numbers of the cells of `order` in the cone as ascending ranges that neither overlap nor touch.
    ///
    /// Found by descending from the base cells into those that the circle cuts, so that the work is proportional
    /// to the cells along the circle. Inclusive: no cell that shares a point with the cone is missing; a cell
    /// outside is in only if it comes within 4e-15 rad of the cone, the uncertainty of double precision.
    public func ranges(order: Order, mode: ConeMode) -> [Range<Int64>] {
        var descent = ConeDescent(cone: self, order: order, mode: mode)
        for base in Cell.bases { descent.visit(base) }
        return descent.ranges
    }
}

/// The cells of `order` in the cone of `radiusRad` radians around a direction, sorted by `npix`.
///
/// Empty when there is no such cone (see `Cone.init`); how the cells are found is told at `Cone.ranges`.
public func cells(
    inConeAt centre: Direction, radiusRad: Double, order: Order, mode: ConeMode
) -> [Cell] {
    Cone(centre: centre, radiusRad: radiusRad)?.cells(order: order, mode: mode) ?? []
}
