import GDAL
import Glibc
import HiPS
import PlanetaryFrames
import Rasters
import Settings
import Synchronization
import Testing

@testable import Server

/// Coverages of the files that maps were built from, over the wire: on the disk and on a server of somebody else.
@Suite struct NativeServingTests {
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    static let get = "/mars/wcs?SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID="
    static let capabilities = "/mars/wcs?SERVICE=WCS&REQUEST=GetCapabilities"
    /// 1440 x 720 heights.
    static let heights = root + "/surveys/mars/mars_mola_180.tif"
    /// What is known of a server is good for five seconds.
    static let longEnough = Duration.milliseconds(5500)

    /// Writes a map in one colour, and the note of a file that it was built from.
    static func write(
        _ name: String, from path: String, in files: TemporaryDirectory, tag: String? = nil
    ) throws {
        try WMSServingTests.write([200, 100, 50], to: name, in: files, date: "1")
        files.write(
            """
            obs_title = Mars in \(name)
            hips_order = 0
            hips_tile_width = 64
            hips_tile_format = png
            hips_body = mars
            tessera_build_id = abc

            """, to: "hips/mars/\(name)/properties")
        let identity = try SourceIdentity(path: path)
        let declaration = SourceDeclaration(body: try BodyCatalogue.standard().body(named: "Mars"))
        try SourceNote(
            build: "abc", path: path, size: identity.size,
            modifiedNanoseconds: identity.modifiedNanoseconds,
            head: String(identity.headerChecksum, radix: 16), declaration: declaration.texts, tag: tag
        ).write(for: MapName(body: "mars", name: name), in: DataDirectory(path: files.path))
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        try #require(try VirtualFile.read(path, atMost: 1 << 24))
    }

    /// The samples of a window of a file.
    static func samples(_ path: String, _ window: PixelWindow) throws -> [UInt8] {
        let dataset = try Dataset(opening: path)
        var bytes = [UInt8](repeating: 0, count: window.width * window.height * 2)
        try bytes.withUnsafeMutableBytes {
            try dataset.read(
                band: 1, window: window, into: $0, type: .int16, pixelStride: 2,
                lineStride: 2 * window.width)
        }
        return bytes
    }

    private func expectGone(_ server: Fixture) async throws {
        let reply = try await server.ask(Self.get + "mola__native")
        #expect(reply.status == 404 && reply.text.contains("NoSuchCoverage"), "\(reply.text)")
        let document = try await server.ask(Self.capabilities)
        #expect(document.text.contains(">mola<") && !document.text.contains("mola__native"))
    }

    @Test func aFileOnDiskThatChangesIsGoneAtOnce() async throws {
        try await Fixture.serve { server in
            let path = server.files.path + "/source.tif"
            server.files.write(try Self.bytes(Self.heights), to: "source.tif")
            try Self.write("mola", from: path, in: server.files)
            let whole = PixelWindow(column: 0, row: 0, width: 1440, height: 720)
            let truth = try Self.samples(Self.heights, whole)
            for _ in 0..<2 {
                let reply = try await server.ask(Self.get + "mola__native")
                #expect(reply.status == 200 && Array(reply.body.suffix(truth.count)) == truth)
            }
            // One sample in the middle of a file of the same size.
            var other = try Self.bytes(Self.heights)
            other[other.count / 2] ^= 1
            server.files.write(other, to: "source.tif")
            try await expectGone(server)
            unlink(path)
            try await expectGone(server)
        }
    }

    @Test func samplesOfAFileOnAServerAreItsOwn() async throws {
        let other = StubServer(try Self.bytes(Self.heights))
        defer { other.stop() }
        try await Fixture.serve { server in
            try Self.write("mola", from: other.path, in: server.files)
            let document = try await server.ask(Self.capabilities)
            #expect(document.text.contains("mola__native"))
            let whole = PixelWindow(column: 0, row: 0, width: 1440, height: 720)
            let truth = try Self.samples(Self.heights, whole)
            let reply = try await server.ask(Self.get + "mola__native")
            #expect(reply.status == 200 && Array(reply.body.suffix(truth.count)) == truth)
            let described = try await server.ask(
                "/mars/wcs?SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID=mola__native")
            #expect(described.status == 200 && described.text.contains("1439"))
            // Where it lies is told nowhere.
            for text in [document.text, described.text, reply.text] {
                #expect(!text.contains("\(other.port)") && !text.contains("vsicurl"))
            }
        }
    }

