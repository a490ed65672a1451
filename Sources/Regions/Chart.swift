internal import Glibc

/// A part of the sphere in which HEALPix is one smooth map: a quarter of longitudes, in the belt or in a cap.
///
/// The map of a belt is u, v = (3 z / 4 + 1 / 2) +- tau, tau being the fraction of the quarter; that of the northern
/// cap is u = 1 - sigma (1 - tau), v = 1 - sigma tau with sigma^2 = 3 (1 - z) (Gorski et al. 2005, section 5). Cells
/// are squares in u and v.
struct Chart: Equatable {
    enum Zone { case south, belt, north }

    /// Longitudes from `quarter` to `quarter + 1` quarters of a turn.
    let quarter: Int
    let zone: Zone

    /// A place in the chart: the fraction of the quarter, and 3 z / 4 + 1 / 2 in the belt or sigma in a cap.
    struct Place {
        var tau: Double
        var height: Double
    }

    /// Where belt and caps meet.
    static let capHeight = 2.0 / 3
    /// The latitude where belt and caps meet, asin(2/3).
    static let capLatitudeRad = 0x1.759edd04f68dep-1
    /// Places nearer than this to the border of a chart are taken to lie on it, so that all charts there agree.
    static let snap = 6e-16

    /// The chart that holds a place of a curve.
    init(holding point: Vec3, isGeographic: Bool) {
        if isGeographic {
            let quarters = (point.x * (2 / .pi)).rounded(.down)
            quarter = Int(quarters - 4 * (quarters / 4).rounded(.down)) & 3
            zone = Self.zone(point.y, border: Self.capLatitudeRad)
            return
        }
        let x = abs(point.x) < Self.snap ? 0 : point.x
        let y = abs(point.y) < Self.snap ? 0 : point.y
        quarter = x > 0 ? (y >= 0 ? 0 : 3) : y > 0 ? 1 : x < 0 ? 2 : y < 0 ? 3 : 0
        zone = Self.zone(point.z, border: Self.capHeight)
    }

    init(quarter: Int, zone: Zone) {
        self.quarter = quarter & 3
        self.zone = zone
    }

    private static func zone(_ height: Double, border: Double) -> Zone {
        height > border ? .north : height < -border ? .south : .belt
    }

    /// Where a place of a curve lies in this chart; what is outside by rounding is brought to the border.
    @inline(__always)
    func place(_ point: Vec3, isGeographic: Bool) -> Place {
        isGeographic ? geographicPlace(point) : spherePlace(point)
    }

    private func spherePlace(_ point: Vec3) -> Place {
        let (east, north): (Double, Double) =
            switch quarter {
            case 0: (point.x, point.y)
            case 1: (point.y, -point.x)
            case 2: (-point.x, -point.y)
            default: (-point.y, point.x)
            }
        let tau: Double
        if north <= Self.snap {
            tau = 0
        } else if east <= Self.snap {
            tau = 1
        } else {
            tau = atan2(north, east) * (2 / .pi)
        }
        let isBorder = abs(abs(point.z) - Self.capHeight) <= Self.snap
        if zone == .belt {
            if isBorder { return Place(tau: tau, height: point.z > 0 ? 1 : 0) }
            return Place(tau: tau, height: max(0, min(1, 0.75 * point.z + 0.5)))
        }
        if isBorder { return Place(tau: tau, height: 1) }
        let square = point.x * point.x + point.y * point.y
        guard square > Self.snap * Self.snap else { return Place(tau: tau, height: 0) }
        return Place(tau: tau, height: min(1, (3 * square / (1 + abs(point.z))).squareRoot()))
    }

