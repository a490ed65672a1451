import GDAL

/// A raster that a test writes for itself: a grid, a type, and a value for each sample.
struct TestRaster {
    var columns = 360
    var rows = 180
    /// Outer edges and steps in degrees.
    var west = -180.0
    var north = 90.0
    var lonStep = 1.0
    var latStep = 1.0
    var type = SampleType.float32
    var bands = 1
    var noData: Double?
    var scale = 1.0
    var offset = 0.0
    var options: [String] = []
    var crs = "IAU_2015:49900"

    func lon(_ column: Int) -> Double { west + (Double(column) + 0.5) * lonStep }
    func lat(_ row: Int) -> Double { north - (Double(row) + 0.5) * latStep }

    /// Writes a GeoTIFF of one band; `value` is given column and row.
    func write(to path: String, _ value: (Int, Int) -> Double) throws {
        try write(to: path, bands: { _, column, row in value(column, row) })
    }

    /// Writes a GeoTIFF; `value` is given band (from 1), column and row.
    func write(to path: String, bands value: (Int, Int, Int) -> Double) throws {
        let writer = try writer(path)
        for band in 1...bands {
            var samples = [Double](repeating: 0, count: columns * rows)
            for row in 0..<rows {
                for column in 0..<columns { samples[row * columns + column] = value(band, column, row) }
            }
            try samples.withUnsafeBytes {
                try writer.write(
                    band: band, window: PixelWindow(column: 0, row: 0, width: columns, height: rows),
                    from: $0,
                    type: .float64)
            }
        }
        try writer.close()
    }

    /// Writes a GeoTIFF without any stored samples: all zero, however large it is.
    func writeSparse(to path: String) throws {
        var raster = self
        raster.options = ["SPARSE_OK=TRUE", "TILED=YES"]
        try raster.writer(path).close()
    }

    private func writer(_ path: String) throws -> RasterWriter {
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: columns, height: rows, bands: bands, type: type,
            options: options, geoTransform: [west, lonStep, 0, north, 0, -latStep], crs: crs)
        for band in 1...bands {
            if let noData { try writer.setNoData(noData, band: band) }
            if scale != 1 || offset != 0 { try writer.setScale(scale, offset: offset, band: band) }
        }
        return writer
    }
}

/// Numbers that look random and depend on nothing but their place (SplitMix64), 0..<1.
func noise(_ column: Int, _ row: Int, seed: UInt64 = 0) -> Double {
    var mixed = UInt64(bitPattern: Int64(column &* 1_000_003 &+ row)) &+ seed &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) / 9_007_199_254_740_992
}