    @Test func aFileOnAServerThatChangesIsGone() async throws {
        let other = StubServer(try Self.bytes(Self.heights))
        let tagged = StubServer(try Self.bytes(Self.heights))
        tagged.state.withLock { ($0.modified, $0.tag) = (nil, "\"one\"") }
        defer {
            other.stop()
            tagged.stop()
        }
        try await Fixture.serve { server in
            try Self.write("mola", from: other.path, in: server.files)
            let tag = try VirtualFile.tag(of: tagged.path)
            #expect(tag == "\"one\"")
            try Self.write("tagged", from: tagged.path, in: server.files, tag: tag)
            for name in ["mola__native", "tagged__native"] {
                #expect(try await server.ask(Self.get + name).status == 200, "\(name)")
            }
            other.state.withLock { $0.modified = "Fri, 02 Jan 2026 00:00:00 GMT" }
            tagged.state.withLock { $0.tag = "\"two\"" }
            try await Task.sleep(for: Self.longEnough)
            try await expectGone(server)
            #expect(try await server.ask(Self.get + "tagged__native").status == 404)
            // It comes back with the state that it had.
            other.state.withLock { $0.modified = "Thu, 01 Jan 2026 00:00:00 GMT" }
            try await Task.sleep(for: Self.longEnough)
            #expect(try await server.ask(Self.get + "mola__native").status == 200)
            other.state.withLock { $0.isGone = true }
            try await Task.sleep(for: Self.longEnough)
            try await expectGone(server)
        }
    }

    @Test func aServerThatStopsIsToldOf() async throws {
        let other = StubServer(try Self.bytes(Self.heights))
        try await Fixture.serve { server in
            try Self.write("mola", from: other.path, in: server.files)
            #expect(try await server.ask(Self.get + "mola__native").status == 200)
            other.stop()
            try await Task.sleep(for: Self.longEnough)
            let start = ContinuousClock.now
            try await expectUnreachable(server, other)
            #expect(ContinuousClock.now - start < .seconds(120))
            #expect(try await server.ask(Self.get + "mola&SCALESIZE=x(16),y(8)").status == 200)
        }
    }

    private func expectUnreachable(_ server: Fixture, _ other: StubServer) async throws {
        for request in [
            Self.get + "mola__native",
            "/mars/wcs?SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID=mola__native",
            "/mars/wcs?SERVICE=WCS&VERSION=1.0.0&REQUEST=GetCoverage&COVERAGE=mola__native&FORMAT=GTiff&WIDTH=8&HEIGHT=8",
        ] {
            let reply = try await server.ask(request)
            #expect(reply.status == 503 && reply.fields["retry-after"] == "30", "\(reply.text)")
            #expect(reply.text.contains("does not answer") && reply.text.contains("mola__native"))
            let name = request.contains("1.0.0") ? "COVERAGE" : "coverageId"
            #expect(reply.text.contains("locator=\"\(name)\""), "\(reply.text)")
            #expect(!reply.text.contains("\(other.port)") && !reply.text.contains("vsicurl"))
        }
        let document = try await server.ask(Self.capabilities)
        #expect(document.status == 200 && document.text.contains(">mola<"))
        #expect(!document.text.contains("mola__native"))
    }

    @Test func aServerThatIsSilentKeepsNobodyElseWaiting() async throws {
        let other = StubServer(try Self.bytes(Self.heights))
        defer { other.stop() }
        try await Fixture.serve(configure: { configuration, _ in configuration.workers = 1 }) { server in
            try Self.write("mola", from: other.path, in: server.files)
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            #expect(try await server.ask(Self.get + "red&SCALESIZE=x(16),y(8)").status == 200)
            other.state.withLock { $0.isSilent = true }
            let before = other.requestCount
            // Whoever waits does so for four seconds.
            let isOver = Atomic(false)
            let waiting = Task {
                defer { isOver.store(true, ordering: .releasing) }
                return try await server.ask(Self.get + "mola__native")
            }
            async let document = server.ask(Self.capabilities)
            while other.requestCount == before { try await Task.sleep(for: .milliseconds(10)) }
            // The one thread that maps are drawn on is free, also for the map of that file.
            var answersMeanwhile = 0
            for name in ["red", "mola"] {
                #expect(try await server.ask(Self.get + name + "&SCALESIZE=x(16),y(8)").status == 200)
                if !isOver.load(ordering: .acquiring) { answersMeanwhile += 1 }
            }
            #expect(answersMeanwhile > 0)
            let (reply, found) = try await (waiting.value, document)
            #expect(reply.status == 503 && reply.text.contains("does not answer"), "\(reply.text)")
            #expect(found.status == 200 && !found.text.contains("mola__native"))
        }
    }

