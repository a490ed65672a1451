import HiPS
import PlanetaryFrames
import Synchronization
import Testing
import Tiler
import Tiles

@Suite struct ProgressTests {
    @Test func progressEndsWithEveryLeaf() async throws {
        let scratch = try Scratch()
        let path = scratch.file("region.tif")
        try Tables.region("across-180").raster.write(to: path) { noise($0, $1) }
        var request = BuildRequest(source: path)
        request.order = 2
        request.formats = [.fits]
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        let builder = HiPSBuilder(plan, data: DataDirectory(path: scratch.path), version: "1")
        let told = Mutex<[BuildProgress]>([])
        _ = try await builder.build(jobs: 2, force: false) { progress in told.withLock { $0.append(progress) }
        }
        let last = try #require(told.withLock { $0.last })
        #expect(last.finished == last.total)
        #expect(last.total == plan.tiles.tileCounts().last)
        #expect(last.secondsLeft == 0)
    }
}
