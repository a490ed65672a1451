import Glibc

/// A point in space.
struct Vector {
    let x: Double
    let y: Double
    let z: Double

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

    /// The point of the unit sphere at the place (u, v) of a face, u and v being fractions of the face.
    init(face: Int, u: Double, v: Double) {
        let row = face >> 2
        let sum = u + v
        let column = Double(FaceGeometry.column(face))
        if (row == 0 && sum > 1) || (row == 2 && sum < 1) {
            let length = row == 0 ? (1 - u) + (1 - v) : sum
            let height = 1 - length * length / 3
            let rho = length * (2.0 / 3 - length * length / 9).squareRoot()
            let lon = FaceGeometry.quarterPi * (length > 0 ? column + (u - v) / length : column)
            self.init(rho * cos(lon), rho * sin(lon), row == 0 ? height : -height)
        } else {
            let height = 2 * (sum - Double(row)) / 3
            let rho = (1 - height * height).squareRoot()
            let lon = FaceGeometry.quarterPi * (column + (u - v))
            self.init(rho * cos(lon), rho * sin(lon), height)
        }
    }

    func distance(to other: Vector) -> Double {
        let dx = x - other.x
        let dy = y - other.y
        let dz = z - other.z
        return (dx * dx + dy * dy + dz * dz).squareRoot()
    }

    /// The distance from here to the straight line from `a` to `b`, ends included.
    func distance(toSegment a: Vector, _ b: Vector) -> Double {
        let (dx, dy, dz) = (b.x - a.x, b.y - a.y, b.z - a.z)
        let square = dx * dx + dy * dy + dz * dz
        guard square > 0 else { return distance(to: a) }
        let along = ((x - a.x) * dx + (y - a.y) * dy + (z - a.z) * dz) / square
        let t = max(0, min(1, along))
        return distance(to: Vector(a.x + t * dx, a.y + t * dy, a.z + t * dz))
    }
}
