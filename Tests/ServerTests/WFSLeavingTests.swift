import Features
import Glibc
import HiPS
import PlanetaryFrames
import Testing

@testable import Server

/// Clients of the service of features that leave before their answer is there, over sockets.
@Suite(.serialized) struct WFSLeavingTests {
    /// A layer of texts that are dear to look at.
    private static func write(_ count: Int, to files: TemporaryDirectory, layer: String) throws {
        let mars = try BodyCatalogue.standard().body(named: "Mars")
        let store = try FeatureStore.writing(DataDirectory(path: files.path))
        let writer = try LayerWriter(
            store, name: LayerName(body: "mars", name: layer), body: mars,
            columns: [FeatureColumn(name: "name", kind: .text)], mode: .replace)
        for index in 0..<count {
            let text = "\(index) " + String(repeating: "word ", count: 200)
            try writer.add(.point(Position(Double(index % 360) - 180, 10)), [.text(text)])
        }
        try writer.finish(description: "Texts", source: "test", assumptions: [])
    }

    /// A request whose filter finds nothing, and calls none of this program's own functions.
    private static func request(operators: Int) -> String {
        let parts = (0..<operators).map {
            "<PropertyIsLike wildCard=\"*\" singleChar=\"?\" escapeChar=\"!\"><ValueReference>name</ValueReference>"
                + "<Literal>*wor?-\($0)*</Literal></PropertyIsLike>"
        }
        let document =
            "<GetFeature service=\"WFS\" version=\"2.0.0\"><Query typeNames=\"texts\"><Filter><Or>\(parts.joined())"
            + "</Or></Filter></Query></GetFeature>"
        return
            "POST /mars/wfs HTTP/1.1\r\nHost: h\r\nContent-Length: \(document.utf8.count)\r\nConnection: close\r\n\r\n"
            + document
    }

