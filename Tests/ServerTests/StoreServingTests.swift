import HiPS
import Logging
import Settings
import Storage
import Synchronization
import Testing

@testable import Server

/// A store that counts what it is asked for, and fails when told to.
private struct WatchedStore: FileStore {
    final class Watch: Sendable {
        let asked = Mutex<[String]>([])
        let fails = Atomic<Bool>(false)
    }

    let store: any FileStore
    let watch: Watch

    private func pass(_ path: String) throws(StoreError) {
        watch.asked.withLock { $0.append(systemPath(path)) }
        guard !watch.fails.load(ordering: .relaxed) else {
            throw StoreError(operation: "open", path: path, reason: "HTTP response code: 503")
        }
    }

    var root: String { store.root }
    func systemPath(_ path: String) -> String { store.systemPath(path) }
    func read(_ path: String, atMost limit: Int) throws(StoreError) -> [UInt8]? {
        try pass(path)
        return try store.read(path, atMost: limit)
    }
    func write(_ bytes: [UInt8], to path: String) throws(StoreError) { try store.write(bytes, to: path) }
    func names(in folder: String) throws(StoreError) -> [String] {
        try pass(folder)
        return try store.names(in: folder)
    }
    func status(of path: String) throws(StoreError) -> FileStatus? {
        try pass(path)
        return try store.status(of: path)
    }
    func remove(_ path: String) throws(StoreError) { try store.remove(path) }
    func store(below folder: String) -> any FileStore {
        WatchedStore(store: store.store(below: folder), watch: watch)
    }

    init(store: any FileStore, watch: Watch = Watch()) {
        self.store = store
        self.watch = watch
    }
}

@Suite struct StoreServingTests {
    private static let names = [
        "Norder0/Dir0/Npix0.png", Fixture.tile, "Norder1/Allsky.jpg", "Moc.fits", "preview.jpg", "index.html",
    ]

    private static func map(_ build: String, in store: any FileStore) throws {
        for name in names {
            try store.write(Array("\(name) of build \(build)".utf8), to: "hips/mars/viking/" + name)
        }
        let properties =
            "creator_did = ivo://localhost/mars/viking\nobs_title = Mars \(build)\nhips_order = 1\n"
        try store.write(Array(properties.utf8), to: "hips/mars/viking/properties")
    }

    /// Serves a store with one map, and with things that nobody may see.
    private func serve(
        cacheBytes: Int = 1 << 20, _ body: @Sendable @escaping (Fixture, WatchedStore) async throws -> Void
    ) async throws {
        let store = WatchedStore(
            store: try Stores.store(at: "/vsimem/tessera-server-\(UInt64.random(in: 0 ... .max))"))
        defer { try? store.remove("") }
        try Self.map("one", in: store)
        try store.write(Array(Fixture.secret.utf8), to: "hips/mars/.mola.partial/properties")
        try store.write(Array(Fixture.secret.utf8), to: "hips/mars/viking/notes.txt")
        try store.write(Array(Fixture.secret.utf8), to: "hips/secret")
        try await Fixture.serve(cacheBytes: cacheBytes, source: .store(store)) { try await body($0, store) }
    }

