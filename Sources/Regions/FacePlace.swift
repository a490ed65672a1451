internal import Glibc

/// The map from places in a face to the sphere.
enum FacePlace {
    /// The point of the unit sphere at (u, v) of a face, fractions of its sides (Gorski et al. 2005, section 5).
    static func point(face: Int, u: Double, v: Double) -> Vec3 {
        let row = face >> 2
        let column = Double((face & 3) << 1 | ((row & 1) ^ 1))
        let sum = u + v
        if (row == 0 && sum > 1) || (row == 2 && sum < 1) {
            let sigma = row == 0 ? (1 - u) + (1 - v) : sum
            let height = 1 - sigma * sigma / 3
            let rho = sigma * (2.0 / 3 - sigma * sigma / 9).squareRoot()
            let lon = 0.25 * .pi * (sigma > 0 ? column + (u - v) / sigma : column)
            return Vec3(rho * cos(lon), rho * sin(lon), row == 0 ? height : -height)
        }
        let height = 2 * (sum - Double(row)) / 3
        let rho = (1 - height * height).squareRoot()
        let lon = 0.25 * .pi * (column + (u - v))
        return Vec3(rho * cos(lon), rho * sin(lon), height)
    }
}
