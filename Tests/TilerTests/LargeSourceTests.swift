import GDAL
import HEALPix
import HiPS
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// Sources larger than memory, and small ones deep in the pyramid.
@Suite struct LargeSourceTests {
    private func plan(
        _ raster: TestRaster, order: Int? = nil, limits: BuildLimits = BuildLimits(jobs: 2)
    ) throws -> HiPSPlan {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        try raster.writeSparse(to: path)
        var request = BuildRequest(source: path)
        request.order = order
        return try HiPSPlan(request, catalogue: .iau2015(), readsRange: false, limits: limits)
    }

    /// 10 km x 20 km of Mars at half a metre, on the equator, where the source's pixels and the tiles' have the same shape.
    private func strip(columns: Int = 20_000, rows: Int = 40_000) -> TestRaster {
        let step = 0.5 / 3_396_190 * 180 / Double.pi
        return TestRaster(
            columns: columns, rows: rows, west: 137.3, north: Double(rows) * step / 2, lonStep: step,
            latStep: step,
            type: .uint8, noData: 0)
    }

    @Test func costFollowsTheCoverage() throws {
        let raster = strip()
        let clock = ContinuousClock()
        var found: HiPSPlan?
        let time = try clock.measure { found = try self.plan(raster) }
        let plan = try #require(found)
        #expect(plan.tiles.leafOrder.value == 14)
        // Tiles have the same area everywhere: 512 x 512 pixels of a square of `pixelDegrees`.
        let side = TilePlan.pixelDegrees(order: 14) * 512
        let area = 20_000 * 40_000 * raster.lonStep * raster.latStep
        let border = 2 * (20_000 + 40_000) * raster.lonStep
        let least = area / (side * side)
        let leaves = try #require(plan.tileCounts.last)
        // A cell stands on its corner: as wide and as high as 1.5 of its sides.
        #expect(Double(leaves) >= least && Double(leaves) <= least + 1.5 * border / side + 8)
        // No order has more than a third of the next one, but for the few tiles around each.
        #expect(plan.tileCounts.reduce(0, +) < leaves * 3 / 2 + 14 * 8)
        #expect(plan.tileCounts.prefix(8).allSatisfy { $0 <= 6 })
        #expect(time < .seconds(60))
    }

    @Test func smallRegionsAreSharedByTheWorkers() throws {
        let plan = try plan(strip())
        let units = plan.tiles.cells(at: plan.tiles.unitOrder).count
        #expect(units >= 64 && units < 512, "\(units) units at order \(plan.tiles.unitOrder)")
        #expect(plan.tiles.unitOrder <= plan.tiles.windowOrder)
        #expect(plan.tiles.unitOrder.value <= plan.tiles.leafOrder.value - 2)
    }

    @Test func aPieceOfAStripIsBuiltWithFewTiles() async throws {
        let scratch = try Scratch()
        let path = scratch.file("strip.tif")
        var raster = strip(columns: 600, rows: 1200)
        raster.options = ["BLOCKYSIZE=1"]
        try raster.write(to: path) { column, row in Double(1 + (column + row) % 250) }
        var request = BuildRequest(source: path)
        request.formats = [.fits]
        let map = try await BuiltMap(request, in: scratch)
        let tiles = try #require(map.report.statistics?.tiles)
        #expect(tiles.count == 15)
        #expect(tiles.allSatisfy { $0 >= 1 } && tiles[14] <= 30 && tiles.reduce(0, +) < 100, "\(tiles)")
    }

    @Test func memoryIsDividedAndJobsAreLetGoOfFirst() throws {
        var raster = TestRaster(columns: 65536, rows: 32768, type: .int16)
        raster.lonStep = 360 / 65536.0
        raster.latStep = raster.lonStep
        func memory(_ megabytes: Int, jobs: Int) throws -> MemoryPlan {
            try plan(raster, limits: BuildLimits(memory: megabytes * 1_000_000, jobs: jobs)).memory
        }
        let usual = try memory(600, jobs: 2)
        #expect(usual.jobs == 2 && usual.windowBytes == 24_000_000)
        let many = try memory(600, jobs: 64)
        #expect(many.jobs < 64 && many.jobs > 8)
        for plan in [usual, many, try memory(300, jobs: 4), try memory(150, jobs: 4)] {
            #expect(plan.cacheBytes + plan.jobs * plan.windowBytes + 70_000_000 <= plan.budget)
            #expect(plan.cacheBytes >= 16_000_000 && plan.windowBytes >= 3_000_000)
        }
        let refusal = #expect(throws: TilerError.self) { try memory(80, jobs: 4) }
        let text = try #require(refusal).description
        #expect(text.contains("memory: 80 MB are allowed, but") && text.contains("needs at least"))
        // With what it asks for, it is content.
        let least = try #require(text.split(separator: " ").compactMap { Int($0) }.last)
        #expect(try memory(least, jobs: 4).jobs == 1)
    }

    @Test func aCompressedStripedSourceIsBuiltFromACopy() async throws {
        let scratch = try Scratch()
        var raster = TestRaster(columns: 2400, rows: 1200, lonStep: 0.15, latStep: 0.15, type: .int16)
        var maps: [[String: [UInt8]]] = []
        for options in [[], ["COMPRESS=DEFLATE"]] {
            let folder = try Scratch()
            let path = folder.file("map.tif")
            raster.options = options
            try raster.write(to: path) { column, row in Double((column * 31 + row * 17) % 4001 - 2000) }
            var request = BuildRequest(source: path)
            request.formats = [.fits]
            request.order = 1
            let spool = scratch.file("spool")
            let plan = try HiPSPlan(
                request, catalogue: .iau2015(), limits: BuildLimits(memory: 130_000_000, jobs: 2),
                spool: SpoolPlace(folder: spool))
            #expect((plan.source.readPath == path) == options.isEmpty)
            #expect(Scratch.files(below: spool).isEmpty == options.isEmpty)
            let builder = HiPSBuilder(plan, data: DataDirectory(path: folder.file("data")), version: "1")
            let report = try await builder.build(jobs: plan.memory.jobs, force: false)
            plan.removeSpool()
            #expect(Scratch.files(below: spool).isEmpty)
            var tiles: [String: [UInt8]] = [:]
            for name in Scratch.files(below: report.path) where name.contains("Npix") {
                tiles[name] = try Scratch.bytes(report.path + "/" + name)
            }
            maps.append(tiles)
        }
        #expect(maps[0].count == 60)
        #expect(maps[0] == maps[1])
    }
}
