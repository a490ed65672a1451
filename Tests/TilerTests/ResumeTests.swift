import Foundation
import HEALPix
import HiPS
import PlanetaryFrames
import Rasters
import Storage
import Testing
import Tiles

@testable import Tiler

/// Builds that end before their time, and those that go on with them.
@Suite struct ResumeTests {
    private let scratch: Scratch
    private let request: BuildRequest
    private var data: DataDirectory { DataDirectory(path: scratch.file("data")) }

    init() throws {
        scratch = try Scratch()
        let path = scratch.file("map.tif")
        var raster = TestRaster(columns: 50, rows: 30, west: 70, north: 15)
        raster.noData = -1
        // No data in the west of the south: units without tiles are finished too.
        try raster.write(to: path) { $0 < 15 && $1 > 15 ? -1 : 100 * noise($0, $1) }
        var request = BuildRequest(source: path)
        request.order = 2
        request.formats = [.fits]
        request.cut = (0, 100)
        self.request = request
    }

    private func build(
        _ request: BuildRequest, filesLeft: Int = .max, jobs: Int = 2, force: Bool = false,
        data: DataDirectory? = nil
    ) async throws -> BuildReport {
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        let target = FailingTarget(data ?? self.data, filesLeft: filesLeft)
        var builder = HiPSBuilder(plan, data: target, version: "1.2.3")
        builder.patience = .seconds(86_400)
        return try await builder.build(jobs: jobs, force: force)
    }

