/// Where the pixels of a raster lie in the x and y of its map.
///
/// Columns and rows are counted as in GDAL: the first pixel reaches from 0 to 1, its centre is at 0.5.
public struct PixelPlacement: Sendable, Hashable {
    let columnAtOrigin: Double
    let columnPerX: Double
    let columnPerY: Double
    let rowAtOrigin: Double
    let rowPerX: Double
    let rowPerY: Double

    /// Inverts a geotransform of GDAL: x = g0 + g1 column + g2 row, y = g3 + g4 column + g5 row.
    ///
    /// - Returns: nil for six numbers that lay no raster on a plane.
    public init?(geotransform g: [Double]) {
        guard g.count == 6, g.allSatisfy(\.isFinite) else { return nil }
        let determinant = g[1] * g[5] - g[2] * g[4]
        guard determinant.isFinite, determinant != 0 else { return nil }
        columnPerX = g[5] / determinant
        columnPerY = -g[2] / determinant
        rowPerX = -g[4] / determinant
        rowPerY = g[1] / determinant
        columnAtOrigin = -(g[0] * columnPerX + g[3] * columnPerY)
        rowAtOrigin = -(g[0] * rowPerX + g[3] * rowPerY)
        guard [columnPerX, columnPerY, rowPerX, rowPerY, columnAtOrigin, rowAtOrigin].allSatisfy(\.isFinite)
        else {
            return nil
        }
    }

    /// The fractional column of a place.
    public func column(x: Double, y: Double) -> Double { columnAtOrigin + columnPerX * x + columnPerY * y }

    /// The fractional row of a place.
    public func row(x: Double, y: Double) -> Double { rowAtOrigin + rowPerX * x + rowPerY * y }
}