    @Test func filesOnServersCanBeKeptBack() async throws {
        let other = StubServer(try Self.bytes(Self.heights))
        defer { other.stop() }
        try await Fixture.serve(configure: { configuration, _ in
            configuration.settings.coverages.remote = false
        }) { server in
            try Self.write("mola", from: other.path, in: server.files)
            try Self.write("near", from: Self.heights, in: server.files)
            let asked = other.requestCount
            try await expectGone(server)
            #expect(try await server.ask(Self.get + "near__native").status == 200)
            #expect(other.requestCount == asked)
        }
    }

    /// The numbers of the server's own document of them, summed over labels.
    private func metric(_ name: String, _ server: Fixture) async throws -> Double {
        let text = try await server.ask("/metrics").text
        return text.split(separator: "\n").filter { $0.hasPrefix(name + " ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// Work for a client that has gone ends: what is asked for here takes minutes to make, and nothing is sent before it is
    /// whole.
    @Test func aClientThatLeavesEndsTheWork() async throws {
        try await Fixture.serve(configure: { configuration, _ in
            configuration.workers = 1
            configuration.queue = 0
            // Strips of 256 kB.
            configuration.settings.coverages.memory = 1
        }) { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            #expect(try await server.ask(Self.get + "red&SCALESIZE=x(16),y(8)").status == 200)
            do {
                let client = Connection(port: server.port, receiveBuffer: 4096)
                await client.send(
                    "GET \(Self.get)red&SCALESIZE=x(32000),y(32000)&geotiff:compression=Deflate HTTP/1.1\r\nHost: h\r\n\r\n"
                )
                while try await metric("tessera_work_running", server) == 0 {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            let left = ContinuousClock.now
            // Tiles are looked up as long as samples are made.
            var (last, quiet) = (-1.0, 0)
            while quiet < 5, ContinuousClock.now - left < .seconds(60) {
                try await Task.sleep(for: .milliseconds(200))
                let hits = try await metric("tessera_decoded_tiles_hits_total", server)
                let running = try await metric("tessera_work_running", server)
                let isQuiet = hits == last && running == 0
                (last, quiet) = (hits, isQuiet ? quiet + 1 : 0)
            }
            #expect(quiet == 5)
            // The one place is free again.
            #expect(try await server.ask(Self.get + "red&SCALESIZE=x(16),y(8)").status == 200)
        }
    }

    @Test func settingsNameCoverages() async throws {
        try await Fixture.serve(configure: { configuration, _ in
            let said = "maps: {mars/mola: {title: 'Heights <of> Mars', description: 'Laser & radio.'}}"
            configuration.settings.maps = (try? ServerSettings.parse(said, file: "f").maps) ?? [:]
        }) { server in
            try Self.write("mola", from: Self.heights, in: server.files)
            let document = try await server.ask(Self.capabilities)
            let old = try await server.ask(Self.capabilities + "&VERSION=1.0.0")
            let described = try await server.ask(
                "/mars/wcs?SERVICE=WCS&VERSION=1.0.0&REQUEST=DescribeCoverage&COVERAGE=mola__native")
            for text in [document.text, old.text] {
                #expect(text.contains("Heights &lt;of&gt; Mars<"), "\(text)")
                #expect(text.contains("Heights &lt;of&gt; Mars, on the grid of its source"))
                #expect(text.contains("Laser &amp; radio.") && !text.contains("Mars in mola"))
            }
            #expect(described.text.contains("Laser &amp; radio."), "\(described.text)")
        }
    }
}
