import Foundation
import GDAL
import HiPS
import PlanetaryFrames
import Rasters
import Synchronization
import Testing
import Tiler
import Tiles

/// When a map comes to be, is left alone, is refused, and is exchanged.
@Suite struct PublishingTests {
    private func write(_ path: String, value: Double, type: SampleType = .float32) throws {
        var raster = Tables.region("one-pixel").raster
        raster.type = type
        try raster.write(to: path) { _, _ in value }
    }

    @Test func mapsThatAreUpToDateAreLeftAlone() async throws {
        let scratch = try Scratch()
        let path = scratch.file("one.tif")
        try write(path, value: 1)
        var request = BuildRequest(source: path)
        let first = try await BuiltMap(request, in: scratch)
        #expect(!first.report.wasUpToDate)
        let again = try await BuiltMap(request, in: scratch, jobs: 2)
        #expect(again.report.wasUpToDate)
        #expect(again.report.statistics == nil)
        #expect(again.report.properties == first.report.properties)
        #expect(try await !BuiltMap(request, in: scratch, force: true).report.wasUpToDate)
        // Any change of what was asked for, or of the source, asks for a new build.
        request.title = "Another title"
        #expect(try await !BuiltMap(request, in: scratch).report.wasUpToDate)
        request.formats = [.fits]
        let fewer = try await BuiltMap(request, in: scratch)
        #expect(!fewer.report.wasUpToDate)
        #expect(fewer.tiles(order: 1, format: .png) == [], "nothing of the old map is left")
        try write(path, value: 2)
        let changed = try await BuiltMap(request, in: scratch)
        #expect(!changed.report.wasUpToDate)
        #expect(try changed.properties().dataRange?.high == 2)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.file("data/hips/mars")) == ["one"])
    }

    /// Where the source lies cannot be noted down: the map is good without.
    @Test func buildsDoNotFailForTheNoteOfTheirSource() async throws {
        let scratch = try Scratch()
        let path = scratch.file("one.tif")
        try write(path, value: 1)
        let folder = scratch.file("data/sources")
        try FileManager.default.createDirectory(
            atPath: scratch.file("data"), withIntermediateDirectories: true)
        try Data("in the way".utf8).write(to: URL(filePath: folder))
        let request = BuildRequest(source: path)
        let first = try await BuiltMap(request, in: scratch)
        #expect(!first.report.wasUpToDate && first.report.warning?.contains("source") == true)
        let build = try #require(try first.properties()["tessera_build_id"])
        try FileManager.default.removeItem(atPath: folder)
        let data = DataDirectory(path: scratch.file("data"))
        let map = first.report.map
        #expect(SourceNote.read(of: map, build: build, in: data) == nil)
        let second = try await BuiltMap(request, in: scratch)
        #expect(second.report.wasUpToDate && second.report.warning == nil)
        let note = try #require(SourceNote.read(of: map, build: build, in: data))
        #expect(note.path.hasSuffix("/one.tif"))
        // One that says the same stays the file that it is.
        func inode() throws -> Int {
            let path = folder + "/\(map.body)/\(map.name).json"
            return try #require(
                try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
        }
        let before = try inode()
        let third = try await BuiltMap(request, in: scratch)
        #expect(third.report.wasUpToDate && third.report.warning == nil)
        #expect(try inode() == before)
    }

    @Test func mapsOfOtherSourcesAreNotReplaced() async throws {
        let scratch = try Scratch()
        for name in ["one", "two"] { try write(scratch.file(name + ".tif"), value: 1) }
        var request = BuildRequest(source: scratch.file("one.tif"))
        request.name = "Shared Name"
        let first = try await BuiltMap(request, in: scratch)
        request.source = scratch.file("two.tif")
        let error = await #expect(throws: TilerError.self) { try await BuiltMap(request, in: scratch) }
        let message = error?.description ?? ""
        #expect(message.contains("one.tif") && message.contains("--force") && message.contains("shared-name"))
        #expect(try first.properties()["prov_progenitor"] == "one.tif")
        let forced = try await BuiltMap(request, in: scratch, force: true)
        #expect(try forced.properties()["prov_progenitor"] == "two.tif")
    }

