import Glibc

/// A place on the sphere as a face and continuous coordinates in it: x to the north-east, y to the north-west, both from
/// 0 to 1 along the edges of the face.
public struct FacePosition: Hashable, Sendable {
    /// The face, 0 to 11.
    public var face: Int
    /// The way along the south-eastern edge.
    public var x: Double
    /// The way along the south-western edge.
    public var y: Double

    /// A position, kept as it is.
    public init(face: Int, x: Double, y: Double) {
        self.face = face
        self.x = x
        self.y = y
    }

    /// The position of a unit vector.
    ///
    /// - Parameters:
    ///   - x: Towards longitude 0 on the equator.
    ///   - y: Towards longitude 90 degrees east.
    ///   - z: Towards the north pole.
    public init(x: Double, y: Double, z: Double) {
        let lon = atan2(y, x)
        self.init(
            quarters: (lon < 0 ? lon + 2 * .pi : lon) * (2 / .pi), sine: z, cosineSquared: x * x + y * y)
    }

    /// The position of a direction.
    ///
    /// - Parameters:
    ///   - quarters: The longitude in quarters of a turn, 0 to 4.
    ///   - sine: The sine of the latitude.
    ///   - cosineSquared: The square of its cosine, apart because it keeps its digits at the poles.
    public init(quarters: Double, sine: Double, cosineSquared: Double) {
        if abs(sine) * 3 <= 2 {
            let a = 0.75 * sine + 0.5
            self = FacePosition.ofBelt(x: a + quarters, y: a - quarters)
        } else {
            let quarter = min(max(Int(quarters), 0), 3)
            let along = quarters - Double(quarter)
            let length = FacePosition.capLength(sine: sine, cosineSquared: cosineSquared)
            if sine > 0 {
                self.init(face: quarter, x: 1 - length * (1 - along), y: 1 - length * along)
            } else {
                self.init(face: 8 + quarter, x: length * along, y: length * (1 - along))
            }
        }
    }

    /// The distance from the pole along the edge of a face at some latitude of a cap: 0 at the pole, 1 at the border of the
    /// belt (Gorski et al. 2005, equation 9: sqrt(3 (1 - |z|))).
    public static func capLength(sine: Double, cosineSquared: Double) -> Double {
        (3 * cosineSquared / (1 + abs(sine))).squareRoot()
    }

    /// The position of a point of the equatorial belt's own lattice, on which all faces are squares of side 1: x is
    /// 0.75 sin(lat) + 0.5 + q, y is 0.75 sin(lat) + 0.5 - q, with the longitude q in quarters of a turn, any turn.
    ///
    /// Coordinates that rounding has pushed off the belt are brought back to its border.
    public static func ofBelt(x: Double, y: Double) -> FacePosition {
        let east = Int(x.rounded(.down))
        let south = -Int(y.rounded(.down))
        let row = east - south
        if row > 1 {
            return FacePosition(face: (east - 1) & 3, x: x - Double(east), y: 1.0.nextDown)
        }
        if row < -1 {
            return FacePosition(face: 8 + (east & 3), x: x - Double(east), y: 0)
        }
        return FacePosition(
            face: 4 - 4 * row + (min(east, south) & 3), x: x - Double(east), y: y + Double(south))
    }
}