    private static func reading(_ name: String, _ server: Fixture) async throws -> Int {
        let text = try await server.ask("/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return try #require(line?.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) })
    }

    /// Waits until as many requests calculate as expected.
    private static func wait(_ server: Fixture, running: Int) async throws {
        for _ in 0..<6000 {
            if try await reading("tessera_work_running", server) == running { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("there are never \(running) at work")
    }

    /// The descriptors of this process that are open on files, by their numbers and the names that these have or had.
    private static func descriptors(where isCounted: (Int32, String) -> Bool) -> Int {
        guard let folder = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var target = [CChar](repeating: 0, count: 4096)
            guard readlink("/proc/self/fd/" + name, &target, 4095) > 0 else { continue }
            let path = String(
                decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if isCounted(Int32(name) ?? -1, path) { count += 1 }
        }
        return count
    }

    /// The files of GeoPackages that are sent, which have no name any more, and hold a layer: other tests send others.
    private static func openSpools(of layer: String) -> Int {
        descriptors { number, path in
            guard path.contains("/tessera-geopackage-"), path.hasSuffix(" (deleted)") else { return false }
            // The names of tables are in the first pages.
            var bytes = [UInt8](repeating: 0, count: 1 << 18)
            let count = pread(number, &bytes, bytes.count, 0)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains(layer)
        }
    }

    /// The folders in which GeoPackages are made that hold a layer.
    private static func folders(of layer: String) -> [String] {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        guard let folder = opendir(root) else { return [] }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix("tessera-geopackage-") else { continue }
            let text = TemporaryDirectory.text(root + "/" + name + "/features.gpkg")
            if text?.contains(layer) == true { found.append(name) }
        }
        return found
    }

    /// A long statement ends when its client goes, long before its time, and the one place of the gate is free again.
    ///
    /// By itself it takes about a minute, after which it would be given up.
    @Test func statementsEndWithTheirClient() async throws {
        try await Fixture.serve { configuration, _ in
            configuration.workers = 1
        } _: { server in
            try Self.write(40_000, to: server.files, layer: "texts")
            let abandoned = try await Self.reading("tessera_work_abandoned_total", server)

            var large: Connection? = Connection(port: server.port)
            await large?.send(Self.request(operators: 800))
            try await Self.wait(server, running: 1)
            // Time enough to read the filter, so that it is the statement that the client leaves.
            try await Task.sleep(for: .seconds(1))
            #expect(try await Self.reading("tessera_work_running", server) == 1)
            let left = ContinuousClock.now
            large = nil
            try await Self.wait(server, running: 0)
            #expect(ContinuousClock.now - left < .seconds(40))
            #expect(try await Self.reading("tessera_work_abandoned_total", server) == abandoned + 1)
            // The connection to the GeoPackage goes on with others.
            let next = try await server.ask(
                "/mars/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=texts&COUNT=3&STARTINDEX=39997"
            )
            #expect(next.status == 200 && next.text.contains("gml:id=\"texts.40000\""))
            _ = large
        }
    }

    /// A whole layer is not read on for a client that has gone in the middle of it, nor for one that takes nothing.
    @Test func wholeLayersEndWithTheirClient() async throws {
        try await Fixture.serve { configuration, _ in
            configuration.workers = 1
        } _: { server in
            // 40 MB of GML: more than the buffers of the system hold.
            try Self.write(40_000, to: server.files, layer: "texts")
            let path = "/mars/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=texts"
            let file = server.files.path + "/features.gpkg"
            func logSize() -> Int {
                var facts = stat()
                return stat(file + "-wal", &facts) == 0 ? Int(facts.st_size) : -1
            }
            #expect(try await server.ask(path + "&COUNT=1").status == 200)
            try Self.write(40_000, to: server.files, layer: "texts")
            let log = logSize()
            #expect(log > 1_000_000)
            #expect(try await server.ask(path + "&COUNT=1").status == 200)
            let open = Self.descriptors { _, path in path == file }
            #expect(open > 0)
            var leaving: [Connection] = []
            for _ in 0..<4 {
                let connection = Connection(port: server.port, receiveBuffer: 65536)
                await connection.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(await connection.receive(atLeast: 100_000)?.count ?? 0 >= 100_000)
                leaving.append(connection)
            }
            // Nobody takes anything, so nothing is at work, and others are served.
            try await Self.wait(server, running: 0)
            #expect(try await server.ask(path + "&COUNT=1").status == 200)
            leaving = []
            // The requests are over, and nothing that they held is left.
            for _ in 0..<6000 {
                if try await Self.reading("tessera_http_requests_in_progress", server) <= 1 { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await Self.reading("tessera_http_requests_in_progress", server) <= 1)
            #expect(try await Self.reading("tessera_work_running", server) == 0)
            // One connection to the GeoPackage was enough for all of them, as the gate has one place.
            #expect(Self.descriptors { _, path in path == file } == open)
            // The log beside the file begins anew, as before; with a transaction that is still open it would grow.
            try Self.write(40_000, to: server.files, layer: "texts")
            #expect(logSize() < log * 5 / 4, "\(logSize()) bytes after \(log)")
            #expect(try await server.ask(path + "&COUNT=1").text.contains("numberMatched=\"40000\""))
        }
    }

    /// The file of a GeoPackage is gone as soon as its client is.
    @Test func geoPackagesLeaveNothing() async throws {
        try await Fixture.serve { server in
            let layer = "left_\(getpid())"
            try Self.write(20_000, to: server.files, layer: layer)
            let path =
                "/mars/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&OUTPUTFORMAT=gpkg&TYPENAMES=" + layer
            var leaving: Connection? = Connection(port: server.port, receiveBuffer: 65536)
            await leaving?.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
            // In the middle of the file.
            #expect(await leaving?.receive(atLeast: 1_500_000)?.count ?? 0 >= 1_500_000)
            #expect(Self.openSpools(of: layer) >= 1 && Self.folders(of: layer).isEmpty)
            _ = leaving
            leaving = nil
            for _ in 0..<6000 where Self.openSpools(of: layer) > 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(Self.openSpools(of: layer) == 0)
            // And in the middle of its making.
            var early: Connection? = Connection(port: server.port)
            await early?.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
            try await Self.wait(server, running: 1)
            _ = early
            early = nil
            try await Self.wait(server, running: 0)
            for _ in 0..<6000 where Self.openSpools(of: layer) > 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(Self.openSpools(of: layer) == 0 && Self.folders(of: layer).isEmpty)
        }
    }
}