    @Test func sourcesWithoutDataMakeNoMap() async throws {
        let scratch = try Scratch()
        let path = scratch.file("empty.tif")
        try write(path, value: .nan)
        let data = DataDirectory(path: scratch.file("data"))
        for cut in [nil, (0.0, 1.0)] {
            var request = BuildRequest(source: path)
            request.cut = cut
            let error = await #expect(throws: TilerError.self) { try await BuiltMap(request, in: scratch) }
            #expect(error?.description.contains(path) == true)
            #expect(error?.description.contains("no sample is valid") == true)
            #expect(try data.maps().isEmpty)
            #expect(
                !FileManager.default.fileExists(
                    atPath: data.path(of: try MapName(body: "mars", name: "empty"))))
        }
        // Bytes have no pass for their range that would find out.
        try write(path, value: 0, type: .uint8)
        var request = BuildRequest(source: path)
        request.declaration.noData = .some(0)
        await #expect(throws: TilerError.self) { try await BuiltMap(request, in: scratch) }
        #expect(try data.maps().isEmpty)
    }

    @Test func aFailedBuildLeavesTheOldMapAlone() async throws {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        try write(path, value: 1)
        var request = BuildRequest(source: path)
        request.cut = (0, 1)
        let map = try await BuiltMap(request, in: scratch)
        let before = try map.timelessFiles()
        try write(path, value: .nan)
        await #expect(throws: TilerError.self) { try await BuiltMap(request, in: scratch) }
        let isSame = try map.timelessFiles() == before
        #expect(isSame)
    }

    @Test func impossibleWishesAreRefused() throws {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        try write(path, value: 1)
        func refusal(_ change: (inout BuildRequest) -> Void) throws -> String {
            var request = BuildRequest(source: path)
            request.order = 2
            change(&request)
            let error = #expect(throws: TilerError.self) { try HiPSPlan(request, catalogue: .iau2015()) }
            return error?.description ?? ""
        }
        #expect(try refusal { $0.order = 0 }.contains("order 0"))
        #expect(try refusal { $0.order = 21 }.contains("20"))
        #expect(try refusal { $0.order = -1 }.contains("expected 1"))
        #expect(try refusal { $0.mocOrder = 12 }.contains("0 to 11"))
        #expect(try refusal { $0.mocOrder = -1 }.contains("0 to 11"))
        #expect(try refusal { $0.colourMap = "rainbow-unicorn" }.contains("viridis"))
        #expect(try refusal { $0.name = "..." }.contains("name"))
        for id in ["http://example.org/map", "ivo://", "ivo:///map", "ivo://example.org/a map", ""] {
            #expect(try refusal { $0.id = id }.contains("ivo://authority/path"), "\(id)")
        }
        #expect(try refusal { $0.source = scratch.file("absent.tif") }.contains("absent.tif"))
    }

    @Test func readersNeverMissNorMixMaps() async throws {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        func build(_ number: Int) async throws {
            try write(path, value: Double(number))
            var request = BuildRequest(source: path)
            request.title = String(number)
            request.formats = [.fits]
            request.order = 1
            _ = try await BuiltMap(request, in: scratch)
        }
        try await build(1)
        let reader = Reader(folder: scratch.file("data/hips/mars/map"))
        let thread = Thread { reader.run() }
        thread.start()
        for number in 2...12 { try await build(number) }
        let seen = reader.finish()
        #expect(seen.problems == [])
        #expect(seen.maps.count > 3, "the reader saw \(seen.maps.sorted()) in \(seen.rounds) rounds")
    }
}

/// Reads a map over and over while it is replaced.
private final class Reader: Sendable {
    struct Findings {
        var problems: [String] = []
        var maps: Set<String> = []
        var rounds = 0
    }

    private struct State {
        var isStopped = false
        var hasEnded = false
        var findings = Findings()
    }

    private let folder: String
    private let state = Mutex(State())

    init(folder: String) {
        self.folder = folder
    }

    func run() {
        while !state.withLock({ $0.isStopped }) {
            let (title, problem) = look()
            state.withLock {
                $0.findings.rounds += 1
                if let title { $0.findings.maps.insert(title) }
                if let problem, $0.findings.problems.count < 5 { $0.findings.problems.append(problem) }
            }
        }
        state.withLock { $0.hasEnded = true }
    }

    func finish() -> Findings {
        state.withLock { $0.isStopped = true }
        while !state.withLock({ $0.hasEnded }) { usleep(1000) }
        return state.withLock { $0.findings }
    }

    /// The title, the value of a tile between two looks at the title, and what does not fit.
    private func look() -> (String?, String?) {
        do {
            let before = try title()
            let tile = try FITSTile(Scratch.bytes(folder + "/Norder1/Dir0/Npix23.fits"))
            guard try title() == before else { return (before, nil) }
            let values = Set(tile.values.filter { !$0.isNaN })
            return (before, values == [Double(before)!] ? nil : "map \(before) has \(values)")
        } catch {
            return (nil, "\(error)")
        }
    }

    private func title() throws -> String {
        let text = String(decoding: try Scratch.bytes(folder + "/properties"), as: UTF8.self)
        return try HiPSProperties(parsing: text).title ?? ""
    }
}
