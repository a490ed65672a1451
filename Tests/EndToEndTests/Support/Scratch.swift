import Foundation
import GDAL

/// A working directory for one test, removed with all that is in it when the test lets go of it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "tessera-run-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    }

    /// Names of all files below a folder, empty when there is none.
    func files(below name: String) -> [String] {
        FileManager.default.enumerator(atPath: file(name))?.compactMap { $0 as? String }.sorted() ?? []
    }

    /// Writes a GeoTIFF of heights of Mars: 26 x 26 samples of half a degree around 100 E 20 N, in `name`.
    func writeRaster(
        _ name: String, crs: String? = "IAU_2015:49900", type: SampleType = .int16, bands: Int = 1,
        noData: Double? = nil, geoTransform: [Double]? = [93.5, 0.5, 0, 26.5, 0, -0.5],
        value: (Int, Int) -> Double = { Double(10 * $0 + $1) }
    ) throws {
        let side = 26
        let writer = try RasterWriter(
            creating: file(name), driver: "GTiff", width: side, height: side, bands: bands, type: type,
            geoTransform: geoTransform, crs: crs)
        var samples: [Double] = []
        for row in 0..<side {
            for column in 0..<side { samples.append(value(column, row)) }
        }
        for band in 1...bands {
            if let noData { try writer.setNoData(noData, band: band) }
            try samples.withUnsafeBytes {
                try writer.write(
                    band: band, window: PixelWindow(column: 0, row: 0, width: side, height: side), from: $0,
                    type: .float64)
            }
        }
        try writer.close()
    }
}

/// The folder of the maps that come with the product.
let surveys = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("surveys").path
