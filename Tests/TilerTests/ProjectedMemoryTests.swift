import GDAL
import HiPS
import Pixels
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// Maps in projections, built with little memory and with much: what is read at once differs, the tiles do not.
@Suite struct ProjectedMemoryTests {
    struct Map: CustomTestStringConvertible {
        let testDescription: String
        let crs: String
        /// Edges in metres: west and north, and the size of a pixel.
        let corner: (Double, Double)
        let pixel: Double
        let columns: Int
        let rows: Int
        let options: [String]
        let resampling: Resampling
    }

    private static let degree = 3_396_190 * Double.pi / 180
    private static let tiled = ["TILED=YES"]

    /// A tile of order 1 needs up to four million samples of these maps: the least window holds one, the usual one eight.
    /// The striped map is copied into tiles where memory is little.
    static let maps: [Map] = [
        Map(
            testDescription: "sinusoidal about 180, bilinear", crs: "IAU_2015:49925",
            corner: (-180 * degree, 45 * degree), pixel: 360 * degree / 16384, columns: 16384, rows: 2048,
            options: tiled, resampling: .at(.bilinear)),
        Map(
            testDescription: "south polar stereographic, striped and compressed, bicubic",
            crs: "IAU_2015:49935", corner: (-2_048_000, 2_048_000), pixel: 1000, columns: 4096, rows: 4096,
            options: ["COMPRESS=DEFLATE", "ZLEVEL=1"], resampling: .at(.bicubic)),
    ]

    @Test(arguments: maps) func tilesDoNotDependOnMemory(_ map: Map) async throws {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: map.columns, height: map.rows, bands: 1, type: .int16,
            options: map.options, geoTransform: [map.corner.0, map.pixel, 0, map.corner.1, 0, -map.pixel],
            crs: map.crs)
        try writer.setNoData(-1, band: 1)
        // Rough, and with holes, so that nothing hides which samples were read; each strip begins elsewhere in the noise.
        let (strip, step) = (64, 4099)
        let count = map.columns * strip
        let rough = (0..<(count + step * map.rows / strip)).map { place -> Int16 in
            let value = noise(place, 0)
            return value < 0.02 ? -1 : Int16(value * 30_000)
        }
        for top in stride(from: 0, to: map.rows, by: strip) {
            let start = top / strip * step
            try rough[start..<(start + count)].withUnsafeBytes {
                try writer.write(
                    band: 1,
                    window: PixelWindow(column: 0, row: top, width: map.columns, height: strip), from: $0,
                    type: .int16)
            }
        }
        try writer.close()
        var request = BuildRequest(source: path)
        request.formats = [.fits]
        request.order = 1
        request.cut = (0, 30_000)
        request.resampling = map.resampling
        let little = try HiPSPlan(
            request, catalogue: .iau2015(), limits: BuildLimits(memory: try Self.least(request)),
            spool: SpoolPlace(folder: scratch.file("spool")))
        let much = try HiPSPlan(request, catalogue: .iau2015(), limits: BuildLimits(memory: 2_000_000_000))
        #expect(little.memory.windowBytes == 3_000_000 && much.memory.windowBytes == 24_000_000)
        var found: [[String: [UInt8]]] = []
        for (plan, name) in [(little, "little"), (much, "much")] {
            let builder = HiPSBuilder(plan, data: DataDirectory(path: scratch.file(name)), version: "1")
            let report = try await builder.build(jobs: 1, force: false)
            var tiles: [String: [UInt8]] = [:]
            for file in Scratch.files(below: report.path)
            where file.contains("Npix") || file.hasSuffix("Moc.fits") {
                tiles[file] = try Scratch.bytes(report.path + "/" + file)
            }
            found.append(tiles)
        }
        little.removeSpool()
        #expect(found[0].count > 8)
        let isSame = found[0] == found[1]
        #expect(isSame)
    }

    /// The least memory that a build is content with, as the refusal of less says.
    private static func least(_ request: BuildRequest) throws -> Int {
        let refusal = #expect(throws: TilerError.self) {
            try HiPSPlan(
                request, catalogue: .iau2015(), readsRange: false, limits: BuildLimits(memory: 75_000_000))
        }
        let words = try #require(refusal).description.split(separator: " ").compactMap { Int($0) }
        return try #require(words.last) * 1_000_000
    }
}
