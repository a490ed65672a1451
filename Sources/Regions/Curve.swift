internal import Glibc

/// A part of the border of a region: an arc of a circle on the sphere, or a straight line in longitude and latitude.
///
/// Places on a circle are unit vectors. Places on a straight line are longitude (not reduced to a turn), latitude
/// and 0, in radians.
struct Curve {
    /// A straight line in longitude and latitude, not an arc of a circle.
    let isGeographic: Bool
    /// The centre of the circle, in its plane; the origin for a great circle.
    let centre: Vec3
    /// The unit normal of the circle about which the arc turns counter-clockwise.
    let axis: Vec3
    /// The radius of the circle in its plane, the sine of its angular radius.
    let radius: Double
    /// The curvature within the sphere, the cotangent of the angular radius; 0 for a great circle.
    let geodesicCurvature: Double
    let start: Vec3
    let end: Vec3
    /// The length of the arc in radians of the sphere.
    let length: Double

    /// A great-circle arc shorter than half a turn.
    init(greatCircle start: Vec3, _ end: Vec3) {
        isGeographic = false
        centre = Vec3(0, 0, 0)
        let normal = start.cross(end)
        let sine = normal.norm
        axis = sine > 0 ? normal * (1 / sine) : start.perpendicular
        radius = 1
        geodesicCurvature = 0
        self.start = start
        self.end = end
        length = atan2(sine, start.dot(end))
    }

    /// An arc of the circle at the angular distance `radiusRad` (0 to pi) from `axis`.
    private init(axis: Vec3, centre: Vec3, radiusRad: Double, start: Vec3, end: Vec3, angle: Double) {
        isGeographic = false
        self.axis = axis
        self.centre = centre
        radius = sin(radiusRad)
        geodesicCurvature = abs(1 / tan(radiusRad))
        self.start = start
        self.end = end
        length = radius * angle
    }

    /// A straight line in longitude and latitude.
    init(geographic start: Vec3, _ end: Vec3) {
        isGeographic = true
        centre = Vec3(0, 0, 0)
        axis = Vec3(0, 0, 1)
        radius = 1
        geodesicCurvature = 0
        self.start = start
        self.end = end
        length = max(abs(end.x - start.x), abs(end.y - start.y))
    }

    /// The whole circle at the angular distance `radiusRad` from `axis` as six arcs; a point for the radii 0 and pi.
    static func circle(axis: Vec3, radiusRad: Double) -> [Curve] {
        guard sin(radiusRad) > 1e-15 else {
            let point = radiusRad < 1 ? axis : -axis
            return [Curve(greatCircle: point, point)]
        }
        let centre = axis * cos(radiusRad)
        let first = axis.perpendicular
        let second = axis.cross(first)
        let count = 6
        let points = (0..<count).map { index in
            let angle = 2 * .pi * Double(index) / Double(count)
            return
                (centre + (first * cos(angle) + second * sin(angle)) * sin(radiusRad)).normalised
        }
        return (0..<count).map {
            Curve(
                axis: axis, centre: centre, radiusRad: radiusRad, start: points[$0],
                end: points[($0 + 1) % count], angle: 2 * .pi / Double(count))
        }
    }

    /// The place halfway between two places of this curve less than half a turn apart.
    @inline(__always)
    func middle(_ a: Vec3, _ b: Vec3) -> Vec3 {
        if isGeographic { return (a + b) * 0.5 }
        let sum = (a - centre) + (b - centre)
        return centre + sum * (radius / sum.norm)
    }
}
