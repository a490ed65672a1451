internal import Glibc
internal import HEALPix

/// A region made ready: the curves of its border, and which places are in it.
struct Shape {
    let curves: [Curve]
    /// Whether a place off the border is in the region.
    let holds: (Vec3) -> Bool

    init(_ region: Region) {
        switch region {
        case .point(let direction):
            let place = Vec3(direction)
            curves = [Curve(greatCircle: place, place)]
            holds = { _ in false }
        case .cone(let cone):
            let axis = Vec3(cone.centre)
            curves = cone.radiusRad >= .pi ? [] : Curve.circle(axis: axis, radiusRad: cone.radiusRad)
            let isWithin = Self.within(axis, cone.radiusRad)
            holds = isWithin
        case .ring(let centre, let innerRad, let outerRad):
            let axis = Vec3(centre)
            curves =
                (outerRad >= .pi ? [] : Curve.circle(axis: axis, radiusRad: outerRad))
                + (innerRad >= .pi ? [] : Curve.circle(axis: axis, radiusRad: innerRad))
            let (isOuter, isInner) = (Self.within(axis, outerRad), Self.within(axis, innerRad))
            holds = { isOuter($0) && !isInner($0) }
        case .zone(let bounds):
            curves = Self.zoneCurves(bounds)
            let width = bounds.eastRad - bounds.westRad
            holds = { point in
                let direction = point.direction
                guard direction.latRad > bounds.southRad, direction.latRad < bounds.northRad else {
                    return false
                }
                if width >= 2 * .pi { return true }
                let east = direction.lonRad - bounds.westRad
                return east - 2 * .pi * (east / (2 * .pi)).rounded(.down) < width
            }
        case .polygon(let polygon):
            switch polygon.edges {
            case .greatCircle:
                let shape = PolygonShape(polygon)
                curves = shape.curves
                holds = shape.holds
            case .geographic:
                let shape = GeographicShape(polygon)
                curves = shape.curves
                holds = shape.holds
            }
        }
    }

    /// Whether places are nearer to an axis than an angle; the border is not asked for.
    private static func within(_ axis: Vec3, _ radiusRad: Double) -> (Vec3) -> Bool {
        if radiusRad >= .pi { return { _ in true } }
        if radiusRad > .pi / 2 {
            let chord = 2 * sin(0.5 * (.pi - radiusRad))
            return { ($0 + axis).norm > chord }
        }
        let chord = 2 * sin(0.5 * radiusRad)
        return { ($0 - axis).norm < chord }
    }

    private static func zoneCurves(_ bounds: LonLatBounds) -> [Curve] {
        let south = max(bounds.southRad, -.pi / 2)
        let north = min(bounds.northRad, .pi / 2)
        let isWhole = bounds.eastRad - bounds.westRad >= 2 * .pi
        let west = bounds.westRad
        let east = isWhole ? west + 2 * .pi : bounds.eastRad
        var curves: [Curve] = []
        // A whole turn has no meridians; a pole that it encloses is no border.
        if !(isWhole && south <= -.pi / 2) {
            curves.append(Curve(geographic: Vec3(west, south, 0), Vec3(east, south, 0)))
        }
        if !(isWhole && north >= .pi / 2) {
            curves.append(Curve(geographic: Vec3(west, north, 0), Vec3(east, north, 0)))
        }
        if !isWhole {
            curves.append(Curve(geographic: Vec3(west, south, 0), Vec3(west, north, 0)))
            curves.append(Curve(geographic: Vec3(east, south, 0), Vec3(east, north, 0)))
        }
        return curves
    }
}
