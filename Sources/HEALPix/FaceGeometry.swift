import Glibc

/// The map between places in a face and the sphere (Gorski et al. 2005, section 4.1 and 5).
///
/// A place is (u, v) on a lattice of `side` steps along each edge of the face, u to the north-east, v to the
/// north-west. `ring` = row * side - u - v counts from 0 at the north pole to 4 * side at the south pole.
/// Everything but the last step is done in integers, so that the results are good to 2 ulp everywhere.
enum FaceGeometry {
    static let quarterPi = Double.pi / 4
    /// pi/2 is `halfPi` + `halfPiRest` to 106 bits.
    static let halfPi = Double.pi / 2
    static let halfPiRest = 0x1.1a62633145c07p-54
    /// Latitude where the polar caps begin, asin(2/3).
    static let capLatitudeRad = 0x1.759edd04f68dep-1

    /// Rings from the pole to the southern corner of the face, in sides: 2, 3 or 4.
    @inline(__always)
    static func row(_ face: Int) -> Int64 { Int64(truncatingIfNeeded: face &>> 2) &+ 2 }

    /// Longitude of the middle of the face in eighths of a turn, 0 to 7.
    @inline(__always)
    static func column(_ face: Int) -> Int64 {
        Int64(truncatingIfNeeded: (face & 3) &<< 1 | (((face &>> 2) & 1) ^ 1))
    }

    /// Lattice steps in a quarter of the ring: `side` in the equatorial belt, less in the caps, 0 at a pole.
    @inline(__always)
    static func quarterLength(ring: Int64, side: Int64) -> Int64 {
        ring < side ? ring : ring > 3 &* side ? 4 &* side &- ring : side
    }

    /// The place on the sphere of the lattice point (u, v), longitude in 0..<2 pi.
    ///
    /// At a pole, where longitude has no meaning, it is that of the middle of the face.
    @inline(__always)
    static func direction(face: Int, u: Int64, v: Int64, side: Int64) -> Direction {
        let ring = row(face) &* side &- u &- v
        return Direction(
            lonRad: longitude(
                column: column(face), difference: u &- v, length: quarterLength(ring: ring, side: side)),
            latRad: latitude(ring: ring, side: side))
    }

    /// Longitude in 0..<2 pi; reduced to one turn in integers, so that small longitudes stay exact.
    @inline(__always)
    static func longitude(column: Int64, difference: Int64, length: Int64) -> Double {
        guard length > 0 else { return quarterPi * Double(column) }
        var eighths = column &* length &+ difference
        if eighths < 0 { eighths &+= 8 &* length }
        if eighths >= 8 &* length { eighths &-= 8 &* length }
        return quarterPi * (Double(eighths) / Double(length))
    }

    /// Latitude of a ring in radians.
    @inline(__always)
    static func latitude(ring: Int64, side: Int64) -> Double {
        if ring < side { return capLatitude(Double(ring) / Double(side)) }
        if ring > 3 &* side { return -capLatitude(Double(4 &* side &- ring) / Double(side)) }
        return asin(2 * (Double(2 &* side &- ring) / Double(side)) / 3)
    }

    /// Latitude in the northern cap of the ring at the fraction `r` of the way from the pole to asin(2/3).
    ///
    /// sin(colatitude / 2) = r / sqrt 6 keeps its accuracy at the pole, where asin(z) has lost half its digits.
    @inline(__always)
    static func capLatitude(_ r: Double) -> Double { halfPi - 2 * asin(r * 0x1.a20bd700c2c3ep-2) }

    /// The face and the place in it of the point (x, y) of the equatorial belt.
    ///
    /// In the belt the map is affine and all faces lie on one lattice, with face 4 at 0 <= x, y < nside: face
    /// 4 + k is moved by (k, -k), face k by (k + 1, -k), face 8 + k by (k, -k - 1) sides. Rounding can push a
    /// point on the border of the belt off its face by one step, which is undone here.
    @inline(__always)
    static func beltPlace(x: Int64, y: Int64, order: Order) -> (face: Int, x: Int64, y: Int64) {
        let shift = Int64(order.value)
        let east = x &>> shift
        let south = 0 &- (y &>> shift)
        let inX = x &- east &<< shift
        let row = east &- south
        if UInt64(bitPattern: row &+ 1) <= 2 {
            // One formula for the three rows of faces: which row it is cannot be foretold.
            let column = Int(truncatingIfNeeded: min(east, south) & 3)
            return (4 &- 4 &* Int(truncatingIfNeeded: row) &+ column, inX, y &+ south &<< shift)
        }
        let last = (1 &<< shift) &- 1
        if east > south {
            return (Int(truncatingIfNeeded: (east &- 1) & 3), inX, min(y &+ (east &- 1) &<< shift, last))
        }
        return (8 &+ Int(truncatingIfNeeded: east & 3), inX, max(y &+ (east &+ 1) &<< shift, 0))
    }

    /// The face and the cell in it that hold a direction, nil when it is no direction.
    @inline(__always)
    static func place(of direction: Direction, order: Order) -> (face: Int, x: Int64, y: Int64)? {
        var lon = direction.lonRad
        if !(lon >= 0 && lon < 2 * .pi) {
            guard lon.isFinite else { return nil }
            lon = Direction.normalised(longitudeRad: lon)
        }
        let lat = direction.latRad
        let height = abs(lat)
        guard height <= halfPi + Direction.latitudeToleranceRad else { return nil }
        let nside = Double(order.nside)
        let quarters = lon * (2 / .pi)
        if height <= capLatitudeRad {
            let a = 0.75 * sin(lat) + 0.5
            let y = nside * (a - quarters)
            var row = Int64(y)
            if Double(row) > y { row &-= 1 }
            return beltPlace(x: Int64(nside * (a + quarters)), y: row, order: order)
        }
        let colatitude = max((halfPi - height) + halfPiRest, 0)
        let length = nside * (6.0.squareRoot() * sin(0.5 * colatitude))
        let quarter = min(Int64(quarters), 3)
        let along = quarters - Double(quarter)
        let last = order.nside &- 1
        let toEast = min(Int64(length * (1 - along)), last)
        let toWest = min(Int64(length * along), last)
        if lat > 0 {
            return (Int(truncatingIfNeeded: quarter), last &- toEast, last &- toWest)
        }
        return (8 &+ Int(truncatingIfNeeded: quarter), toWest, toEast)
    }
}