    /// All files but what tells the time.
    private func files(_ report: BuildReport) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in Scratch.files(below: report.path) where name != "index.html" {
            var bytes = try Scratch.bytes(report.path + "/" + name)
            if name == "properties" {
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                bytes = Array(lines.filter { !$0.contains("_date") }.joined(separator: "\n").utf8)
            }
            files[name] = bytes
        }
        return files
    }

    private var partial: String { scratch.file("data/hips/mars/.map.partial") }

    @Test func interruptedBuildsEndWithTheSameBytes() async throws {
        let whole = try await build(request, data: DataDirectory(path: scratch.file("reference")))
        let expected = try files(whole)
        let tiles = whole.statistics?.tiles.reduce(0, +) ?? 0
        #expect(tiles > 15)
        var resumed: [Int] = []
        for filesLeft in [0, 2, tiles, tiles + 8] {
            let error = await #expect(throws: TilerError.self) {
                try await build(request, filesLeft: filesLeft)
            }
            #expect(error?.description.contains("the disk of this test is full") == true)
            #expect(try data.maps().isEmpty, "nothing half-made is published")
            let report = try await build(request, jobs: filesLeft % 2 + 1)
            let isSame = try files(report) == expected
            #expect(isSame, "after \(filesLeft) files")
            resumed.append(report.statistics?.resumedTiles ?? -1)
            #expect(report.statistics?.tiles == whole.statistics?.tiles)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: scratch.file("data/hips/mars")) == ["map"]
            )
            try data.remove(MapName(body: "mars", name: "map"))
        }
        #expect(resumed == resumed.sorted())
        #expect(resumed[0] == 0)
        #expect(resumed[3] > 0, "\(resumed) of \(tiles)")
    }

    @Test func manyInterruptionsAddUp() async throws {
        let whole = try await build(request, data: DataDirectory(path: scratch.file("reference")))
        var interruptions = 0
        var last: BuildReport?
        while last == nil, interruptions < 20 {
            do {
                last = try await build(request, filesLeft: 26, jobs: 1)
            } catch is TilerError {
                interruptions += 1
            }
        }
        let report = try #require(last, "no headway")
        #expect(interruptions > 0)
        let isSame = try files(report) == files(whole)
        #expect(isSame)
    }

    @Test func otherBuildsAreRefused() async throws {
        func interrupt() async { _ = try? await build(request, filesLeft: 20) }
        await interrupt()
        var other = request
        other.title = "Another title"
        var message = await #expect(throws: TilerError.self) { try await build(other) }?.description ?? ""
        #expect(
            message.contains(".map.partial") && message.contains("Another title")
                && message.contains("--force"))
        other = request
        other.formats = [.png, .jpeg]
        message = await #expect(throws: TilerError.self) { try await build(other) }?.description ?? ""
        #expect(message.contains("formats was"))
        #expect(FileManager.default.fileExists(atPath: partial), "what is refused is not touched")
        let forced = try await build(other, force: true)
        #expect(forced.statistics?.resumedTiles == 0)
        #expect(!Scratch.files(below: forced.path).contains { $0.hasSuffix(".fits") && $0 != "Moc.fits" })
        await interrupt()
        // The same size and another time.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: request.source)
        message = await #expect(throws: TilerError.self) { try await build(request) }?.description ?? ""
        #expect(message.contains("time of the source was"))
    }

    @Test func damagedCheckpointsAreNotTrusted() async throws {
        let whole = try await build(request, data: DataDirectory(path: scratch.file("reference")))
        for damage in ["cut", "flip", "empty"] {
            _ = try? await build(request, filesLeft: 20)
            let folder = partial + "/checkpoints"
            let states = Scratch.files(below: folder).filter { $0.hasSuffix(".state") }
            #expect(states.count > 0)
            for name in states {
                var bytes = try Scratch.bytes(folder + "/" + name)
                switch damage {
                case "cut": bytes.removeLast(9)
                case "flip": bytes[bytes.count / 2] ^= 1
                default: bytes = []
                }
                try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
            }
            let report = try await build(request)
            #expect(report.statistics?.resumedTiles == 0)
            let isSame = try files(report) == files(whole)
            #expect(isSame, "\(damage)")
            try data.remove(MapName(body: "mars", name: "map"))
        }
    }

    @Test func rootsThatChangedGiveNoParents() throws {
        let folder = FolderStore(root: scratch.file("checkpoints"))
        let plan = PreviewPlan(
            centre: Direction(lonRad: 0, latRad: 0), fieldDegrees: 90, leafOrder: Order(2)!)
        let empty = WorkerOutput<Int16>(leafOrder: Order(2)!, preview: plan)
        let cell = try #require(Cell(order: 1, npix: 20))
        var samples = (0..<4096).map { Int16(truncatingIfNeeded: $0 &* 31) }
        let store = CheckpointStore(folder, synchronise: nil) {}
        var output = empty
        output.statistics.tiles = [0, 1, 4]
        output.statistics.cover(5..<9)
        try store.save(&samples, count: 4096, of: cell, valid: 77, output)
        var loaded = [Int16](repeating: 0, count: 4096)
        #expect(try store.load(into: &loaded, count: 4096, of: cell, empty: empty) == 77)
        #expect(loaded == samples)
        let later = CheckpointStore(folder, synchronise: nil) {}
        #expect(try later.resume() == 1)
        let taken = try #require(try later.take(cell, empty: empty))
        #expect(taken.output.statistics == output.statistics)
        #expect(try later.take(cell, empty: empty) == nil, "a subtree is taken over once")
        let other = try #require(Cell(order: 1, npix: 21))
        try folder.write(try #require(try folder.read("1-20.state", atMost: 1 << 20)), to: "1-21.state")
        #expect(try later.resume() == 2)
        #expect(try later.take(other, empty: empty) == nil, "a checkpoint under another's name is none")
        for damage in 0..<3 {
            var bytes = try #require(try folder.read("1-20.raw", atMost: 1 << 20))
            switch damage {
            case 0: bytes[1000] ^= 1
            case 1: bytes.removeLast(2)
            default: try folder.remove("1-20.raw")
            }
            if damage < 2 { try folder.write(bytes, to: "1-20.raw") }
            let error = #expect(throws: TilerError.self) {
                try store.load(into: &loaded, count: 4096, of: cell, empty: empty)
            }
            let message = error?.description ?? ""
            #expect(message.contains("1-20.raw") && message.contains("--force"))
        }
    }

    @Test func afterAFailureOfPowerOnlyWhatWasOnTheDiskCounts() async throws {
        _ = try? await build(request, filesLeft: 20)
        let folder = partial + "/checkpoints"
        try Data("another start of the system\n".utf8).write(to: URL(fileURLWithPath: folder + "/boot"))
        let states = Scratch.files(below: folder).filter { $0.hasSuffix(".state") }
        // One of them is older than the last wait for the disk.
        let largest = try states.max {
            try Scratch.bytes(folder + "/" + $0).count < Scratch.bytes(folder + "/" + $1).count
        }
        for name in [try #require(largest)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: folder + "/" + name
            )
        }
        try Data("1000000500000000".utf8).write(to: URL(fileURLWithPath: folder + "/durable"))
        let report = try await build(request)
        let resumed = report.statistics?.resumedTiles ?? 0
        #expect(resumed > 0 && resumed < 30)
    }

    @Test func aBuildThatIsStoppedSaysSo() async throws {
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        let builder = HiPSBuilder(plan, data: data, version: "1.2.3")
        let task = Task { try await builder.build(jobs: 1, force: false) }
        task.cancel()
        let error = await #expect(throws: TilerError.self) { try await task.value }
        #expect(error?.description.contains("goes on") == true)
        #expect(try data.maps().isEmpty)
    }

    @Test func aSourceThatCannotBeReadLeavesNothing() async throws {
        // A PNG that ends too early is found out in the middle.
        let path = scratch.file("map.png")
        let pixels = (0..<(512 * 256)).map { UInt8(255 * noise($0, 1)) }
        let picture = try PictureEncoder().encode(
            pixels.span, width: 512, height: 256, channels: 1, format: .png)
        try Data(picture.prefix(picture.count / 2)).write(to: URL(fileURLWithPath: path))
        var request = BuildRequest(source: path)
        request.declaration.body = try BodyCatalogue.iau2015().body(named: "Mars")
        request.declaration.extent = .init(west: -180, south: -90, east: 180, north: 90)
        let error = await #expect(throws: TilerError.self) { try await build(request) }
        #expect(error?.description.contains("map.png") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("data/hips/mars")))
    }
}
