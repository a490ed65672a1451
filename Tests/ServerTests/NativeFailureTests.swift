import GDAL
import Glibc
import GridCoverages
import HiPS
import Rasters
import Settings
import Synchronization
import Testing

@testable import Server

/// What goes wrong with files on servers of somebody else, and who is told of it.
@Suite struct NativeFailureTests {
    private static let get = NativeServingTests.get

    /// Asks until something becomes so, which the server looks for every five seconds.
    private func wait(_ holds: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<20 {
            if try await holds() { return true }
            try await Task.sleep(for: .seconds(1))
        }
        return false
    }

    @Test func aPartThatCannotBeReadLeavesTheRest() async throws {
        let other = StubServer(try NativeServingTests.bytes(NativeServingTests.heights))
        defer { other.stop() }
        // In the middle of a block of the last row of blocks.
        let block = try #require(
            try Dataset(opening: NativeServingTests.heights).blockPlace(band: 1, column: 2, row: 2))
        other.state.withLock {
            $0.bad = (block.offset + block.size / 2)..<(block.offset + block.size / 2 + 1)
        }
        try await Fixture.serve { server in
            try NativeServingTests.write("mola", from: other.path, in: server.files)
            let lower = try await server.ask(Self.get + "mola__native&SUBSET=N(-5300000,-5200000)")
            #expect(lower.status == 500 && lower.text.contains("cannot be read"), "\(lower.text)")
            #expect(!lower.text.contains("vsicurl") && !lower.text.contains("\(other.port)"))
            // At once, and for everybody.
            let window = PixelWindow(column: 0, row: 0, width: 1440, height: 720)
            let truth = try NativeServingTests.samples(NativeServingTests.heights, window)
            let upper = try await server.ask(Self.get + "mola__native&SUBSET=N(5200000,5300000)")
            #expect(upper.status == 200, "\(upper.text)")
            let document = try await server.ask(NativeServingTests.capabilities)
            #expect(document.text.contains("mola__native"))
            // What was a passing fault is over.
            other.state.withLock { $0.bad = 0..<0 }
            let whole = try await server.ask(Self.get + "mola__native")
            #expect(whole.status == 200 && Array(whole.body.suffix(truth.count)) == truth)
        }
    }

    @Test func whatTookTheFilesPlaceIsNoServerThatDoesNotAnswer() async throws {
        let other = StubServer(try NativeServingTests.bytes(NativeServingTests.heights))
        defer { other.stop() }
        try await Fixture.serve { server in
            try NativeServingTests.write("mola", from: other.path, in: server.files)
            other.state.withLock { $0.file = Array("<html>The archive has moved</html>".utf8) }
            // The server has never seen the file.
            let reply = try await server.ask(Self.get + "mola__native")
            #expect(reply.status == 404 && reply.text.contains("NoSuchCoverage"), "\(reply.text)")
        }
    }

    @Test func aPartOfAVirtualRasterIsOnAServer() async throws {
        let other = StubServer(try NativeServingTests.bytes(NativeServingTests.heights))
        defer { other.stop() }
        try await Fixture.serve { server in
            let path = server.files.path + "/source.vrt"
            try RasterWriter.copy(other.path, to: path, driver: "VRT")
            try NativeServingTests.write("mola", from: path, in: server.files)
            try NativeServingTests.write("mola2", from: path, in: server.files)
            other.state.withLock { $0.isFailing = true }
            // Neither when it is opened nor later.
            let first = try await server.ask(Self.get + "mola__native")
            #expect(first.status == 503, "\(first.text)")
            #expect(first.text.contains("does not answer") && !first.text.contains("\(other.port)"))
            other.state.withLock { $0.isFailing = false }
            #expect(try await server.ask(Self.get + "mola2__native").status == 200)
            other.state.withLock { $0.isFailing = true }
            #expect(try await wait { try await server.ask(Self.get + "mola2__native").status == 503 })
            other.state.withLock { ($0.isFailing, $0.isGone) = (false, true) }
            try NativeServingTests.write("mola3", from: NativeServingTests.heights, in: server.files)
            let gone = SourceNote(
                build: "abc", path: path, size: 1, modifiedNanoseconds: 1, head: "1", declaration: [:])
            try gone.write(
                for: MapName(body: "mars", name: "mola3"), in: DataDirectory(path: server.files.path))
            let reply = try await server.ask(Self.get + "mola3__native")
            #expect(reply.status == 404, "\(reply.text)")
        }
    }

    @Test func partsWithoutATimeAreToldApartByTheirTags() async throws {
        let other = StubServer(try NativeServingTests.bytes(NativeServingTests.heights))
        defer { other.stop() }
        let files = TemporaryDirectory()
        let path = files.path + "/source.vrt"
        try RasterWriter.copy(other.path, to: path, driver: "VRT")
        #expect(try SourceIdentity(path: path).showsChanges)
        other.state.withLock { ($0.modified, $0.tag) = (nil, "\"one\"") }
        let one = try SourceIdentity(path: path)
        let plain = try SourceIdentity(path: other.path)
        #expect(one.showsChanges && one.tag == nil && plain.showsChanges && plain.tag == "\"one\"")
        #expect(try SourceIdentity(path: path) == one && SourceIdentity(path: other.path) == plain)
        other.state.withLock { $0.tag = "\"two\"" }
        #expect(try SourceIdentity(path: path) != one && SourceIdentity(path: other.path) != plain)
        other.state.withLock { $0.tag = nil }
        #expect(
            try !SourceIdentity(path: path).showsChanges && !SourceIdentity(path: other.path).showsChanges)
    }

    @Test func aServerThatDoesNotAnswerHasNotNoTag() throws {
        let other = StubServer([1, 2, 3])
        defer { other.stop() }
        other.state.withLock { $0.tag = "\"one\"" }
        #expect(try VirtualFile.tag(of: other.path) == "\"one\"")
        other.state.withLock { $0.isFailing = true }
        #expect(throws: GDALError.self) {
            try VirtualFile.hurrying(seconds: 5) { try VirtualFile.tag(of: other.path) }
        }
        other.state.withLock { ($0.isFailing, $0.isGone) = (false, true) }
        #expect(throws: GDALError.self) { try VirtualFile.tag(of: other.path) }
        other.state.withLock { ($0.isGone, $0.tag) = (false, nil) }
        #expect(try VirtualFile.tag(of: other.path) == nil)
    }

    /// What GDAL remembers of a file that was not there would be found again when it is.
    @Test func aFileThatComesBackIsOpenedAtOnce() async throws {
        let other = StubServer(try NativeServingTests.bytes(NativeServingTests.heights))
        defer { other.stop() }
        try await Fixture.serve { server in
            try NativeServingTests.write("mola", from: other.path, in: server.files)
            other.state.withLock { $0.isGone = true }
            #expect(try await server.ask(Self.get + "mola__native").status == 404)
            other.state.withLock { $0.isGone = false }
            // A new note is a new place.
            let directory = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "mola")
            let note = try #require(SourceNote.read(of: map, build: "abc", in: directory))
            try note.write(for: map, in: directory)
            let reply = try await server.ask(Self.get + "mola__native")
            #expect(reply.status == 200, "\(reply.text)")
        }
    }

    @Test func aFileThatChangesUnderAnAnswerBreaksItOff() async throws {
        let other = StubServer(try NativeServingTests.bytes(NativeServingTests.heights))
        defer { other.stop() }
        try await Fixture.serve { server in
            try NativeServingTests.write("mola", from: other.path, in: server.files)
            let query = "\(Self.get)mola__native&SCALESIZE=x(7200),y(3600)"
            #expect(try await server.ask(query).status == 200)
            let client = Connection(port: server.port, receiveBuffer: 4096)
            await client.send("GET \(query) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            var bytes = try #require(await client.receive(atLeast: 100_000))
            #expect(String(decoding: bytes.prefix(12), as: UTF8.self) == "HTTP/1.1 200")
            other.state.withLock { state in
                state.modified = "Fri, 02 Jan 2026 00:00:00 GMT"
                state.file[state.file.count / 2] ^= 1
            }
            bytes += try #require(await client.receive())
            // 52 MB were promised.
            #expect(bytes.count < 7200 * 3600 * 2)
        }
    }

    /// 1800 x 900 heights in large blocks, more than are taken from a server at a time.
    @Test func blocksComeInPiecesAndNotTooMany() async throws {
        let files = TemporaryDirectory()
        let path = files.path + "/source.tif"
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: 1800, height: 900, bands: 1, type: .int16,
            options: ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512"],
            geoTransform: [-180, 0.2, 0, 90, 0, -0.2],
            crs: try Dataset(opening: NativeServingTests.heights).crsWKT ?? "")
        let whole = PixelWindow(column: 0, row: 0, width: 1800, height: 900)
        let samples = (0..<(1800 * 900)).map { Int16(truncatingIfNeeded: $0 &* 7919 % 32749) }
        try samples.withUnsafeBytes {
            try writer.write(
                band: 1, window: whole, from: $0, type: .int16, pixelStride: 2, lineStride: 3600)
        }
        try writer.close()
        let other = StubServer(try NativeServingTests.bytes(path))
        defer { other.stop() }
        try await Fixture.serve(configure: { configuration, _ in
            configuration.settings.coverages.megapixels = 2
        }) { server in
            try NativeServingTests.write("mola", from: other.path, in: server.files)
            let truth = try NativeServingTests.samples(path, whole)
            let reply = try await server.ask(Self.get + "mola__native")
            #expect(reply.status == 200 && Array(reply.body.suffix(truth.count)) == truth)
            #expect(try await server.ask(Self.get + "mola__native&SCALESIZE=x(18),y(9)").status == 200)
        }
        try await Fixture.serve(configure: { configuration, _ in
            configuration.settings.coverages.megapixels = 1
        }) { server in
            try NativeServingTests.write("mola", from: other.path, in: server.files)
            try NativeServingTests.write("near", from: path, in: server.files)
            let small = "&SCALESIZE=x(18),y(9)&INTERPOLATION=linear"
            let reply = try await server.ask(Self.get + "mola__native" + small)
            #expect(reply.status == 400 && reply.text.contains("1620000 pixels from another server"))
            #expect(reply.text.contains("at most 1048576"), "\(reply.text)")
            #expect(try await server.ask(Self.get + "near__native" + small).status == 200)
            #expect(try await server.ask(Self.get + "mola__native&SCALESIZE=x(1),y(1)").status == 200)
        }
    }

    @Test func silentServersLeaveThreadsToOthers() async throws {
        let sources = RemoteSources()
        let release = Atomic(false)
        let begun = Atomic(0)
        func key(_ number: Int) -> RemoteSources.Key { .init(generation: UInt64(number), note: 1) }
        func map(_ name: String) throws -> MapName { try MapName(body: "mars", name: name) }
        var silent: [RemoteSources.Place] = []
        for number in 0..<40 {
            let host = ["one", "two", "three"][number % 3]
            silent.append(
                sources.place(of: try map("silent\(number)"), key(number), on: host) {
                    begun.add(1, ordering: .relaxed)
                    while !release.load(ordering: .relaxed) { usleep(1000) }
                    return .unreachable
                })
        }
        let start = ContinuousClock.now
        let healthy = try (0..<20).map { number in
            sources.place(of: try map("healthy\(number)"), key(number), on: "four") { .unfit }
        }
        for place in healthy {
            while place.isAsked, ContinuousClock.now - start < .seconds(60) {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(place.finding != nil)
        }
        #expect(begun.load(ordering: .relaxed) <= 6 && silent.allSatisfy(\.isAsked))
        release.store(true, ordering: .relaxed)
        for place in silent {
            while place.isAsked, ContinuousClock.now - start < .seconds(60) {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(place.finding != nil)
        }
        #expect(begun.load(ordering: .relaxed) == 40)
    }
}
