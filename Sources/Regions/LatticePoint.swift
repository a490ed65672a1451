internal import Glibc
internal import HEALPix

/// A corner of cells on the map of longitudes from -180 to 180 and latitudes.
///
/// Corners lie on rings counted from the north pole, where their longitudes are whole numbers of eighths of a turn
/// divided by the length of a quarter of the ring (Gorski et al. 2005, section 5): two faces agree on a corner without
/// rounding. The ends of the map are two, at -180 and 180, and a pole is five corners, one for each quarter's border.
struct LatticePoint: Hashable {
    /// Rings from the north pole, 0 to 4 * side.
    let ring: Int64
    /// Longitude in eighths of a turn times `length(ring)`, or in eighths of a turn at a pole.
    let eighths: Int64

    /// The corner (x, y) of a face with `side` cells along its edges, seen from the middle of an edge of a cell.
    /// - Parameters:
    ///   - lean: x - y anywhere along the edge but its ends: which end of the map a corner at 180 belongs to.
    ///   - poleQuarter: The quarter's border that a corner at a pole stands for.
    init(face: Int, x: Int64, y: Int64, side: Int64, lean: Int64, poleQuarter: Int64) {
        ring = (Int64(face >> 2) + 2) * side - x - y
        let length = Self.length(ring: ring, side: side)
        let column = Int64((face & 3) << 1 | (((face >> 2) & 1) ^ 1))
        let isWest = column > 4 || (column == 4 && lean > 0)
        if length == 0 {
            eighths = 2 * poleQuarter - (isWest ? 8 : 0)
        } else {
            eighths = column * length + (x - y) - (isWest ? 8 * length : 0)
        }
    }

    private init(ring: Int64, eighths: Int64) {
        self.ring = ring
        self.eighths = eighths
    }

    /// The same place of the sphere on a map of longitudes from 0 to 360, where the ends of the map at 180 are one.
    func turned(side: Int64) -> LatticePoint {
        let turn = 8 * max(1, Self.length(ring: ring, side: side))
        return LatticePoint(ring: ring, eighths: (eighths % turn + turn) % turn)
    }

    static func length(ring: Int64, side: Int64) -> Int64 {
        ring < side ? ring : ring > 3 * side ? 4 * side - ring : side
    }

    /// Longitude -pi to pi, latitude.
    func direction(side: Int64) -> Direction {
        let length = Self.length(ring: ring, side: side)
        let lon = 0.25 * .pi * (Double(eighths) / Double(length == 0 ? 1 : length))
        let lat: Double
        if ring < side {
            lat = .pi / 2 - 2 * asin(Double(ring) / Double(side) / 6.0.squareRoot())
        } else if ring > 3 * side {
            lat = 2 * asin(Double(4 * side - ring) / Double(side) / 6.0.squareRoot()) - .pi / 2
        } else {
            lat = asin(2 * (Double(2 * side - ring) / Double(side)) / 3)
        }
        return Direction(lonRad: lon, latRad: lat)
    }
}
