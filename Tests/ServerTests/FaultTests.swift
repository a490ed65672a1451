import Glibc
import HiPS
import Logging
import Settings
import Synchronization
import Testing
import Tiles

@testable import Server

/// Clients, maps and disks that do not do what they should.
@Suite struct FaultTests {
    // MARK: Clients

    private static func post(_ length: String) -> String {
        "POST /mars/wms HTTP/1.1\r\nHost: h\r\n\(length)\r\n\r\n"
    }

    /// Sends what is too large until the answer is there before the connection goes, for which a busy test may come too late.
    private static func refused(_ text: String, _ port: Int) async throws -> (Connection, Reply) {
        for _ in 0..<50 {
            let connection = Connection(port: port)
            await connection.send(text)
            var bytes = (await connection.receive(atLeast: 200) ?? [])[...]
            if let reply = Reply(&bytes) { return (connection, reply) }
        }
        let none: Reply? = nil
        return (Connection(port: port), try #require(none))
    }

    @Test func bodiesAreReadWithinLimits() async throws {
        try await Fixture.serve { server in
            // A whole one is refused for what it is, and the connection goes on.
            let whole = Connection(port: server.port)
            await whole.send(Self.post("Content-Length: 3") + "abc")
            await whole.send(Self.post("Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n")
            await whole.send("GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            var bytes = try #require(await whole.receive())[...]
            for status in [405, 405, 200] { #expect(Reply(&bytes)?.status == status) }
            // Of what is too large the beginning is read, and the connection ends.
            for start in [
                Self.post("Content-Length: 2000000") + String(repeating: "x", count: 1_100_000),
                Self.post("Transfer-Encoding: chunked") + "200000\r\n"
                    + String(repeating: "x", count: 2_000_000),
            ] {
                let (large, reply) = try await Self.refused(start, server.port)
                #expect(reply.status == 405 && reply.fields["connection"] == "close")
                // Long before the time is over that a body may take, which is ten minutes here.
                let answered = ContinuousClock.now
                #expect(await large.waitUntilAbandoned(by: server.port))
                #expect(ContinuousClock.now - answered < .seconds(120))
            }
            // The message tells the limit, not the number of bytes that were looked at.
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let (_, reply) = try await Self.refused(
                Self.post("Content-Length: 1048577").replacing("/mars/wms", with: "/mars/wcs")
                    + String(repeating: "x", count: 1_048_577), server.port)
            #expect(reply.status == 413 && reply.text.contains("more than 1048576 bytes"), "\(reply.text)")
        }
    }

    /// A body of which a byte comes now and then does not hold its connection.
    @Test func slowBodiesAreLetGo() async throws {
        try await Fixture.serve(idleTimeout: 1) { server in
            for start in [Self.post("Content-Length: 1000"), Self.post("Transfer-Encoding: chunked")] {
                let slow = Connection(port: server.port)
                await slow.send(start)
                let isOver = Atomic(false)
                async let sent: Void = { () async in
                    for _ in 0..<600 where !isOver.load(ordering: .relaxed) {
                        await slow.send(start.contains("chunked") ? "1\r\nx\r\n" : "x")
                        try? await Task.sleep(for: .milliseconds(200))
                    }
                }()
                #expect(await slow.waitUntilAbandoned(by: server.port))
                isOver.store(true, ordering: .relaxed)
                await sent
            }
        }
    }

    /// Those for whom there is no place wait until the silent ones were let go.
    @Test func connectionsAreLimited() async throws {
        try await Fixture.serve(
            idleTimeout: 2, configure: { configuration, _ in configuration.connections = 4 }
        ) { server in
            let start = ContinuousClock.now
            let silent = (0..<12).map { _ in Connection(port: server.port) }
            _ = try await server.askAgain("/health")
            #expect(ContinuousClock.now - start > .milliseconds(500))
            for connection in silent { #expect(await connection.waitUntilAbandoned(by: server.port)) }
        }
        #expect(OpenFiles.connections(stated: nil, files: 1024) == 512)
        #expect(OpenFiles.connections(stated: nil, files: 1 << 20) == 10_000)
        #expect(OpenFiles.connections(stated: 100, files: 1024) == 100)
        #expect(OpenFiles.connections(stated: 5000, files: 1024) == 512)
    }

    /// Without a free descriptor nothing can be said of a map: it is not told that there is none.
    @Test func aRefusalOfTheSystemIsNoAbsence() throws {
        let nowhere = try Descriptor.directory("/nowhere")
        #expect(nowhere == nil)
        let files = TemporaryDirectory()
        files.write("x", to: "a/b")
        let root = try #require(try Descriptor.directory(files.path))
        for path in ["none", "a/b"] {
            let found = try root.directory(below: path)
            #expect(found == nil, "\(path)")
        }
        #expect(throws: ServerError.self) {
            try Descriptor(owning: -1).directory(below: "a")
        }
    }

    // MARK: Maps

    private static let set = "MarsEquidistantCylindricalSphere"
    private static let keys =
        "/mars/wmts?SERVICE=WMTS&VERSION=1.0.0&LAYER=red&STYLE=default&FORMAT=image/png&TILEMATRIXSET=\(set)"
        + "&TILEMATRIX=1&TILEROW=0&TILECOL=2"

    private func colour(_ reply: Reply) throws -> [UInt8] {
        Array(try PictureDecoder.decode(reply.body).samples.prefix(3))
    }

    private func sequence(_ reply: Reply) -> Int? {
        reply.text.firstRange(of: "updateSequence=\"").flatMap { range in
            Int(reply.text[range.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// The state that the server knows is one of a map that was exchanged since, and whose files are gone: it cannot be
    /// opened, and everything comes from the new one.
    @Test func theTileServiceLooksAgain() async throws {
        try await Fixture.serve { server in
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "red")
            try WMSServingTests.write([0, 0, 0], to: "red", in: server.files, date: "0")
            let requests = [
                Self.keys + "&REQUEST=GetTile",
                Self.keys + "&REQUEST=GetFeatureInfo&I=1&J=2&INFOFORMAT=text/plain",
                "/mars/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
                "/mars/tiles/red/\(Self.set)/tilejson.json",
            ]
            for (turn, path) in requests.enumerated() {
                let level = UInt8(40 * turn + 10)
                _ = try data.preparePartial(map)
                try WMSServingTests.write(
                    [level, 50, 60], to: ".red.partial/map", in: server.files, date: "\(turn + 1)")
                // Known, and not opened.
                #expect(try await server.ask("/hips/mars/red/properties").status == 200)
                try data.publish(map)
                let reply = try await server.ask(path)
                #expect(reply.status == 200, "\(path): \(reply.text)")
                switch turn {
                case 0: #expect(try colour(reply) == [level, 50, 60])
                case 1: #expect(reply.text.contains("\(level)"), "\(reply.text)")
                case 2: #expect(reply.text.contains("<ows:Identifier>red</ows:Identifier>"))
                default: #expect(reply.text.contains("Mars in .red"))
                }
            }
        }
    }

    /// A document without a map that cannot be opened is another one than that with the map.
    @Test func aBrokenMapHasADocumentOfItsOwn() async throws {
        try await Fixture.serve { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            try WMSServingTests.write([200, 100, 50], to: "blue", in: server.files, date: "1")
            let path = server.files.path + "/hips/mars/blue/Norder0"
            #expect(rename(path, path + ".away") == 0)
            for service in ["wms", "wmts"] {
                let address = "/mars/\(service)?SERVICE=\(service.uppercased())&REQUEST=GetCapabilities"
                let without = try await server.ask(address)
                #expect(without.text.contains("Mars in red") && !without.text.contains("Mars in blue"))
                #expect(rename(path + ".away", path) == 0)
                var with = try await server.ask(address)
                for _ in 0..<200 where !with.text.contains("Mars in blue") {
                    try await Task.sleep(for: .milliseconds(50))
                    with = try await server.ask(address)
                }
                #expect(with.text.contains("Mars in blue"))
                let (first, second) = (try #require(sequence(without)), try #require(sequence(with)))
                #expect(second > first)
                // Broken again, for the other service: another state, since the first is open.
                try WMSServingTests.write([1, 2, 3], to: "blue", in: server.files, date: service)
                #expect(rename(path, path + ".away") == 0)
                try await Task.sleep(for: .milliseconds(1200))
            }
        }
    }

    /// Nobody holds the state of a map that was removed, and with it a directory, once the maps have been looked up.
    @Test func removedMapsAreLetGo() async throws {
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        try WMSServingTests.write([200, 100, 50], to: "blue", in: files, date: "1")
        let data = DataDirectory(path: files.path)
        let forgotten = Mutex<[MapName]>([])
        let catalogue = Catalogue(source: DataSource.directory(data).maps, logger: Logger(label: "test")) {
            maps in
            forgotten.withLock { $0 += maps }
        }
        weak let state = try await catalogue.generation(of: MapName(body: "mars", name: "red"))
        #expect(state != nil)
        try data.remove(MapName(body: "mars", name: "red"))
        try await Task.sleep(for: .milliseconds(1200))
        let present = try await catalogue.maps(of: "mars").map(\.map.name)
        #expect(present == ["blue"])
        #expect(state == nil)
        #expect(forgotten.withLock { $0.map(\.name) } == ["red"])
    }

    /// Neither is what was opened of such a map held, whoever asks first after the removal.
    @Test(arguments: ["name", "body", "list"]) func layersOfRemovedMapsAreLetGo(_ first: String) async throws
    {
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        try WMSServingTests.write([200, 100, 50], to: "blue", in: files, date: "1")
        let data = DataDirectory(path: files.path)
        let services = MapServices(settings: ServerSettings())
        let source = DataSource.directory(data).maps
        // A listing must find by itself what nobody was told of.
        let catalogue =
            first == "name"
            ? Catalogue(source: source, logger: Logger(label: "test"), forget: { services.forget($0) })
            : Catalogue(source: source, logger: Logger(label: "test"), keep: { services.keep(only: $0) })
        let (red, blue) = (try MapName(body: "mars", name: "red"), try MapName(body: "mars", name: "blue"))
        weak let state = try await catalogue.generation(of: red)
        weak let other = try await catalogue.generation(of: blue)
        _ = try services.layer(red, try #require(state))
        _ = try services.layer(blue, try #require(other))
        try data.remove(red)
        try await Task.sleep(for: .milliseconds(1200))
        switch first {
        case "name": #expect(try await catalogue.generation(of: red) == nil)
        case "body": #expect(try await catalogue.maps(of: "mars").map(\.map) == [blue])
        default: #expect(try await catalogue.entries().map(\.map) == [blue])
        }
        #expect(state == nil && other != nil)
    }

    /// A map with a broken tile is not looked at again at each request for it.
    @Test func brokenTilesHaveTheirMoment() async throws {
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        let source = DataSource.directory(DataDirectory(path: files.path)).maps
        let state = try #require(try source.state(of: MapName(body: "mars", name: "red"), known: nil))
        #expect(state.lastFailure == nil)
        let first = state.failure
        #expect(state.failure == first && state.lastFailure == nil)
        let later = ContinuousClock.now
        state.lastMiss.withLock { $0 = later }
        #expect(state.failure == later)
    }

    /// The page goes on without the links to features while others keep all places.
    @Test func theLandingPageIsNotTurnedAway() async throws {
        try await Fixture.serve(
            configure: { configuration, _ in (configuration.workers, configuration.queue) = (1, 0) }
        ) { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let drawn = Atomic(false)
            // The page may have the one place at the moment.
            let map = Task {
                defer { drawn.store(true, ordering: .relaxed) }
                let path = WMSServingTests.map + "red&WIDTH=3000&HEIGHT=3000"
                for _ in 0..<100 where try await server.ask(path).status == 200 { return true }
                return false
            }
            var count = 0
            while !drawn.load(ordering: .relaxed) {
                #expect(try await server.ask("/").status == 200)
                count += 1
            }
            let isDrawn = try await map.value
            #expect(isDrawn && count > 1)
        }
    }

    // MARK: Disks

    private static func configuration(_ files: TemporaryDirectory, _ folder: TemporaryDirectory)
        -> TileServer.Configuration
    {
        var configuration = TileServer.Configuration(data: .directory(DataDirectory(path: files.path)))
        configuration.cacheDirectory = folder.path
        return configuration
    }

    private static func wish(_ levels: ClosedRange<Int> = 0...0) throws -> TileSeeder.Wish {
        .init(
            map: try MapName(body: "mars", name: "red"), sets: ["equirectangular"], levels: levels,
            formats: ["png"], styles: [])
    }

    private static func tiles(_ folder: TemporaryDirectory) -> [String] {
        var paths: [String] = []
        FolderWalk.files(below: folder.path + "/mars") { path, _ in paths.append(path) }
        return paths
    }

    /// What is drawn while the map is exchanged is drawn again.
    @Test func seedingNoticesARebuild() async throws {
        let (files, folder) = (TemporaryDirectory(), TemporaryDirectory())
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        let seeder = try TileSeeder(
            configuration: Self.configuration(files, folder), logger: Logger(label: "test"))
        let isRebuilt = Atomic(false)
        let done = try await seeder.run(try Self.wish(), workers: 1) { progress in
            guard progress.finished == 1, !isRebuilt.exchange(true, ordering: .relaxed) else { return }
            try? WMSServingTests.write([10, 20, 30], to: "red", in: files, date: "another")
            // Until the next look at it.
            usleep(1_200_000)
        }
        #expect(done.total == 2 && done.finished == 2 && done.failed == 0)
        let parts = Self.tiles(folder).map { $0.dropFirst(folder.path.count).split(separator: "/")[2] }
        let counts = Dictionary(parts.map { ($0, 1) }, uniquingKeysWith: +).values.sorted()
        #expect(counts == [1, 2])
        try await Fixture.serve(
            source: .directory(DataDirectory(path: files.path)),
            configure: { configuration, _ in configuration.cacheDirectory = folder.path }
        ) { server in
            for column in 0...1 {
                let tile = try await server.ask("/mars/tiles/red/\(Self.set)/0/0/\(column).png")
                #expect(try colour(tile) == [10, 20, 30])
            }
            #expect(try await server.ask("/metrics").text.contains("\ntessera_rendered_tiles_total 0\n"))
        }
    }

    /// A cache that is full of tiles of an earlier state is filled with those of the present one.
    @Test func seedingClearsWhatIsDead() async throws {
        let (files, folder) = (TemporaryDirectory(), TemporaryDirectory())
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        var configuration = Self.configuration(files, folder)
        configuration.diskBytes = 1 << 20
        let dead = "mars/red/ab12-9-1/default/north/0/0/1.png"
        let other = "mars/other/ab12-9-1/default/north/0/0/1.png"
        do {
            let tiles = try #require(try DiskTiles(configuration, logger: Logger(label: "test")))
            try tiles.keep([UInt8](repeating: 7, count: 900_000), at: dead)
            try tiles.keep([UInt8](repeating: 7, count: 140_000), at: other)
            tiles.sweep()
            #expect(tiles.used >= 1_040_000)
        }
        configuration.diskBytes = 1_040_000
        let seeder = try TileSeeder(configuration: configuration, logger: Logger(label: "test"))
        let done = try await seeder.run(try Self.wish(), workers: 2) { _ in }
        #expect(done.made == 2)
        let left = Self.tiles(folder)
        let isThere = left.contains { $0.hasSuffix(dead) }
        #expect(!isThere && left.contains { $0.hasSuffix(other) } && left.count == 3)
        // Tiles of the living alone do not give way.
        configuration.diskBytes = 4096
        let full = try TileSeeder(configuration: configuration, logger: Logger(label: "test"))
        var wish = try Self.wish()
        wish.formats = ["webp", "jpg"]
        var isFull = false
        do {
            _ = try await full.run(wish, workers: 1) { _ in }
        } catch ServerError.cacheFull {
            isFull = true
        }
        #expect(isFull)
    }

    /// Who draws for a state that a map is not in any more makes no room.
    @Test func staleSeedingClearsNothing() async throws {
        let (files, folder) = (TemporaryDirectory(), TemporaryDirectory())
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        var configuration = Self.configuration(files, folder)
        configuration.diskBytes = 4096
        let tiles = try #require(try DiskTiles(configuration, logger: Logger(label: "test")))
        tiles.sweep()
        let map = try MapName(body: "mars", name: "red")
        let source = configuration.data.maps
        let state = try #require(try source.state(of: map, known: nil))
        try WMSServingTests.write([10, 20, 30], to: "red", in: files, date: "another")
        let newer = try #require(try source.state(of: map, known: state))
        let path = "mars/red/\(tiles.folder(of: newer))/default/north/0/0/1.png"
        try tiles.keep([UInt8](repeating: 7, count: 9000), at: path)
        let stale = SeedRoom(disk: tiles, map: map) { newer }
        stale.measure(living: state)
        #expect(!stale.isThere() && tiles.read(path) != nil)
        let current = SeedRoom(disk: tiles, map: map) { state }
        current.measure(living: state)
        #expect(current.isThere() && tiles.read(path) == nil)
    }

    /// Where nothing can be given up at the moment, writing stops at eleven tenths of the limit.
    @Test func theDiskCacheEndsAtElevenTenths() async throws {
        let (files, folder) = (TemporaryDirectory(), TemporaryDirectory())
        var configuration = Self.configuration(files, folder)
        configuration.diskBytes = 1_000_000
        let tiles = try #require(try DiskTiles(configuration, logger: Logger(label: "test")))
        tiles.sweep()
        // Whoever sweeps takes turns; this one keeps its.
        let turn = try #require(try Descriptor.directory(folder.path + "/.tessera-tiles"))
        #expect(flock(turn.number, LOCK_EX) == 0)
        let bytes = [UInt8](repeating: 7, count: 99_000)
        func path(_ number: Int) -> String { "mars/a/ab12-9-1/default/north/0/0/\(number).png" }
        for number in 0..<30 { tiles.write(bytes, to: path(number)) }
        let kept = (0..<30).filter { tiles.read(path($0)) != nil }
        // Files of 102,400 bytes on the disk: the eleventh comes to 1.13 of the limit, the twelfth is not written.
        #expect(kept == Array(0..<11), "\(kept)")
        #expect(flock(turn.number, LOCK_UN) == 0)
        for _ in 0..<600 where tiles.used > 1_000_000 { try await Task.sleep(for: .milliseconds(50)) }
        tiles.write(bytes, to: path(40))
        #expect(tiles.read(path(40)) == bytes)
    }

    // MARK: Documents

    /// Clients that ask for nothing beyond a box are told one that is a turn wider, where it is wanted.
    @Test func boxesGoOnWhereItIsWanted() async throws {
        for isWanted in [false, true] {
            try await Fixture.serve(configure: { configuration, _ in
                configuration.settings.wms.wrapExtent = isWanted
            }) { server in
                try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
                let document = try await server.ask("/mars/wms?REQUEST=GetCapabilities").text
                let box = "CRS=\"IAU_2015:49900\" minx=\"-90.0\" miny=\"-180.0\" maxx=\"90.0\" maxy="
                #expect(document.contains(box + (isWanted ? "\"540.0\"" : "\"180.0\"")))
                // Boxes in metres and the geographic one stay.
                #expect(document.contains("<eastBoundLongitude>180.0</eastBoundLongitude>"))
                let old = try await server.ask("/mars/wms?REQUEST=GetCapabilities&VERSION=1.1.1").text
                #expect(old.contains("maxx=\"540.0\"") == isWanted)
            }
        }
    }
}
