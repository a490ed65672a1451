import Foundation
import HEALPix
import HiPS
import Pixels
import Testing
import Tiler
import Tiles

/// Each interpolation against its formula, written down once more here, on samples without any pattern.
@Suite struct ResamplingTests {
    private static let raster = TestRaster(
        columns: 75, rows: 45, west: 140, north: 40, lonStep: 1, latStep: 1)

    private func build(
        _ resampling: Resampling, _ scratch: Scratch, _ value: (Int, Int) -> Double
    ) async throws -> BuiltMap {
        let path = scratch.file("noise.tif")
        try Self.raster.write(to: path, value)
        var request = BuildRequest(source: path)
        request.order = 1
        request.formats = [.fits]
        request.resampling = resampling
        return try await BuiltMap(request, in: scratch)
    }

    /// Calls back with every tabled pixel at least `border` samples inside the raster: its value, its column and
    /// its row, 0 at the centre of the first.
    private func visit(_ map: BuiltMap, border: Double, _ body: (Double, Double, Double) -> Void) throws {
        let raster = Self.raster
        var visited = 0
        for npix in map.tiles(order: 1) {
            let tile = try map.fits(order: 1, npix: npix)
            for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
                let column = (pixel.lon - raster.west) / raster.lonStep - 0.5
                let row = (raster.north - pixel.lat) / raster.latStep - 0.5
                guard column > border, column < Double(raster.columns - 1) - border, row > border,
                    row < Double(raster.rows - 1) - border
                else { continue }
                visited += 1
                body(tile[pixel.row, pixel.column], column, row)
            }
        }
        #expect(visited > 100)
    }

    private func weighted(
        _ column: Double, _ row: Double, reach: Int, _ weight: (Double) -> Double,
        _ value: (Int, Int) -> Double
    ) -> Double {
        var (sum, weights) = (0.0, 0.0)
        for r in (Int(row.rounded(.down)) + 1 - reach)...(Int(row.rounded(.down)) + reach) {
            for c in (Int(column.rounded(.down)) + 1 - reach)...(Int(column.rounded(.down)) + reach) {
                let w = weight(column - Double(c)) * weight(row - Double(r))
                let v = value(c, r)
                guard !v.isNaN, w != 0 else { continue }
                sum += w * v
                weights += w
            }
        }
        return weights > 0 ? sum / weights : .nan
    }

    private static func value(_ column: Int, _ row: Int) -> Double {
        Double(Float(1000 * noise(column, row)))
    }

    @Test func bilinear() async throws {
        let map = try await build(.at(.bilinear), Scratch(), Self.value)
        try visit(map, border: 0) { found, column, row in
            let truth = weighted(column, row, reach: 1, { 1 - abs($0) }, Self.value)
            #expect(abs(found - truth) < 1e-3)
        }
    }

    @Test func nearest() async throws {
        let map = try await build(.at(.nearest), Scratch(), Self.value)
        try visit(map, border: 0) { found, column, row in
            #expect(found == Self.value(Int(column.rounded()), Int(row.rounded())))
        }
    }

    /// Keys (1981), equation 15, with a = -1/2.
    @Test func bicubic() async throws {
        let map = try await build(.at(.bicubic), Scratch(), Self.value)
        func weight(_ t: Double) -> Double {
            let s = abs(t)
            if s < 1 { return 1.5 * s * s * s - 2.5 * s * s + 1 }
            return s < 2 ? -0.5 * s * s * s + 2.5 * s * s - 4 * s + 2 : 0
        }
        try visit(map, border: 2) { found, column, row in
            #expect(abs(found - weighted(column, row, reach: 2, weight, Self.value)) < 1e-3)
        }
    }

    @Test func lanczos() async throws {
        let map = try await build(.at(.lanczos), Scratch(), Self.value)
        func sinc(_ t: Double) -> Double { t == 0 ? 1 : sin(.pi * t) / (.pi * t) }
        try visit(map, border: 3) { found, column, row in
            let truth = weighted(
                column, row, reach: 3, { abs($0) < 3 ? sinc($0) * sinc($0 / 3) : 0 }, Self.value)
            #expect(abs(found - truth) < 1e-2)
        }
    }

    @Test(arguments: [Resampling.at(.bilinear), .at(.nearest)])
    func invalidNeighboursAreWeightedOut(_ resampling: Resampling) async throws {
        func value(_ column: Int, _ row: Int) -> Double {
            // Single holes, and a square of them.
            noise(column, row, seed: 1) < 0.2 || (25...55 ~= column && 12...30 ~= row)
                ? .nan : Self.value(column, row)
        }
        let map = try await build(resampling, Scratch(), value)
        var blanks = 0
        try visit(map, border: 0) { found, column, row in
            let truth =
                resampling == .at(.nearest)
                ? value(Int(column.rounded()), Int(row.rounded()))
                : weighted(column, row, reach: 1, { 1 - abs($0) }, value)
            #expect(found.isNaN == truth.isNaN)
            if truth.isNaN { blanks += 1 } else { #expect(abs(found - truth) < 1e-3) }
        }
        #expect(blanks > 5)
    }

    @Test(arguments: [Interpolation.bicubic, .lanczos])
    func wideKernelsStayInTheRangeNearHoles(_ interpolation: Interpolation) async throws {
        // Of a constant with holes nothing but the constant can come.
        let map = try await build(.at(interpolation), Scratch()) { noise($0, $1) < 0.3 ? .nan : 7 }
        for npix in map.tiles(order: 1) {
            let tile = try map.fits(order: 1, npix: npix)
            #expect(tile.values.allSatisfy { $0.isNaN || abs($0 - 7) < 1e-5 })
        }
        let range = try #require(try map.properties().dataRange)
        #expect(abs(range.low - 7) < 1e-5 && abs(range.high - 7) < 1e-5)
    }
}
