import GDAL
import HiPS
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// Builds whose nodata rule needs a mask of the whole image.
@Suite struct MaskedBuildTests {
    private let scratch: Scratch
    private let request: BuildRequest

    init() throws {
        scratch = try Scratch()
        let path = scratch.file("map.tif")
        var raster = TestRaster(columns: 50, rows: 30, west: 70, north: 15)
        raster.type = .int16
        // A collar of zeros, and a shadow of zeros inside.
        try raster.write(to: path) { column, row in
            let isCollar = column < 8 || row < 4 || (column > 40 && noise(column, row) < 0.5)
            let isShadow = (20..<26).contains(column) && (12..<17).contains(row)
            return isCollar || isShadow ? 0 : (100 + 800 * noise(column, row, seed: 3)).rounded()
        }
        var request = BuildRequest(source: path)
        request.order = 2
        request.formats = [.fits]
        request.declaration.noDataRule = NoDataRule(values: [0], isEdgeConnected: true, erodePixels: 1)
        self.request = request
    }

    private func build(_ data: String, jobs: Int, filesLeft: Int = .max) async throws -> BuiltFiles {
        let plan = try HiPSPlan(
            request, catalogue: .iau2015(), spool: SpoolPlace(folder: scratch.file("\(data).spool")))
        #expect(!plan.source.needsMask)
        let directory = DataDirectory(path: scratch.file(data))
        var builder = HiPSBuilder(
            plan, data: FailingTarget(directory, filesLeft: filesLeft), version: "1.2.3")
        builder.patience = .seconds(86_400)
        let report = try await builder.build(jobs: jobs, force: false)
        plan.removeSpool()
        #expect(!Scratch.files(below: scratch.file("\(data).spool")).contains { $0.hasSuffix(".bits") })
        return try BuiltFiles(report.path)
    }

    private struct BuiltFiles {
        var tiles: [String: [UInt8]] = [:]

        init(_ path: String) throws {
            for name in Scratch.files(below: path) where name != "properties" && name != "index.html" {
                tiles[name] = try Scratch.bytes(path + "/" + name)
            }
        }
    }

    @Test func sameBytesForAnyNumberOfWorkers() async throws {
        let one = try await build("one", jobs: 1)
        #expect(one.tiles.count > 10)
        for jobs in [2, 5] { #expect(try await build("many\(jobs)", jobs: jobs).tiles == one.tiles) }
    }

    @Test func interruptedBuildsEndWithTheSameBytes() async throws {
        let whole = try await build("whole", jobs: 2)
        for files in [3, 9, 20] {
            await #expect(throws: (any Error).self) {
                try await build("broken\(files)", jobs: 2, filesLeft: files)
            }
            #expect(try await build("broken\(files)", jobs: 1).tiles == whole.tiles)
        }
    }

    @Test func theRuleIsPartOfTheIdentity() throws {
        func identity(_ rule: NoDataRule?) throws -> BuildIdentity {
            var request = self.request
            request.declaration.noDataRule = rule
            return try HiPSPlan(request, catalogue: .iau2015(), readsRange: false).identity(version: "1")
        }
        let plain = try identity(nil)
        let edge = try identity(NoDataRule(values: [0], isEdgeConnected: true))
        let eroded = try identity(NoDataRule(values: [0], isEdgeConnected: true, erodePixels: 1))
        #expect(plain != edge && edge != eroded)
        #expect(edge.difference(from: plain)?.hasPrefix("samples was") == true)
    }

    @Test func shadowIsDataAndCollarIsNot() async throws {
        _ = try await build("seen", jobs: 2)
        let source = try HiPSPlan(
            request, catalogue: .iau2015(), spool: SpoolPlace(folder: scratch.file("look.spool"))
        ).source
        let statistics = try #require(try source.statistics())
        #expect(statistics.minimum == 0)
        #expect(statistics.validFraction < 0.8)
    }

    @Test func buildsWithoutTheMaskAreRefused() async throws {
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        let builder = HiPSBuilder(plan, data: DataDirectory(path: scratch.file("none")), version: "1.2.3")
        await #expect(throws: TilerError.self) { try await builder.build(jobs: 1, force: false) }
    }
}
