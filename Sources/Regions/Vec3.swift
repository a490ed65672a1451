internal import Glibc
internal import HEALPix

/// A point in space, or a direction.
struct Vec3 {
    var x: Double
    var y: Double
    var z: Double

    init(_ x: Double, _ y: Double, _ z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// The point of the unit sphere in a direction.
    init(_ direction: Direction) {
        let rho = cos(direction.latRad)
        self.init(rho * cos(direction.lonRad), rho * sin(direction.lonRad), sin(direction.latRad))
    }

    /// The direction of a point that is not the origin.
    var direction: Direction {
        let lon = atan2(y, x)
        return Direction(
            lonRad: lon < 0 ? lon + 2 * .pi : lon, latRad: atan2(z, (x * x + y * y).squareRoot()))
    }

    var norm: Double { dot(self).squareRoot() }

    var normalised: Vec3 { self * (1 / norm) }

    func dot(_ other: Vec3) -> Double { x * other.x + y * other.y + z * other.z }

    func cross(_ other: Vec3) -> Vec3 {
        Vec3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    static func + (a: Vec3, b: Vec3) -> Vec3 { Vec3(a.x + b.x, a.y + b.y, a.z + b.z) }

    static func - (a: Vec3, b: Vec3) -> Vec3 { Vec3(a.x - b.x, a.y - b.y, a.z - b.z) }

    static func * (a: Vec3, factor: Double) -> Vec3 { Vec3(a.x * factor, a.y * factor, a.z * factor) }

    static prefix func - (a: Vec3) -> Vec3 { Vec3(-a.x, -a.y, -a.z) }

    /// A unit vector perpendicular to this one, which is a unit vector.
    var perpendicular: Vec3 {
        let helper = abs(x) < 0.6 ? Vec3(1, 0, 0) : Vec3(0, 1, 0)
        return cross(helper).normalised
    }
}
