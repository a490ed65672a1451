/// The places of all pixel centres of a tile, from the geometry of its face.
///
/// A tile of order k is divided into `width` x `width` pixels, cells of order k + log2(width). Inside a face
/// latitude depends on x + y alone and longitude is linear in x - y along such a diagonal (Gorski et al. 2005,
/// section 5), so that two numbers per diagonal replace two transcendental functions per pixel.
public struct TileGeometry: Sendable {
    /// The tile.
    public let tile: Cell

    /// Order of the pixels as cells.
    public let pixelOrder: Order

    /// Pixels along each side.
    public let width: Int

    /// Longitude of the middle of the face in radians: a multiple of pi/4 in 0..<2 pi.
    public let lonCentreRad: Double

    /// Latitude in radians of the pixels with x + y = s, for s in 0..<`diagonalCount`; good to 2 ulp.
    public let latRad: [Double]

    /// Longitude step in radians along the diagonal s: the longitude of a pixel is `lonCentreRad` +
    /// `lonStepRad[s]` * (xFace - yFace), in -pi/4..<2 pi, good to 2 ulp of the larger of the two terms.
    public let lonStepRad: [Double]

    /// xFace - yFace of the pixel (0, 0), xFace and yFace being columns and rows of the whole face; that of the
    /// pixel (x, y) is this + x - y.
    public let xMinusYAtOrigin: Int64

    /// xFace + yFace of the pixel (0, 0).
    private let xPlusYAtOrigin: Int64

    /// Computes the geometry of `tile` with 2^`widthOrder` pixels along each side (9 for 512).
    ///
    /// Nil when `widthOrder` is not in 0...12 or the pixels would be deeper than order 29.
    public init?(tile: Cell, widthOrder: Int) {
        guard widthOrder >= 0, widthOrder <= 12, let pixelOrder = Order(tile.order.value + widthOrder) else {
            return nil
        }
        let (x, y) = tile.placeInFace
        let face = tile.face
        let side = pixelOrder.nside
        self.tile = tile
        self.pixelOrder = pixelOrder
        width = 1 << widthOrder
        lonCentreRad = tile.faceLonRad
        xMinusYAtOrigin = (x - y) << Int64(widthOrder)
        xPlusYAtOrigin = (x + y) << Int64(widthOrder)
        let firstRing = FaceGeometry.row(face) * side - xPlusYAtOrigin - 1
        let count = 2 * width - 1
        latRad = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            for s in 0..<count {
                buffer.initializeElement(
                    at: s, to: FaceGeometry.latitude(ring: firstRing - Int64(s), side: side))
            }
            initialized = count
        }
        lonStepRad = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            for s in 0..<count {
                let length = FaceGeometry.quarterLength(ring: firstRing - Int64(s), side: side)
                buffer.initializeElement(at: s, to: FaceGeometry.quarterPi / Double(length))
            }
            initialized = count
        }
    }

    /// The number of diagonals of constant x + y, 2 * `width` - 1.
    public var diagonalCount: Int { 2 * width - 1 }

    /// The centre of the pixel (x, y) of the tile, longitude in 0..<2 pi, good to 2 ulp.
    ///
    /// x and y must be in 0..<`width`; a place outside is an error of the caller and stops the program, like
    /// an index outside an array.
    public func direction(x: Int, y: Int) -> Direction {
        precondition(x >= 0 && x < width && y >= 0 && y < width, "pixel outside the tile")
        let side = pixelOrder.nside
        let ring = FaceGeometry.row(tile.face) * side - xPlusYAtOrigin - Int64(x + y) - 1
        let lon = FaceGeometry.longitude(
            column: FaceGeometry.column(tile.face), difference: xMinusYAtOrigin + Int64(x - y),
            length: FaceGeometry.quarterLength(ring: ring, side: side))
        return Direction(lonRad: lon, latRad: latRad[x + y])
    }
}
