import Foundation
import HEALPix
import HiPS
import Synchronization
import Testing
import Tiles

@testable import Adoption

/// Servers and HiPS that nothing, or not everything, is taken from.
@Suite struct RefusalTests {
    private let scratch: Scratch
    private let data: DataDirectory
    private let map: MapName
    private let place = "data/hips/moon/there"

    init() throws {
        scratch = try Scratch()
        data = DataDirectory(path: scratch.path + "/data")
        map = try MapName(body: "moon", name: "there")
    }

    private func adopt(
        _ server: ScriptedServer, _ change: (inout AdoptionRequest) -> Void = { _ in }
    ) async throws -> AdoptionReport {
        var request = AdoptionRequest(source: server.url, map: map)
        request.requestsPerSecond = 5000
        request.retryDelay = .milliseconds(5)
        change(&request)
        return try await Adopter(request, data: data).run()
    }

    private func published() throws -> [String] {
        try data.maps().map(\.map.description)
    }

    @Test func noTextLeadsOutOfTheFolder() async throws {
        let hostile = "../../../../escaped"
        let hips = try ForeignHiPS([
            "hips_tile_format": "\(hostile) png", "obs_title": hostile, "creator_did": hostile,
            "hips_body": hostile, "hips_frame": hostile, "hips_order_min": "-1",
        ])
        let server = ScriptedServer(hips)
        defer { server.stop() }
        let report = try await adopt(server)
        #expect(report.tiles == hips.tiles.count)
        let expected = Set(hips.files.keys).union([
            AdoptionNote.fileName, AdoptionNote.originalPropertiesName,
        ])
        #expect(Set(try scratch.files("").keys) == Set(expected.map { place + "/" + $0 }))
        #expect(server.paths.allSatisfy { !$0.contains("..") })
        #expect(try #require(data.entry(map)).properties.body == "moon")
    }

    @Test func pausesUntilADate() async throws {
        let files = try ForeignHiPS().files
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = format.string(from: Date(timeIntervalSinceNow: 3))
        let server = ScriptedServer { path, count in
            if path == "Moc.fits", count == 1 { return .status(503, fields: "Retry-After: \(date)\r\n") }
            return files[path].map { .file($0) } ?? .status(404)
        }
        defer { server.stop() }
        _ = try await adopt(server)
        let (paths, times) = (server.paths, server.times)
        let first = try #require(paths.firstIndex(of: "Moc.fits"))
        #expect(times[first + 1] - times[first] >= .seconds(1))
    }

    @Test func doesNotWaitForDays() async throws {
        let server = ScriptedServer { _, _ in .status(429, fields: "Retry-After: 86400\r\n") }
        defer { server.stop() }
        await #expect(throws: AdoptionError.self) { try await adopt(server) }
        #expect(server.paths.count == 1)
    }

    @Test(arguments: ["public mirror unclonable", "private master clonable", "public,unclonable"])
    func whatMayNotBeCopied(_ status: String) async throws {
        let server = ScriptedServer(try ForeignHiPS(["hips_status": status]))
        defer { server.stop() }
        await #expect(throws: AdoptionError.unclonable(source: server.url, status: status)) {
            try await adopt(server)
        }
        #expect(server.paths == ["properties"])
        #expect(!scratch.exists("data/hips/moon"))
        _ = try await adopt(server) { $0.forces = true }
        #expect(try published() == ["moon/there"])
    }

    @Test func otherChoicesDoNotMixWithWhatWasBegun() async throws {
        let hips = try ForeignHiPS()
        let files = hips.files
        let fails = Mutex(true)
        let server = ScriptedServer { path, _ in
            if path.hasPrefix("Norder2"), fails.withLock({ $0 }) { return .status(400) }
            return files[path].map { .file($0) } ?? .status(404)
        }
        defer { server.stop() }
        await #expect(throws: AdoptionError.self) { try await adopt(server) }
        fails.withLock { $0 = false }
        await #expect(throws: AdoptionError.self) { try await adopt(server) { $0.deepestOrder = .zero } }
        let report = try await adopt(server) {
            $0.deepestOrder = .zero
            $0.forces = true
        }
        #expect(report.newTiles == hips.tiles.count { $0.hasPrefix("Norder0") })
        #expect(!scratch.exists(place + "/Norder1"))
    }

    @Test func nothingThere() async throws {
        let server = ScriptedServer { _, _ in .status(404) }
        await #expect(throws: AdoptionError.self) { try await adopt(server) }
        server.stop()
        let catalogue = ScriptedServer(try ForeignHiPS(["dataproduct_type": "catalog"]))
        await #expect(throws: AdoptionError.self) { try await adopt(catalogue) }
        catalogue.stop()
        #expect(try published() == [])
        for source in ["ftp://127.0.0.1/a", "http://", "http://user@127.0.0.1/"] {
            await #expect(throws: AdoptionError.self) {
                try await Adopter(AdoptionRequest(source: source, map: map), data: data).run()
            }
        }
    }
}
