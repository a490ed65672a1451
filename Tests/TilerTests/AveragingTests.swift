import Foundation
import GDAL
import HEALPix
import HiPS
import Testing
import Tiler
import Tiles

/// `average` over sources finer than the pixels of the leaves.
@Suite struct AveragingTests {
    /// 5 samples a pixel of order 1, and in the middle of a tile's latitudes.
    private static let raster = TestRaster(
        columns: 900, rows: 900, west: 95, north: 24, lonStep: 0.01, latStep: 0.01)

    private func build(_ scratch: Scratch, _ value: (Int, Int) -> Double) async throws -> BuiltMap {
        let path = scratch.file("fine.tif")
        try Self.raster.write(to: path, value)
        var request = BuildRequest(source: path)
        request.order = 1
        request.formats = [.fits]
        request.resampling = .average
        return try await BuiltMap(request, in: scratch)
    }

    @Test func noiseIsAveragedAway() async throws {
        let map = try await build(Scratch()) { noise($0, $1) }
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        for npix in map.tiles(order: 1) {
            for value in try map.fits(order: 1, npix: npix).values where !value.isNaN {
                (sum, squares, count) = (sum + value, squares + value * value, count + 1)
            }
        }
        let mean = sum / count
        let deviation = (squares / count - mean * mean).squareRoot()
        // About 31 samples a pixel: the deviation of 0.289 falls to 0.052; a sample at the centre would keep 0.2.
        #expect(deviation > 0.035 && deviation < 0.075)
        // 810 000 samples: the mean is 0.5 within 0.0003, three times its own deviation is allowed.
        #expect(abs(mean - 0.5) < 1.5e-3)
        let pixels = 9 * 9.0 * cos(19.5 * .pi / 180) / pow(TilePlan.pixelDegrees(order: 1), 2)
        #expect(abs(count - pixels) < 0.02 * pixels)
    }

    @Test func theMeanOverAnAreaIsKept() async throws {
        let raster = Self.raster
        // A wave too fine for the pixels on a slope that is not.
        func value(_ column: Int, _ row: Int) -> Double {
            let wave = (column / 2 + row / 2) % 2 == 0 ? 50.0 : -50
            return 100 * raster.lat(row) + wave
        }
        let map = try await build(Scratch(), value)
        var (sum, count) = (0.0, 0.0)
        for npix in map.tiles(order: 1) {
            for value in try map.fits(order: 1, npix: npix).values where !value.isNaN {
                (sum, count) = (sum + value, count + 1)
            }
        }
        // Pixels have equal areas; rows of the source are weighted by the cosine of their latitude.
        var (truth, weights) = (0.0, 0.0)
        for row in 0..<raster.rows {
            let weight = cos(raster.lat(row) * .pi / 180)
            truth += weight * 100 * raster.lat(row)
            weights += weight
        }
        // Pixels that are cut by the border count whole: half a pixel of 0.057 degrees at 100 a degree, and less.
        #expect(abs(sum / count - truth / weights) < 0.5)
        // Away from the border each pixel is the slope at its centre, the wave gone but for a few samples' worth.
        for npix in map.tiles(order: 1) {
            let tile = try map.fits(order: 1, npix: npix)
            for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
                guard abs(pixel.lon - 99.5) < 4.4, abs(pixel.lat - 19.5) < 4.4 else { continue }
                #expect(abs(tile[pixel.row, pixel.column] - 100 * pixel.lat) < 12)
            }
        }
    }

    @Test func holesCountForNothing() async throws {
        let map = try await build(Scratch()) {
            (120..<180 ~= $0 && 120..<180 ~= $1) || ($0 + $1) % 3 == 0 ? .nan : 3
        }
        var values = 0
        for npix in map.tiles(order: 1) {
            for value in try map.fits(order: 1, npix: npix).values where !value.isNaN {
                values += 1
                if abs(value - 3) > 1e-6 { Issue.record("\(value)") }
            }
        }
        // The large hole is 0.6 degrees wide: about 90 pixels stay blank, those inside by more than a sample.
        let pixels = 9 * 9.0 * cos(19.5 * .pi / 180) / pow(TilePlan.pixelDegrees(order: 1), 2)
        #expect(Double(values) < pixels * 1.02 - 50)
        #expect(Double(values) > pixels * 0.98 - 130)
    }

    @Test func coarseSourcesAreInterpolated() async throws {
        let scratch = try Scratch()
        let path = scratch.file("coarse.tif")
        try Tables.region("across-180").raster.write(to: path) { noise($0, $1) }
        var request = BuildRequest(source: path)
        request.order = 1
        request.formats = [.fits]
        let bilinear = try await BuiltMap(request, in: scratch, data: "bilinear").timelessFiles()
        request.resampling = .average
        let average = try await BuiltMap(request, in: scratch, data: "average").timelessFiles()
        #expect(bilinear.keys.contains("Norder1/Dir0/Npix25.fits"))
        let isSame = bilinear == average
        #expect(isSame)
    }
}
