import Foundation
import HEALPix
import HiPS
import Synchronization
import Testing
import Tiles

@testable import Adoption

/// HiPS on servers.
@Suite struct MirrorTests {
    private let scratch: Scratch
    private let data: DataDirectory
    private let map: MapName
    private let place = "data/hips/moon/there"

    init() throws {
        scratch = try Scratch()
        data = DataDirectory(path: scratch.path + "/data")
        map = try MapName(body: "moon", name: "there")
    }

    private func request(_ server: ScriptedServer) -> AdoptionRequest {
        var request = AdoptionRequest(source: server.url, map: map)
        request.requestsPerSecond = 5000
        request.retryDelay = .milliseconds(5)
        return request
    }

    private func adopt(
        _ server: ScriptedServer, _ change: (inout AdoptionRequest) -> Void = { _ in }
    ) async throws -> AdoptionReport {
        var request = request(server)
        change(&request)
        return try await Adopter(request, data: data).run()
    }

    private func published() throws -> [String] {
        try data.maps().map(\.map.description)
    }

    @Test func takesWhatTheCoveragePromises() async throws {
        let hips = try ForeignHiPS()
        let server = ScriptedServer(hips)
        defer { server.stop() }
        let report = try await adopt(server) { $0.lonOffsetDegrees = 180 }
        #expect(report.means == .mirror)
        #expect(report.tiles == hips.tiles.count)
        #expect(report.newTiles == hips.tiles.count)
        #expect(report.missingTiles == 0)
        let files = try scratch.files(place)
        for (path, bytes) in hips.files where path != "properties" { #expect(files[path] == bytes) }
        #expect(
            Set(files.keys).subtracting(hips.files.keys) == ["adoption.json", "properties.original"])
        #expect(files["properties.original"] == hips.files["properties"])
        // Nothing was asked for but tiles that are promised.
        #expect(Set(server.paths.filter { $0.contains("Npix") }) == Set(hips.tiles))
        #expect(server.paths.count == Set(server.paths).count)
        let note = try #require(try AdoptionNote.read(inFolder: scratch.path + "/" + place))
        #expect(note == report.note)
        #expect(note.root == nil)
        #expect(note.source == server.url)
        #expect(note.lonOffsetDegrees == 180)
        #expect(note.overridden["hips_frame"] == "equatorial")
        #expect(note.overridden["hips_service_url"] == "http://elsewhere.invalid/moon")
        let properties = try #require(data.entry(map)).properties
        #expect(properties.frame == "moon")
        #expect(properties.body == "moon")
        #expect(properties.status == "public mirror unclonable")
        #expect(properties["x_unknown"] == "kept = as it is")
        #expect(properties["tessera_lon_offset"] == "180")
        #expect(properties["hips_service_url"] == nil)
        // The keys that were there stand where they stood.
        let kept = ForeignHiPS.usual.map(\.0).filter { $0 != "hips_service_url" }
        #expect(properties.pairs.map(\.key).prefix(kept.count).elementsEqual(kept))
        #expect(try published() == ["moon/there"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/data/hips/moon") == ["there"]
        )
    }

    @Test func goesOnAndFetchesNothingTwice() async throws {
        let hips = try ForeignHiPS()
        let files = hips.files
        // The server goes away in the middle, and is there again later.
        let isGone = Mutex(false)
        let count = Mutex(0)
        let absent = hips.tiles.last!
        let server = ScriptedServer { path, _ in
            if isGone.withLock({ $0 }) { return .silence }
            if path.contains("Npix"),
                count.withLock({
                    $0 += 1; return $0
                }) == 5
            {
                isGone.withLock { $0 = true }
                return .silence
            }
            return path == absent ? .status(404) : files[path].map { .file($0) } ?? .status(404)
        }
        defer { server.stop() }
        await #expect(throws: AdoptionError.self) { try await adopt(server) }
        #expect(try published() == [])
        #expect(!scratch.exists(place))
        #expect(scratch.exists("data/hips/moon/.there.adopting/map"))
        #expect(!scratch.exists("data/hips/moon/.there.adopting/map/properties"))
        let whole = Set(try scratch.files("data/hips/moon/.there.adopting/map").keys)
        #expect(whole.count { $0.contains("Npix") } == 4)
        isGone.withLock { $0 = false }
        count.withLock { $0 = 100 }
        let before = server.paths.count
        let report = try await adopt(server)
        let later = server.paths[before...]
        #expect(whole.isDisjoint(with: later))
        // Nor is what is known to be absent asked for again.
        #expect(!later.contains("metadata.xml"))
        #expect(!later.contains("preview.jpg"))
        #expect(later.count == Set(later).count)
        #expect(report.tiles == hips.tiles.count - 1)
        #expect(report.newTiles == hips.tiles.count - 5)
        #expect(report.missingPaths == [absent])
        #expect(try published() == ["moon/there"])
    }

    @Test func stopsWhenCancelled() async throws {
        let server = ScriptedServer(try ForeignHiPS())
        defer { server.stop() }
        var request = request(server)
        request.requestsPerSecond = 2
        let adopter = Adopter(request, data: data)
        let task = Task { try await adopter.run() }
        try await Task.sleep(for: .milliseconds(700))
        task.cancel()
        let result = await task.result
        #expect(throws: AdoptionError.interrupted) { try result.get() }
        #expect(try published() == [])
    }

    @Test func waitsAsLongAsTheServerWants() async throws {
        let hips = try ForeignHiPS()
        let files = hips.files
        let busy = hips.tiles[3]
        let server = ScriptedServer { path, count in
            if path == busy, count == 1 { return .status(429, fields: "Retry-After: 1\r\n") }
            if path == hips.tiles[5], count < 3 { return .status(503) }
            return files[path].map { .file($0) } ?? .status(404)
        }
        defer { server.stop() }
        let report = try await adopt(server) { $0.connections = 1 }
        #expect(report.tiles == hips.tiles.count)
        let (paths, times) = (server.paths, server.times)
        let first = try #require(paths.firstIndex(of: busy))
        // Nobody asks for anything while the server wants to be left alone.
        #expect(times[first + 1] - times[first] >= .seconds(1))
        #expect(paths.count { $0 == hips.tiles[5] } == 3)
    }

    @Test func keepsToTheRate() async throws {
        let server = ScriptedServer(try ForeignHiPS())
        defer { server.stop() }
        _ = try await adopt(server) { $0.requestsPerSecond = 8 }
        let times = server.times
        // A little less, as answers are awaited on their way.
        let seconds = Double(times.count - 1) / 8 * 0.95
        #expect(times[times.count - 1] - times[0] >= .seconds(seconds))
    }

    @Test func connectionsThatEndTooEarly() async throws {
        let hips = try ForeignHiPS()
        let files = hips.files
        let (cut, page) = (hips.tiles[2], hips.tiles[4])
        let server = ScriptedServer { path, count in
            guard let bytes = files[path] else { return .status(404) }
            if path == cut, count < 3 { return .cut(Array(bytes.prefix(9)), length: bytes.count) }
            if path == page, count == 1 { return .file(Array("<html>try again</html>".utf8)) }
            return .file(bytes)
        }
        defer { server.stop() }
        let report = try await adopt(server)
        #expect(report.missingTiles == 0)
        #expect(try scratch.bytes(place + "/" + cut) == files[cut])
        #expect(try scratch.bytes(place + "/" + page) == files[page])
    }

    @Test func promisedTilesThatAreNotThere() async throws {
        let hips = try ForeignHiPS()
        let files = hips.files
        let (absent, page) = (hips.tiles[1], hips.tiles[2])
        let server = ScriptedServer { path, _ in
            if path == page { return .file(Array("<html>none</html>".utf8)) }
            return path == absent ? .status(410) : files[path].map { .file($0) } ?? .status(404)
        }
        defer { server.stop() }
        let report = try await adopt(server)
        #expect(report.missingTiles == 2)
        #expect(Set(report.missingPaths) == [absent, page])
        #expect(report.tiles == hips.tiles.count - 2)
        #expect(!scratch.exists(place + "/" + page))
        #expect(report.note.peculiarities.contains { $0.hasPrefix("2 tiles that Moc.fits promises") })
    }

    @Test func withoutCoverage() async throws {
        let hips = try ForeignHiPS(hasCoverage: false, ["hips_order_min": ""])
        let server = ScriptedServer(hips)
        defer { server.stop() }
        let report = try await adopt(server)
        #expect(report.tiles == hips.tiles.count)
        #expect(report.missingTiles == 0)
        #expect(Set(try scratch.files(place).keys).isSuperset(of: hips.files.keys))
        // All base cells, and children only of what is there.
        let present = Set(hips.tiles)
        for path in server.paths where path.contains("Npix") && !path.hasPrefix("Norder0") {
            let (cell, format) = try #require(TilePath.parse(path))
            let parent = try #require(Cell(order: cell.order.value - 1, npix: cell.npix / 4))
            #expect(present.contains(parent.tilePath(format)))
        }
        #expect(report.note.peculiarities.contains("no Moc.fits that can be read"))
    }

    @Test func oldOnesBeginAtOrder3() async throws {
        let hips = try ForeignHiPS(
            orders: 3...4, hasCoverage: false, ["hips_order_min": "", "hips_order": "4"])
        let server = ScriptedServer(hips)
        defer { server.stop() }
        let report = try await adopt(server)
        #expect(report.tiles == hips.tiles.count)
        #expect(try #require(data.entry(map)).properties.orderMin == Order(3))
        #expect(report.note.peculiarities.contains("no hips_order_min; the first tiles are of order 3"))
    }

    @Test func formatsThatAreNotThere() async throws {
        let hips = try ForeignHiPS(["hips_tile_format": "webp png"])
        let server = ScriptedServer(hips)
        defer { server.stop() }
        let report = try await adopt(server)
        #expect(report.missingTiles == 0)
        #expect(report.note.overridden["hips_tile_format"] == "webp png")
        #expect(try #require(data.entry(map)).properties["hips_tile_format"] == "png")
        #expect(!server.paths.contains { $0.hasPrefix("Norder1/Dir") && $0.hasSuffix("webp") })
    }

    @Test func parts() async throws {
        let hips = try ForeignHiPS(
            formats: [.png, .jpeg], ["hips_tile_format": "png jpeg", "hips_nb_tiles": "9"])
        let server = ScriptedServer(hips)
        defer { server.stop() }
        _ = try await adopt(server) {
            $0.deepestOrder = Order(1)
            $0.formats = [.jpeg]
        }
        let wanted = hips.tiles.filter { $0.hasSuffix("jpg") && !$0.hasPrefix("Norder2") }
        #expect(try scratch.files(place).keys.filter { $0.contains("Npix") }.sorted() == wanted)
        let properties = try #require(data.entry(map)).properties
        #expect(properties.order == Order(1))
        #expect(properties.formats == [.jpeg])
        #expect(properties.status == "public partial unclonable")
        #expect(properties["hips_nb_tiles"] == nil)
        await #expect(throws: AdoptionError.self) {
            try await adopt(server) {
                $0.forces = true
                $0.formats = [.fits]
            }
        }
    }

    @Test func storesThatForbidWhatIsAbsent() async throws {
        let hips = try ForeignHiPS(hasCoverage: false)
        let files = hips.files
        let store = ScriptedServer { path, _ in files[path].map { .file($0) } ?? .status(403) }
        defer { store.stop() }
        #expect(try await adopt(store).tiles == hips.tiles.count)
        let server = ScriptedServer { path, _ in
            path == hips.tiles[3] ? .status(403) : files[path].map { .file($0) } ?? .status(404)
        }
        defer { server.stop() }
        await #expect(
            throws: AdoptionError.server(url: server.url + "/" + hips.tiles[3], reason: "status 403")
        ) {
            try await adopt(server) { $0.forces = true }
        }
        #expect(try published() == ["moon/there"])
    }
}
