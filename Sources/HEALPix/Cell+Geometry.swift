extension Cell {
    /// Makes the cell of `order` that holds a direction.
    ///
    /// Longitudes of any number of turns are accepted. Nil when the longitude is not finite, or the latitude is
    /// not a number or is beyond a pole by more than 1e-12 rad. A direction on a border belongs, up to rounding,
    /// to the cell with the larger x or y in the face, or to the next one eastward between two faces of a cap.
    public init?(containing direction: Direction, order: Order) {
        guard let place = FaceGeometry.place(of: direction, order: order) else { return nil }
        self.init(unchecked: order, face: place.face, x: place.x, y: place.y)
    }

    /// The centre of the cell, longitude in 0..<2 pi, good to 2 ulp (Gorski et al. 2005, section 5).
    public var centre: Direction {
        let (x, y) = placeInFace
        return FaceGeometry.direction(
            face: face, u: 2 &* x &+ 1, v: 2 &* y &+ 1, side: order.nside &<< 1)
    }

    /// The four corners of the cell, longitudes in 0..<2 pi, good to 2 ulp.
    ///
    /// A corner at a pole carries the longitude of the middle of its face.
    public var corners: Corners {
        let (x, y) = placeInFace
        let face = face
        let side = order.nside
        return Corners(
            south: FaceGeometry.direction(face: face, u: x, v: y, side: side),
            east: FaceGeometry.direction(face: face, u: x &+ 1, v: y, side: side),
            north: FaceGeometry.direction(face: face, u: x &+ 1, v: y &+ 1, side: side),
            west: FaceGeometry.direction(face: face, u: x, v: y &+ 1, side: side))
    }

    /// The smallest box of longitudes and latitudes that holds the cell.
    ///
    /// Within a face latitude grows with x + y alone and the longitude offset (x - y) / n, n being the length
    /// of a quarter ring, grows with x and falls with y. So the west and east corners bound the longitude and
    /// the south and north corners the latitude; neither of the former is ever at a pole.
    public var bounds: LonLatBounds {
        let (x, y) = placeInFace
        let face = face
        let side = order.nside
        let column = FaceGeometry.column(face)
        let ring = FaceGeometry.row(face) * side - x - y
        let length = FaceGeometry.quarterLength(ring: ring - 1, side: side)
        func unwrapped(_ difference: Int64) -> Double {
            FaceGeometry.quarterPi * (Double(column * length + difference) / Double(length))
        }
        return LonLatBounds(
            westRad: unwrapped(x - y - 1), eastRad: unwrapped(x - y + 1),
            southRad: FaceGeometry.latitude(ring: ring, side: side),
            northRad: FaceGeometry.latitude(ring: ring - 2, side: side))
    }

    /// The longitude of the middle of the cell's face in radians: a multiple of pi/4 in 0..<2 pi.
    public var faceLonRad: Double { FaceGeometry.quarterPi * Double(FaceGeometry.column(face)) }
}
