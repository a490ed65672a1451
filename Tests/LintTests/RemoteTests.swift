import HEALPix
import HTTP
import HiPS
import Testing
import Tiles

@testable import Lint

/// A HiPS over HTTP.
@Suite struct RemoteTests {
    private static let hips = SmallHiPS(order: 2, formats: [.fits, .png], region: GoodHiPSTests.seam)

    private func lint(
        _ hips: SmallHiPS = Self.hips, _ manners: TestServer.Manners = TestServer.Manners(),
        path: String = "",
        all: Bool = false, damage: (Scratch) throws -> Void = { _ in }
    ) async throws -> (report: LintReport, requests: [String]) {
        let scratch = try Scratch()
        try hips.write(to: scratch)
        try damage(scratch)
        let server = TestServer(root: scratch.path, manners)
        defer { server.stop() }
        let report = try await Linter(server.url + path, options: LintOptions(all: all, jobs: 3)).run()
        return (report, server.requests)
    }

    @Test(arguments: [false, true], [false, true]) func passes(chunked: Bool, closes: Bool) async throws {
        var manners = TestServer.Manners()
        manners.chunked = chunked
        manners.closes = closes
        let (report, requests) = try await lint(Self.hips, manners, path: "/", all: true)
        #expect(report.findings == [])
        let tiles = try Mutation(Self.hips).scratch.files().filter { $0.contains("Npix") }
        #expect(report.tilesRead == tiles.count)
        #expect(report.tilesListed == nil)
        for tile in tiles { #expect(requests.contains("GET /\(tile) HTTP/1.1")) }
        #expect(requests.contains("HEAD /Moc.fits HTTP/1.1"))
    }

    @Test func serversThatClientsCannotUse() async throws {
        var manners = TestServer.Manners()
        manners.allowsOrigins = false
        manners.answersHead = false
        manners.absentStatus = 403
        manners.statesURL = false
        let (report, _) = try await lint(SmallHiPS(order: 1, formats: [.png]), manners)
        #expect(
            Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }) == [
                "cors-missing properties", "cors-missing Moc.fits", "cors-missing Norder0/Dir0/Npix0.png",
                "head-refused Moc.fits", "absent-answered Norder2/Dir0/Npix0.png", "service-url properties",
            ])
    }

    @Test func missingAndExtraTiles() async throws {
        let (report, _) = try await lint(all: true) { scratch in
            let names = scratch.files()
            let leaf = names.first { $0.hasPrefix("Norder2/Dir0") && $0.hasSuffix(".png") }!
            // A sibling of what is covered that the coverage excludes.
            let absent = (0..<48).map { "Norder1/Dir0/Npix\($0).png" }.first {
                !names.contains($0)
                    && names.contains("Norder0/Dir0/Npix\(Int($0.dropFirst(17).dropLast(4))! / 4).png")
            }!
            try scratch.write(scratch.bytes(leaf), to: absent)
            try scratch.remove(leaf)
        }
        #expect(report.counts == [.tileMissing: 1, .tileExtra: 1])
    }

    @Test func formatsThatAreNotThere() async throws {
        let (report, _) = try await lint { scratch in
            let text = try scratch.text("properties")
            try scratch.write(text.replacing("= fits png", with: "= fits png jpeg"), to: "properties")
        }
        #expect(report.counts == [.formatAbsent: 1])
    }

    @Test func addressesThatMove() async throws {
        var manners = TestServer.Manners()
        manners.movedFrom = "/C/moved"
        let (report, _) = try await lint(Self.hips, manners, path: "/C/moved")
        #expect(report.counts[.serviceURL] == 1)
        #expect(report.counts[.urlLikeIdentifier] == 1)
        #expect(report.tilesRead > 0)
    }

    @Test func nobodyListens() async throws {
        let scratch = try Scratch()
        let server = TestServer(root: scratch.path)
        let url = server.url
        let (missing, _) = (try await Linter(url).run(), server.stop())
        #expect(missing.counts == [.propertiesMissing: 1])
        await #expect(throws: LintError.self) { try await Linter("http://127.0.0.1:1/hips").run() }
    }

    @Test(arguments: [
        ("http://example.org", "example.org", "80", ""),
        ("http://example.org/", "example.org", "80", ""),
        ("HTTP://example.org:8080/hips/mars/mola//?x=1#y", "example.org", "8080", "/hips/mars/mola"),
        ("http://[::1]:90/a", "::1", "90", "/a"),
        ("http://[::1]/a", "::1", "80", "/a"),
        ("https://example.org/hips/", "example.org", "443", "/hips"),
        ("https://example.org:80/hips", "example.org", "80", "/hips"),
    ]) func addresses(text: String, host: String, port: String, path: String) throws {
        let address = try HTTPAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
        let again = try HTTPAddress(address.url)
        #expect(again == address)
    }

    @Test(arguments: [
        "httpss://example.org/", "ftp://example.org", "http://", "http:///a", "http://a:0/",
        "http://a:99999/",
        "http://a:b/", "http://user@a/", "http://a/b c",
    ]) func addressesThatAreNone(_ text: String) {
        #expect(throws: HTTPError.self) { try HTTPAddress(text) }
        #expect(throws: LintError.self) { try Linter(text.contains("://") ? text : "://" + text) }
    }
}
