internal import Glibc

/// A place on the sphere where a projection jumps, tears or ends.
enum SingularLocus: Sendable {
    /// A single direction: a pole of a cylindrical map, the antipode of an azimuthal one.
    case point(Direction)
    /// Half a great circle, from `end` through `middle` to the antipode of `end`: the seam of a map.
    case arc(end: Direction, middle: Direction)
    /// A small circle about an axis: a horizon.
    case circle(axis: Direction, radiusRad: Double)

    /// Whether its place depends on the kind of latitude: no pole, no meridian and not the equator.
    var isOblique: Bool {
        switch self {
        case .point(let p): abs(p.z) < 1 - 1e-12
        case .circle: true
        case .arc: false
        }
    }

    /// The angle in radians from a direction to the nearest place of the locus.
    func distance(to p: Direction) -> Double {
        switch self {
        case .point(let q): return p.angle(to: q)
        case .circle(let axis, let radius): return abs(p.angle(to: axis) - radius)
        case .arc(let end, let middle):
            // In the frame (end, middle, normal) the arc is the half plane where `middle` is positive.
            let along = p.dot(middle)
            let across = p.dot(end.cross(middle))
            if along >= 0 { return asin(min(1, abs(across))) }
            return min(p.angle(to: end), p.angle(to: end.opposite))
        }
    }
}

/// A unit vector.
struct Direction: Sendable {
    var x: Double
    var y: Double
    var z: Double

    init(x: Double, y: Double, z: Double) {
        (self.x, self.y, self.z) = (x, y, z)
    }

    init(lonRad: Double, latRad: Double) {
        self.init(x: cos(latRad) * cos(lonRad), y: cos(latRad) * sin(lonRad), z: sin(latRad))
    }

    var opposite: Direction { Direction(x: -x, y: -y, z: -z) }

    func dot(_ o: Direction) -> Double { x * o.x + y * o.y + z * o.z }

    func cross(_ o: Direction) -> Direction {
        Direction(x: y * o.z - z * o.y, y: z * o.x - x * o.z, z: x * o.y - y * o.x)
    }

    /// Two unit vectors at right angles to this one and to each other: east and north, except at a pole.
    var tangents: (east: Direction, north: Direction) {
        let length = (x * x + y * y).squareRoot()
        let east =
            length > 1e-12 ? Direction(x: -y / length, y: x / length, z: 0) : Direction(x: 0, y: 1, z: 0)
        return (east, cross(east))
    }

    /// The direction reached by a small step along a tangent.
    func moved(_ tangent: Direction, _ step: Double) -> Direction {
        let (a, b, c) = (x + step * tangent.x, y + step * tangent.y, z + step * tangent.z)
        let length = (a * a + b * b + c * c).squareRoot()
        return Direction(x: a / length, y: b / length, z: c / length)
    }

    /// The angle in radians, exact for small ones too.
    func angle(to o: Direction) -> Double {
        let c = cross(o)
        return atan2((c.x * c.x + c.y * c.y + c.z * c.z).squareRoot(), dot(o))
    }
}

extension SingularLocus {
    /// The places where a projection is not smooth.
    static func loci(of method: ProjectionMethod, flattening: Double, radiusMetres: Double) -> [SingularLocus]
    {
        let radian = Double.pi / 180
        let north = Direction(x: 0, y: 0, z: 1)
        let poles: [SingularLocus] = [.point(north), .point(north.opposite)]
        let lon0 = method["lon_0"] * radian
        let centre = Direction(lonRad: lon0, latRad: method["lat_0"] * radian)
        let seam = SingularLocus.arc(end: north, middle: Direction(lonRad: lon0 + .pi, latRad: 0))
        switch method.projection {
        case .geographic, .equirectangular, .mercator: return poles
        case .sinusoidal, .mollweide, .robinson, .lambertConformalConic, .albersEqualArea:
            return poles + [seam]
        case .polarStereographic, .stereographic, .lambertAzimuthalEqualArea, .azimuthalEquidistant:
            return [.point(centre.opposite)]
        case .healpix:
            // Facets meet in a kink at the latitudes of sine 2/3, and have gaps between them towards the poles.
            let parallel = acos(2.0 / 3)
            let gaps = (0..<4).map { quarter in
                SingularLocus.arc(
                    end: north, middle: Direction(lonRad: lon0 + Double(quarter) * .pi / 2, latRad: 0))
            }
            return poles + gaps + [
                .circle(axis: north, radiusRad: parallel), .circle(axis: north.opposite, radiusRad: parallel),
            ]
        case .orthographic, .gnomonic: return [.circle(axis: centre, radiusRad: .pi / 2)]
        case .pointPerspective:
            let horizon = acos(radiusMetres / (radiusMetres + max(0, method["h"])))
            return [.circle(axis: centre, radiusRad: horizon)]
        case .transverseMercator:
            let side = Direction(lonRad: lon0 + .pi / 2, latRad: 0)
            let radius = .pi / 2 - asin(TransverseMercator.largestSine(flattening: flattening))
            return [
                .circle(axis: side, radiusRad: radius), .circle(axis: side.opposite, radiusRad: radius),
                .arc(end: side, middle: Direction(lonRad: lon0 + .pi, latRad: 0)),
            ]
        case .obliqueCylindrical:
            // `ob_tran` turns the pole of the map to latitude o_lat_p, at longitude lon_0 + o_lon_p
            // from the meridian of the map's own system; both are found by undoing the rotation.
            return ObliquePole.of(method).map { [.point($0), .point($0.opposite)] } ?? poles
        }
    }
}

/// Limits of the transverse Mercator projection.
enum TransverseMercator {
    /// The sine of the angle from the central meridian up to which points are projected.
    ///
    /// On a sphere the projection goes to infinity at 90 degrees; on an ellipsoid of eccentricity e it has a branch
    /// point at (1 - e) 90 degrees on the equator, beyond which places would fold (Karney 2011,
    /// doi:10.1007/s00190-011-0445-3, section 4).
    static func largestSine(flattening: Double) -> Double {
        let eccentricity = max(0, flattening * (2 - flattening)).squareRoot()
        let reach = flattening == 0 ? 89 : min(80, 0.95 * 90 * (1 - eccentricity))
        return sin(reach * .pi / 180)
    }
}

/// The pole of an oblique cylindrical map.
enum ObliquePole {
    /// The direction that `ob_tran` moves to the north pole of the inner projection.
    static func of(_ method: ProjectionMethod) -> Direction? {
        guard method.projection == .obliqueCylindrical else { return nil }
        let radian = Double.pi / 180
        // PROJ's o_forward maps latitude o_lat_p at longitude lon_0 (+180 degrees for the sign of its cosine) to
        // the inner pole: sin(inner) = sin(o_lat_p) sin(lat) - cos(o_lat_p) cos(lat) cos(lon - lon_0).
        return Direction(lonRad: (method["lon_0"] + 180) * radian, latRad: method["o_lat_p"] * radian)
    }
}