    private func geographicPlace(_ point: Vec3) -> Place {
        let turns = point.x * (2 / .pi) - Double(quarter)
        var tau = turns - 4 * ((turns - 0.5) * 0.25).rounded()
        if tau <= 2 * Self.snap { tau = 0 }
        if tau >= 1 - 2 * Self.snap { tau = 1 }
        let isBorder = abs(abs(point.y) - Self.capLatitudeRad) <= Self.snap
        if zone == .belt {
            if isBorder { return Place(tau: tau, height: point.y > 0 ? 1 : 0) }
            return Place(tau: tau, height: max(0, min(1, 0.75 * sin(point.y) + 0.5)))
        }
        if isBorder { return Place(tau: tau, height: 1) }
        let sigma = 6.0.squareRoot() * sin(0.5 * max(0, .pi / 2 - abs(point.y)))
        return Place(tau: tau, height: sigma <= Self.snap ? 0 : min(1, sigma))
    }

    /// The base cells that this chart lies in.
    var faces: [Int] {
        switch zone {
        case .north: [quarter]
        case .south: [8 + quarter]
        case .belt: [quarter, 4 + quarter, 4 + (quarter + 1) & 3, 8 + quarter]
        }
    }

    /// The place (u, v) in a face; differences are formed so that charts agree bit for bit along their borders.
    @inline(__always)
    func inFace(_ face: Int, _ place: Place) -> (u: Double, v: Double) {
        let (tau, height) = (place.tau, place.height)
        switch zone {
        case .north:
            if height == 1 { return (tau, 1 - tau) }
            return (1 - height * (1 - tau), 1 - height * tau)
        case .south:
            if height == 1 { return (tau, 1 - tau) }
            return (height * tau, height * (1 - tau))
        case .belt:
            if face < 4 { return height == 1 ? (tau, 1 - tau) : ((height - 1) + tau, height - tau) }
            if face >= 8 { return (height + tau, (height + 1) - tau) }
            if face == 4 + quarter { return (height + tau, height - tau) }
            let rest = tau - 1
            return (height + rest, height - rest)
        }
    }

    /// A bound of the distance in u and in v between a part of a curve in this chart and the straight line between
    /// its ends, both run through evenly.
    ///
    /// A curve with second derivatives of at most M in a parameter of length l keeps within M l^2 / 8. By arc length,
    /// with k the geodesic curvature, psi the angle to the meridian and rho the distance from the polar axis:
    ///
    /// - belt, |z| <= 2/3, rho^2 >= 5/9: |lon''| <= k / rho + 2 |sin psi cos psi| |z| / rho^2 <= 1.342 k + 1.2 and
    ///   |z''| <= 2/3 + k, so M = (2 / pi) |lon''| + (3/4) |z''| <= 1.264 + 1.605 k;
    /// - caps: with D the distance in space from the pole, sigma = sqrt(3/2) D, D'' <= 0.41 + sin^2 psi / D + k,
    ///   |sigma'| <= 1.225 |cos psi| + 1.225 D / 2, lon' = sin psi / rho, rho >= 0.912 D. The coordinates sigma tau and
    ///   sigma (1 - tau) have M <= 0.5 + 2.08 k + min(2.51, 3.79 |sin psi|) / D, and on a great circle
    ///   |sin psi| = |n_z| / rho. Where D may vanish, the slope of at most 1.5 gives 3/4 l instead.
    ///
    /// Straight lines in longitude and latitude: (3/4) |sin lat| dlat^2 in the belt, 0.25 dlat^2 + 1.56 |dlat dlon| in
    /// a cap.
    func deviation(_ curve: Curve, _ start: Vec3, _ end: Vec3, length: Double) -> Double {
        if curve.isGeographic {
            let (lon, lat) = (abs(end.x - start.x), abs(end.y - start.y))
            return zone == .belt ? lat * lat / 16 : (0.25 * lat * lat + 1.56 * lat * lon) / 8
        }
        let bend: Double
        let k = curve.geodesicCurvature
        if zone == .belt {
            bend = 1.264 + 1.605 * k
        } else {
            let pole = Vec3(0, 0, zone == .north ? 1 : -1)
            let nearest = 0.5 * ((start - pole).norm + (end - pole).norm - length)
            guard nearest > 0 else { return 0.75 * length }
            let slant = k == 0 ? min(2.51, 4.16 * abs(curve.axis.z) / nearest) : 2.51
            bend = 0.5 + 2.08 * k + slant / nearest
        }
        return min(0.75 * length, bend * length * length / 8)
    }
}
