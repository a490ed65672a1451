import Foundation
import GDAL
import Testing

@testable import Rasters

@Suite("Files that changed, were cut short, or refer to others")
struct SourceFileTests {
    private func raster(_ options: [String], rows: Int = 256) throws -> String {
        let samples = (0..<(512 * rows)).map { Int16(truncatingIfNeeded: $0 &* 7919) }
        return try TestRaster(
            [samples], .int16, columns: 512, rows: rows, options: options,
            transform: [-180, 360.0 / 512, 0, 90, 0, -180.0 / Double(rows)]
        ).path
    }

    private func cut(_ path: String, by bytes: Int) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let size = try file.seekToEnd()
        try file.truncate(atOffset: size - UInt64(bytes))
        try file.close()
    }

    @Test("A GeoTIFF that ends too early is refused when it is opened", arguments: [1, 1000, 50_000])
    func truncated(bytes: Int) throws {
        let arrangements = [
            [], ["TILED=YES"], ["COMPRESS=DEFLATE"], ["TILED=YES", "COMPRESS=DEFLATE"], ["BLOCKYSIZE=256"],
        ]
        for options in arrangements {
            let path = try raster(options)
            #expect(throws: Never.self) { try TestRaster.source(path) }
            try cut(path, by: bytes)
            let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
            let refusal = TestRaster.refusal(path)
            #expect(refusal.contains("the file ends at byte \(size), but block"), "\(options): \(refusal)")
            #expect(refusal.contains("truncated; fetch it again"))
        }
    }

    @Test("Blocks that were never written are no fault")
    func sparse() throws {
        let path = try Scratch.folder().appendingPathComponent("sparse.tif").path
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: 100_000, height: 50_000, bands: 1, type: .int16,
            options: ["TILED=YES", "SPARSE_OK=TRUE", "BIGTIFF=YES"],
            geoTransform: [-180, 360.0 / 100_000, 0, 90, 0, -180.0 / 50_000], crs: TestRaster.mars)
        try writer.close()
        let source = try TestRaster.source(path)
        #expect(source.fileColumns == 100_000)
        #expect(source.decodedBytes == 10_000_000_000)
    }

    @Test("Holes are no data where that is what they would be read as", arguments: [-7.0, nil])
    func holes(noData: Double?) throws {
        let path = try Scratch.folder().appendingPathComponent("holes.tif").path
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: 1024, height: 512, bands: 1, type: .int16,
            options: ["TILED=YES", "SPARSE_OK=TRUE"],
            geoTransform: [-180, 360.0 / 1024, 0, 90, 0, -180.0 / 512], crs: TestRaster.mars)
        if let noData { try writer.setNoData(noData, band: 1) }
        let block = (0..<65536).map { Int16($0 % 1000 + 1) }
        try block.withUnsafeBytes {
            try writer.write(
                band: 1, window: PixelWindow(column: 256, row: 256, width: 256, height: 256), from: $0,
                type: .int16)
        }
        try writer.close()
        let source = try TestRaster.source(path)
        #expect(source.storage.hasHoles == (noData != nil))
        let outside = noData == nil ? Int16(0) : nil
        let window = try source.window(Int16.self, columns: 250..<600, rows: 200..<512)
        for (i, sample) in window.enumerated() {
            let (column, row) = (250 + i % 350, 200 + i / 350)
            let inside = (256..<512).contains(column) && row >= 256
            #expect(sample == (inside ? block[(row - 256) * 256 + column - 256] : outside))
        }
        let found = try #require(try source.statistics(quantiles: (0, 1)))
        #expect(found.minimum == (noData == nil ? 0 : 1) && found.maximum == 1000)
        // The block reaches from the equator to the pole and over a quarter of the turn.
        #expect(abs(found.validFraction - (noData == nil ? 1 : 0.125)) < 1e-9)
        // With another nodata value in the survey, holes hold the file's.
        let other = try TestRaster.source(path, SourceDeclaration(noData: .some(1)))
        #expect(!other.storage.hasHoles)
    }

    @Test("Size, time and header tell files apart")
    func identities() throws {
        let path = try raster([])
        let first = try SourceIdentity(path: path)
        #expect(try SourceIdentity(path: path) == first)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(first.size == attributes[.size] as? Int)
        let date = try #require(attributes[.modificationDate] as? Date)
        #expect(abs(Double(first.modifiedNanoseconds) / 1e9 - date.timeIntervalSince1970) < 1e-3)
        #expect(try TestRaster.source(path).identity == first)

        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[60_000] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        let second = try SourceIdentity(path: path)
        #expect(second.size == first.size && second.headerChecksum != first.headerChecksum)
        #expect(throws: RasterError.self) { try SourceIdentity(path: path + ".gone") }
    }

    @Test("A virtual raster is read, and changes with the files that it is made of")
    func virtualRasters() throws {
        let path = try raster(["TILED=YES"])
        let virtual = try Scratch.folder().appendingPathComponent("map.vrt").path
        let text = """
            <VRTDataset rasterXSize="512" rasterYSize="256">
              <SRS>IAU_2015:49900</SRS>
              <GeoTransform>-180, 0.703125, 0, 90, 0, -0.703125</GeoTransform>
              <VRTRasterBand dataType="Int16" band="1">
                <SimpleSource><SourceFilename>\(path)</SourceFilename><SourceBand>1</SourceBand></SimpleSource>
              </VRTRasterBand>
            </VRTDataset>
            """
        try text.write(toFile: virtual, atomically: true, encoding: .utf8)
        let source = try TestRaster.source(virtual)
        #expect(source.driver == "VRT")
        #expect(source.layout(for: ReadingLimits(cacheBytes: 16 << 20, readers: 2)) == .direct)
        let whole = try source.all(Int16.self)
        #expect(whole[70_000] == Int16(truncatingIfNeeded: 70_000 &* 7919))
        let before = try SourceIdentity(path: virtual)
        #expect(before == source.identity)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: path)
        #expect(try SourceIdentity(path: virtual) != before)
    }

    @Test("A file in an archive is read")
    func archives() throws {
        let path = try raster([])
        let packed = try Scratch.folder().appendingPathComponent("map.tif.gz").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "gzip -c '\(path)' > '\(packed)'"]
        try process.run()
        process.waitUntilExit()
        let source = try TestRaster.source("/vsigzip/" + packed)
        #expect(source.identity.size == (try SourceIdentity(path: path)).size)
        #expect(try source.all(Int16.self) == TestRaster.source(path).all(Int16.self))
    }

    @Test(
        "Numbers of a geotransform that are none are refused", arguments: [Double.nan, .infinity, -.infinity])
    func geotransforms(number: Double) throws {
        for position in 0..<6 {
            var transform = TestRaster.global
            transform[position] = number
            let raster = try TestRaster(
                [[UInt8](repeating: 1, count: 32)], .uint8, columns: 8, rows: 4, transform: transform)
            let refusal = raster.refusal()
            #expect(refusal.contains("geo"), "\(transform): \(refusal)")
        }
    }
}
