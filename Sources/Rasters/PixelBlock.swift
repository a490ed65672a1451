/// A rectangle of pixels of a raster; columns run east and rows south, as those of its ``RasterSource/lattice`` do.
public struct PixelBlock: Sendable, Equatable {
    /// Columns, none of which is beyond the seam.
    public let columns: Range<Int>
    /// Rows, none of which is beyond a pole.
    public let rows: Range<Int>
}
