internal import HEALPix

/// A rectangle of pixels and where they lie on the sphere.
struct Patch: Sendable {
    /// How the pixels of a patch are found.
    enum Content: Sendable {
        /// Outside of the globe.
        case outside
        /// By interpolated coordinates of the lattice of the equatorial belt.
        case belt(x: Quadratic, y: Quadratic)
        /// By interpolated coordinates of one face.
        case face(Int, x: Quadratic, y: Quadratic)
        /// By interpolated unit vectors: around poles and across the borders of faces in the caps.
        case vectors
        /// One by one; `exact` holds them row by row, face -1 outside of the globe. Where a pixel is the mean of several
        /// samples they are these.
        case exact([FacePosition])
    }

    var columns: Range<Int>
    var rows: Range<Int>
    /// The column and the row at the beginning of the interpolated square, and its sides in pixels.
    var firstColumn = 0.0
    var firstRow = 0.0
    var columnSpan = 1.0
    var rowSpan = 1.0
    var content: Content
    /// Unit vectors in the body's own orientation; nil for patches without interpolation.
    var vectors: (x: Quadratic, y: Quadratic, z: Quadratic)?
    /// For exact patches, where slopes are wanted: how far the unit vector moves by one pixel to the right and by one down,
    /// row by row; zero where that is not known.
    var steps: [(right: SIMD3<Double>, down: SIMD3<Double>)] = []

    @inline(__always)
    func s(column: Int) -> Double { s(column: Double(column)) }
    @inline(__always)
    func t(row: Int) -> Double { t(row: Double(row)) }
    @inline(__always)
    func s(column: Double) -> Double { (column - firstColumn) / columnSpan }
    @inline(__always)
    func t(row: Double) -> Double { (row - firstRow) / rowSpan }

    /// Where one of so many parts of a pixel lies, from its middle.
    static func offset(ofPart part: Int, of parts: Int) -> Double {
        (Double(part) + 0.5) / Double(parts) - 0.5
    }
}
