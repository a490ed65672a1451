public import HEALPix
import Glibc

/// The surface of an ellipsoid, by the planetocentric HEALPix cells that lie on it.
///
/// A place in the planetocentric direction n = (l, m, k) has the distance r with 1/r^2 = l^2/a^2 + m^2/b^2 + k^2/c^2, and
/// the area around it is dA = r^4 sqrt(l^2/a^4 + m^2/b^4 + k^2/c^4) dOmega: r^2 dOmega, divided by the cosine between n
/// and the normal. HEALPix maps the unit squares of its faces to the sphere with equal area (Gorski et al. 2005, section
/// 4), so that a cell's area is its solid angle times the mean of dA/dOmega over the square.
///
/// On an ellipsoid of revolution that depends on the latitude alone, and latitude on x + y alone: the mean over the
/// square is one over the ring coordinate s in -1...1, weighted by 1 - |s|. Gauss-Legendre quadrature of each half is exact
/// to about 1e-12 since coarse cells are divided first; on three axes there is one along the ring besides.
public struct SurfaceArea: Sendable {
    /// The semi-axis towards longitude 0 in metres, the longest one by the convention of the IAU.
    public let aMetres: Double
    /// The semi-axis towards longitude 90 degrees east in metres.
    public let bMetres: Double
    /// The semi-axis towards the north pole in metres.
    public let cMetres: Double

    /// The surface of an ellipsoid; nil unless all semi-axes are finite and positive.
    public init?(aMetres: Double, bMetres: Double, cMetres: Double) {
        guard [aMetres, bMetres, cMetres].allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        self.aMetres = aMetres
        self.bMetres = bMetres
        self.cMetres = cMetres
    }

    /// The surface of a sphere; nil unless its radius is finite and positive.
    public init?(radiusMetres: Double) {
        self.init(aMetres: radiusMetres, bMetres: radiusMetres, cMetres: radiusMetres)
    }

    /// The area of a cell in square kilometres.
    public func squareKilometres(_ cell: Cell) -> Double {
        // Large cells are divided, so that what is integrated is close to a polynomial.
        guard cell.order.value >= 4 else { return cell.children.reduce(0) { $0 + squareKilometres($1) } }
        if aMetres == bMetres {
            return aMetres == cMetres
                ? cell.order.cellAreaSr * aMetres * aMetres * 1e-6
                : cell.order.cellAreaSr * meanOfRing(cell) * 1e-6
        }
        return cell.order.cellAreaSr * meanOfSquare(cell) * 1e-6
    }

    /// The mean of dA/dOmega over a cell of an ellipsoid of revolution in square metres.
    private func meanOfRing(_ cell: Cell) -> Double {
        let nside = Double(cell.order.nside)
        let ring = Double(Int64(cell.face / 4 + 2) * cell.order.nside - cell.x - cell.y - 1)
        let rule = cell.order.value < 10 ? Quadrature.fivePoints : Quadrature.twoPoints
        var sum = 0.0
        for (node, weight) in rule {
            // Rings meet the borders between the caps and the belt at whole numbers, so each half is smooth.
            sum +=
                weight * (1 - node)
                * (density(sinLatitude((ring - node) / nside)) + density(sinLatitude((ring + node) / nside)))
        }
        return sum
    }

    /// The sine of the latitude of the ring at the distance r from the north pole in sides, 0...4.
    private func sinLatitude(_ r: Double) -> Double {
        if r < 1 { return 1 - r * r / 3 }
        if r > 3 { return (4 - r) * (4 - r) / 3 - 1 }
        return 2 * (2 - r) / 3
    }

    /// dA/dOmega where the sine of the latitude is z, on an ellipsoid of revolution.
    private func density(_ z: Double) -> Double {
        let (a2, c2) = (aMetres * aMetres, cMetres * cMetres)
        let (equatorial, polar) = (1 - z * z, z * z)
        let inverse = equatorial / a2 + polar / c2
        return (equatorial / (a2 * a2) + polar / (c2 * c2)).squareRoot() / (inverse * inverse)
    }

    /// The mean of dA/dOmega over a cell of an ellipsoid of three axes in square metres.
    ///
    /// As for a ring, with the mean along the ring inside the cell for each s. Close to a pole, where a cell spans up to a
    /// quarter of a turn, that is smooth in s and in the longitude, though not in x and y.
    private func meanOfSquare(_ cell: Cell) -> Double {
        let nside = cell.order.nside
        let ring = Int64(cell.face / 4 + 2) * nside - cell.x - cell.y - 1
        let fromPole = min(ring, 4 * nside - ring)
        let rule = min(fromPole, nside) < 512 ? Quadrature.fivePoints : Quadrature.twoPoints
        let pieces = fromPole < 16 ? 4 : 1
        var sum = 0.0
        for (node, weight) in rule {
            for s in [-node, node] {
                let r = (Double(ring) + s) / Double(nside)
                let quarter = min(r, 1, 4 - r) * Double(nside)
                let z = sinLatitude(r)
                var mean = 0.0
                for piece in 0..<pieces {
                    for (along, alongWeight) in rule {
                        // From -1 to 1 between the two edges of the cell.
                        let place = 2 * (Double(piece) + along) / Double(pieces) - 1
                        let difference = Double(cell.x - cell.y) + (1 - node) * place
                        mean += alongWeight * density(z, cell.faceLonRad + .pi / 4 * difference / quarter)
                    }
                }
                sum += weight * (1 - node) * mean / Double(pieces)
            }
        }
        return sum
    }

    /// dA/dOmega where the sine of the latitude is z, at a longitude.
    private func density(_ z: Double, _ lonRad: Double) -> Double {
        let (l2, k2) = ((1 - z * z) * cos(lonRad) * cos(lonRad), z * z)
        let m2 = max(0, 1 - k2 - l2)
        let (a2, b2, c2) = (aMetres * aMetres, bMetres * bMetres, cMetres * cMetres)
        let inverse = l2 / a2 + m2 / b2 + k2 / c2
        return (l2 / (a2 * a2) + m2 / (b2 * b2) + k2 / (c2 * c2)).squareRoot() / (inverse * inverse)
    }
}

/// Gauss-Legendre nodes and weights on 0...1 (Abramowitz and Stegun 1972, table 25.4, moved from -1...1).
private enum Quadrature {
    static let twoPoints: [(Double, Double)] = [(0.211324865405187118, 0.5), (0.788675134594812882, 0.5)]
    static let fivePoints: [(Double, Double)] = [
        (0.0469100770306680036, 0.118463442528094544), (0.230765344947158454, 0.239314335249683234),
        (0.5, 0.284444444444444444), (0.769234655052841546, 0.239314335249683234),
        (0.953089922969331996, 0.118463442528094544),
    ]
}