    @Test func filesAsTheyAre() async throws {
        try await serve { server, _ async throws in
            for name in Self.names {
                let reply = try await server.ask("/hips/mars/viking/" + name)
                #expect(reply.status == 200 && reply.text == "\(name) of build one", "\(name)")
                let tag = try #require(reply.fields["etag"])
                let again = try await server.ask(
                    "/hips/mars/viking/" + name, fields: ["If-None-Match: " + tag])
                #expect(again.status == 304)
            }
            let properties = try HiPSProperties(
                parsing: try await server.ask("/hips/mars/viking/properties").text)
            #expect(properties["hips_service_url"] == "http://test.example:81/hips/mars/viking")
            #expect(properties.title == "Mars one")
            let list = try await server.ask("/hipslist").text
            #expect(list.split(separator: "\n\n").count == 1 && list.contains("/hips/mars/viking\n"))
            #expect(try await server.ask("/").text.contains("Mars one"))
            #expect(try await server.ask("/hips/mars/viking/").text == "index.html of build one")
            for path in [
                "/hips/mars/.mola.partial/properties", "/hips/mars/viking/notes.txt", "/hips/secret",
                "/hips/mars/none/properties", "/hips/mars/viking/Norder1/Dir0/Npix6.png",
                "/hips/mars/viking/../../secret",
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == 404 || reply.status == 400, "\(path)")
                #expect(!reply.text.contains(Fixture.secret))
            }
        }
    }

    @Test func whatIsInMemoryIsNotAskedFor() async throws {
        try await serve { server, store async throws in
            for _ in 1...3 {
                #expect(try await server.ask("/hips/mars/viking/" + Fixture.tile).status == 200)
                #expect(try await server.ask("/hips/mars/viking/Norder1/Dir0/Npix6.png").status == 404)
            }
            let asked = store.watch.asked.withLock { $0 }
            #expect(asked.filter { $0.hasSuffix(Fixture.tile) }.count == 1)
            #expect(asked.filter { $0.hasSuffix("Npix6.png") }.count == 1)
        }
    }

    @Test func aStoreThatFailsIsNotOneWithoutTheTile() async throws {
        try await serve { server, store async throws in
            let tile = "/hips/mars/viking/" + Fixture.tile
            #expect(try await server.ask("/hips/mars/viking/Moc.fits").status == 200)
            store.watch.fails.store(true, ordering: .relaxed)
            for path in [tile, "/hips/io/none/properties", "/hipslist", "/"] {
                let reply = try await server.ask(path)
                #expect(reply.status == 503, "\(path)")
                #expect(reply.fields["retry-after"] == "5")
                #expect(reply.fields["access-control-allow-origin"] == "*")
                #expect(reply.fields["cache-control"] == "no-cache")
                #expect(!reply.text.contains("vsimem"))
            }
            // What is in memory is given out, also when the state has to be looked at again.
            try await Task.sleep(for: .milliseconds(5200))
            #expect(try await server.ask("/hips/mars/viking/Moc.fits").status == 200)
            store.watch.fails.store(false, ordering: .relaxed)
            #expect(try await server.ask(tile).text == Fixture.tile + " of build one")
        }
    }

    /// A map of tiles that cannot be had at the moment is asked for again, not taken for a broken one.
    @Test func aStoreThatFailsLetsMapsWait() async throws {
        let store = WatchedStore(
            store: try Stores.store(at: "/vsimem/tessera-server-\(UInt64.random(in: 0 ... .max))"))
        defer { try? store.remove("") }
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        let folder = FolderStore(root: files.path)
        for name in ["properties"] + (0..<12).map({ "Norder0/Dir0/Npix\($0).png" }) {
            let path = "hips/mars/red/" + name
            try store.write(try #require(try folder.read(path, atMost: 1 << 20)), to: path)
        }
        try await Fixture.serve(
            source: .store(store), configure: { configuration, _ in configuration.settings.cache.decoded = 0 }
        ) { server in
            let path = WMSServingTests.map + "red&WIDTH=16&HEIGHT=8"
            #expect(try await server.ask(path).status == 200)
            store.watch.fails.store(true, ordering: .relaxed)
            for form in ["", "&EXCEPTIONS=BLANK"] {
                let reply = try await server.ask(path + form)
                #expect(reply.status == 503 && reply.fields["retry-after"] == "5")
                #expect(reply.text.contains("<ServiceException"))
            }
            #expect(try await server.ask("/metrics").text.contains("\ntessera_errors_total 2\n"))
            store.watch.fails.store(false, ordering: .relaxed)
            #expect(try await server.ask(path).status == 200)
        }
    }

    /// Which maps there are is known for as long as the store is away.
    @Test func aStoreThatFailsKeepsTheMapsThatAreKnown() async throws {
        try await serve { server, store async throws in
            let broken = "/mars/wms?SERVICE=WMS&REQUEST=Nothing"
            #expect(try await server.ask(broken).status == 400)
            // One map, which cannot be drawn: each document tries, and does not ask for the state of anything anew.
            let document = "/mars/wms?SERVICE=WMS&REQUEST=GetCapabilities"
            #expect(try await server.ask(document).status == 200)
            store.watch.asked.withLock { $0 = [] }
            let begin = ContinuousClock.now
            for _ in 0..<5 { #expect(try await server.ask(document).status == 200) }
            // Each second the states are asked for again whatever the documents do.
            let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
            let asked = store.watch.asked.withLock { $0 }.filter { $0.hasSuffix("/properties") }
            #expect(asked.count <= 1 + seconds)
            store.watch.fails.store(true, ordering: .relaxed)
            try await Task.sleep(for: .milliseconds(5200))
            for _ in 0..<3 { #expect(try await server.ask(broken).status == 400) }
        }
    }

    @Test func rebuiltAndRemoved() async throws {
        try await serve { server, store async throws in
            let tile = "/hips/mars/viking/" + Fixture.tile
            #expect(try await server.ask(tile).text == Fixture.tile + " of build one")
            #expect(try await server.ask("/hips/mars/viking/Norder1/Dir0/Npix6.png").status == 404)
            try store.write(Array("new".utf8), to: "hips/mars/viking/Norder1/Dir0/Npix6.png")
            try Self.map("number two", in: store)
            try await Task.sleep(for: .milliseconds(5200))
            #expect(try await server.ask(tile).text == Fixture.tile + " of build number two")
            #expect(try await server.ask("/hips/mars/viking/properties").text.contains("number two"))
            #expect(try await server.ask("/hips/mars/viking/Norder1/Dir0/Npix6.png").text == "new")
            try store.remove("hips/mars/viking/properties")
            try await Task.sleep(for: .milliseconds(5200))
            #expect(try await server.ask(tile).status == 404)
        }
    }

    @Test func whyItDoesNotStart() async throws {
        let store = WatchedStore(store: FolderStore(root: "/none"))
        store.watch.fails.store(true, ordering: .relaxed)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = TileServer(configuration: .init(data: .store(store), port: 0), logger: logger)
        await #expect(throws: ServerError.unavailable(path: "hips", reason: "HTTP response code: 503")) {
            try await server.run()
        }
        #expect(throws: ServerError.self) { try DataSource("ftp://host/data") }
        guard case .directory(DataDirectory(path: "data")) = try DataSource("data") else {
            Issue.record("a folder is taken for something else")
            return
        }
    }
}
