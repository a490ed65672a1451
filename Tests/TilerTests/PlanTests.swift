import Foundation
import GDAL
import HEALPix
import PlanetaryFrames
import Rasters
import Testing

@testable import Tiler

@Suite struct PlanTests {
    private func plan(_ raster: TestRaster, order: Int? = nil) throws -> HiPSPlan {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        try raster.writeSparse(to: path)
        var request = BuildRequest(source: path)
        request.order = order
        return try HiPSPlan(request, catalogue: .iau2015(), readsRange: false)
    }

    /// A pixel of order k is sqrt(pi / 3) rad / (512 * 2^k) wide: 0.0572574, 0.0286287, 0.0143143, 0.0071572,
    /// 0.0035786 degrees at orders 1 to 5. It may be 10 % larger than the source's.
    @Test(arguments: [
        (64, 1), (1440, 1), (6912, 1), (6920, 2), (8192, 2), (13828, 2), (13836, 3), (16384, 3), (23040, 3),
        (46080, 4), (106694, 5),
    ]) func leavesFollowTheResolution(columns: Int, order: Int) throws {
        var raster = TestRaster(columns: columns, rows: columns / 2)
        raster.type = .int16
        raster.lonStep = 360 / Double(columns)
        raster.latStep = raster.lonStep
        #expect(try plan(raster).tiles.leafOrder.value == order)
    }

    @Test func heightsOfTheWholeOfMarsNeedSmallWindows() throws {
        // The grid of the 200 m HRSC-MOLA map: 0.46 pixel short of 360 degrees.
        let step = 0.003374120830641
        let raster = TestRaster(
            columns: 106694, rows: 53347, west: -180, north: 90, lonStep: step, latStep: step, type: .int16)
        let plan = try plan(raster)
        #expect(plan.tiles.leafOrder.value == 5)
        #expect(plan.tiles.tileCounts() == [12, 48, 192, 768, 3072, 12288])
        let side = 90 / Double(1 << plan.tiles.windowOrder.value) / step
        #expect(side * side * 2 < 32_000_000, "a window of a worker is \(side) samples wide")
        #expect(plan.tiles.windowOrder >= plan.tiles.unitOrder)
        #expect(abs(plan.source.lattice.seamGapPixels - 0.46) < 1e-6)
    }

    @Test func smallSourcesAreReadInFewWindows() throws {
        let plan = try plan(TestRaster(columns: 1440, rows: 720, lonStep: 0.25, latStep: 0.25), order: 5)
        #expect(plan.tiles.windowOrder.value == 3)
        #expect(plan.tiles.unitOrder.value == 3)
    }

    @Test(arguments: Tables.regions) func tilesOfARegion(_ region: Tables.Region) throws {
        let plan = try plan(region.raster, order: 1)
        let cells = plan.tiles.cells(at: Order(1)!)
        #expect(Set(cells.map(\.npix)).isSuperset(of: region.pixels.keys))
        // Only bounds are compared, so a tile that is met at a corner of its bounds is looked at in vain.
        #expect(cells.count <= region.pixels.count + 4)
        let counts = plan.tiles.tileCounts()
        #expect(counts.count == 2)
        #expect(counts[1] == cells.count)
        #expect(Set(cells.map { $0.npix >> 2 }).count <= counts[0])
    }

    @Test func cutsAreSharesOfTheAreaNotOfThePixels() throws {
        let scratch = try Scratch()
        let path = scratch.file("sine.tif")
        // The sine of latitude is uniform over the sphere (Archimedes), so its quantiles are known.
        let raster = TestRaster(columns: 36, rows: 1800, lonStep: 10, latStep: 0.1)
        try raster.write(to: path) { _, row in 1000 * sin(raster.lat(row) * .pi / 180) }
        let plan = try HiPSPlan(BuildRequest(source: path), catalogue: .iau2015())
        let cut = try #require(plan.cut)
        #expect(abs(cut.low + 990) < 1)
        #expect(abs(cut.high - 990) < 1)
        let statistics = try #require(plan.statistics)
        #expect(statistics.minimum == Double(Float(1000 * sin(-89.95 * Double.pi / 180))))
        #expect(statistics.maximum == Double(Float(1000 * sin(89.95 * Double.pi / 180))))

        var given = BuildRequest(source: path)
        given.cut = (-5, 5)
        let skipped = try HiPSPlan(given, catalogue: .iau2015())
        #expect(skipped.statistics == nil)
        #expect(skipped.cut.map { [$0.low, $0.high] } == [-5, 5])
    }
}
