import Glibc
import HiPS
import Logging
import Testing
import Tiles

@testable import Server

/// Tiles over the wire: how they are kept, and that no kept one outlives its map.
@Suite struct WMTSServingTests {
    private static func write(_ colour: [UInt8], in files: TemporaryDirectory, date: String) throws {
        let pixels = Array(repeating: colour, count: 64 * 64).flatMap { $0 }
        let tile = try PNGEncoder().encode(Picture(width: 64, height: 64, channels: 3, samples: pixels))
        for npix in 0..<12 { files.write(tile, to: "hips/mars/red/Norder0/Dir0/Npix\(npix).png") }
        files.write(
            """
            obs_title = Mars in red
            hips_order = 0
            hips_tile_width = 64
            hips_tile_format = png
            hips_body = mars
            hips_release_date = \(date)

            """, to: "hips/mars/red/properties")
    }

    private static let set = "MarsEquidistantCylindricalSphere"
    private static let tile = "/mars/tiles/red/\(set)/1/0/2.png"
    private static let keys =
        "/mars/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=red&STYLE=default&FORMAT=image/png"
        + "&TILEMATRIXSET=\(set)&TILEMATRIX=1&TILEROW=0&TILECOL=2"

    private func colour(_ reply: Reply) throws -> [UInt8] {
        Array(try PictureDecoder.decode(reply.body).samples.prefix(3))
    }

    private func number(_ name: String, _ server: Fixture) async throws -> Int {
        let text = try await server.ask("/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Double($0.dropFirst(name.count + 1)) }.map { Int($0) } ?? -1
    }

    @Test func aTileIsTheSameByEveryAddress() async throws {
        try await Fixture.serve { server in
            try Self.write([200, 100, 50], in: server.files, date: "1")
            let tile = try await server.ask(Self.tile)
            #expect(tile.status == 200 && tile.fields["content-type"] == "image/png")
            #expect(tile.fields["cache-control"] == "public, max-age=300, must-revalidate")
            #expect(try colour(tile) == [200, 100, 50])
            #expect(try await server.ask(Self.keys).body == tile.body)
            #expect(
                try await server.ask("/mars/wmts/1.0.0/red/default/\(Self.set)/1/0/2.png").body == tile.body)
            let tag = try #require(tile.fields["etag"])
            let again = try await server.ask(Self.tile, fields: ["If-None-Match: " + tag])
            #expect(again.status == 304 && again.body.isEmpty)
            let head = try await server.ask(Self.tile, method: "HEAD")
            #expect(head.status == 200 && head.fields["content-length"] == tile.fields["content-length"])
            // Three addresses were drawn, two answers came out of memory.
            #expect(try await number("tessera_rendered_tiles_total", server) == 3)
            #expect(try await number("tessera_rendered_cache_hits_total", server) == 2)
        }
    }

    @Test func documentsAndMistakes() async throws {
        try await Fixture.serve { server in
            try Self.write([200, 100, 50], in: server.files, date: "1")
            let document = try await server.ask("/mars/wmts/1.0.0/WMTSCapabilities.xml")
            #expect(document.status == 200 && document.text.contains("<ows:Identifier>red</ows:Identifier>"))
            #expect(
                try await server.ask("/mars/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").text == document.text)
            let description = try await server.ask("/mars/tiles/red/\(Self.set)/tilejson.json")
            #expect(description.status == 200 && description.text.contains("/{z}/{y}/{x}.png"))
            for (path, status, word) in [
                ("/mars/wmts", 400, "MissingParameterValue"),
                (Self.keys.replacing("LAYER=red", with: "LAYER=blue"), 400, "locator=\"Layer\""),
                (Self.keys.replacing("TILECOL=2", with: "TILECOL=4"), 400, "TileOutOfRange"),
                ("/mars/wmts/1.0.0/red/default/\(Self.set)/1/0/4.png", 404, "TileOutOfRange"),
                ("/mars/wmts/1.0.0/nothing", 404, "ExceptionReport"),
                ("/mars/tiles/red/nosuch/1/0/2.png", 404, "nosuch"),
                ("/mars/tiles/blue/x/1/0/2.png", 404, ""),
                ("/mars/tiles/viking/\(Self.set)/1/0/2.png", 500, "viking"),
                ("/jupiter/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", 404, ""), ("/mars/tiles", 404, ""),
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == status && (word.isEmpty || reply.text.contains(word)), "\(path)")
            }
        }
    }

    /// What lies on disk is found by the next server, and not any more when the map was rebuilt or the file was damaged.
    @Test func tilesAreKeptOnDisk() async throws {
        let folder = TemporaryDirectory()
        _ = try await Self.served(in: folder) { server in
            let reply = try await server.ask(Self.tile)
            #expect(try await self.number("tessera_rendered_tiles_total", server) == 1)
            // Another address of the same tile: out of memory it is not known, on disk it is.
            #expect(try await server.ask(Self.keys).body == reply.body)
            #expect(try await self.number("tessera_rendered_disk_hits_total", server) == 1)
            try await self.serveAgain(server.files.path, folder.path, reply)
            // One byte is enough.
            let path = try #require(FolderWalk.list(folder.path).first)
            #expect(path.hasSuffix("/default/equirectangular/1/0/2.png"))
            let file = try #require(fopen(path, "r+"))
            fputc(0, file)
            fclose(file)
            let rest = "/mars/wmts/1.0.0/red/default/\(Self.set)/1/0/2.png"
            #expect(try await server.ask(rest).body == reply.body)
            #expect(try await self.number("tessera_rendered_tiles_total", server) == 2)
            return reply
        }
    }

    /// Another server of the same maps and the same folder draws nothing.
    private func serveAgain(_ data: String, _ cache: String, _ reply: Reply) async throws {
        try await Fixture.serve(
            source: .directory(DataDirectory(path: data)),
            configure: { configuration, _ in configuration.cacheDirectory = cache },
            { (server: Fixture) async throws -> Void in
                #expect(try await server.ask(Self.tile).body == reply.body)
                #expect(try await server.ask(Self.keys).body == reply.body)
                #expect(try await number("tessera_rendered_disk_hits_total", server) == 2)
                #expect(try await number("tessera_rendered_tiles_total", server) == 0)
            })
    }

    @Test func aRebuiltMapIsDrawnAnew() async throws {
        let folder = TemporaryDirectory()
        _ = try await Self.served(in: folder) { server in
            #expect(try await self.colour(server.ask(Self.tile)) == [200, 100, 50])
            try Self.write([10, 20, 30], in: server.files, date: "another")
            var reply = try await server.ask(Self.tile)
            for _ in 0..<200 where try self.colour(reply) != [10, 20, 30] {
                try await Task.sleep(for: .milliseconds(50))
                reply = try await server.ask(Self.tile)
            }
            #expect(try self.colour(reply) == [10, 20, 30])
            return reply
        }
    }

    private static func served(
        in folder: TemporaryDirectory, _ body: @Sendable @escaping (Fixture) async throws -> Reply
    ) async throws -> Reply {
        let (stream, continuation) = AsyncStream<Reply>.makeStream()
        try await Fixture.serve(configure: { configuration, _ in
            configuration.cacheDirectory = folder.path
        }) { server in
            try write([200, 100, 50], in: server.files, date: "1")
            continuation.yield(try await body(server))
        }
        continuation.finish()
        var iterator = stream.makeAsyncIterator()
        return try #require(await iterator.next())
    }

    /// A tile of its own for each place, once; a broken file is told and keeps no other from being drawn.
    @Test func seedingGoesOnWhereItEnded() async throws {
        let (files, folder) = (TemporaryDirectory(), TemporaryDirectory())
        try Self.write([200, 100, 50], in: files, date: "1")
        var stated = TileServer.Configuration(data: .directory(DataDirectory(path: files.path)))
        stated.cacheDirectory = folder.path
        let configuration = stated
        func seed(_ set: String, _ levels: ClosedRange<Int>) async throws -> TileSeeder.Progress {
            // A program of its own, which remembers nothing.
            try await TileSeeder(configuration: configuration, logger: Logger(label: "test")).run(
                .init(
                    map: MapName(body: "mars", name: "red"), sets: [set], levels: levels, formats: ["png"],
                    styles: ["DEFAULT"]), workers: 2
            ) { _ in }
        }
        let first = try await seed("equirectangular", 0...0)
        #expect(first.total == 2 && first.finished == 2 && first.made == 2 && first.failed == 0)
        let again = try await seed("equirectangular", 0...0)
        #expect(again.total == 2 && again.finished == 2 && again.made == 0)
        // Levels that show nothing more are left out: 64 pixels a face are those of level 0.
        #expect(try await seed("equirectangular", 5...9).total == 0)
        let paths = FolderWalk.list(folder.path).filter { $0.hasSuffix(".png") }
        #expect(paths.count == 2 && paths.allSatisfy { $0.contains("/default/equirectangular/0/0/") })

        files.write("no picture", to: "hips/mars/red/Norder0/Dir0/Npix1.png")
        let north = try await seed("north", 0...0)
        #expect(north.finished == 1 && north.failed == 1)
        #expect(north.firstFailure?.contains("no picture") == true)
    }

    /// What is not of the cache is neither taken for it nor given up.
    @Test func foldersOfOtherThingsAreRefused() throws {
        let (data, folder) = (TemporaryDirectory(), TemporaryDirectory())
        var configuration = TileServer.Configuration(data: .directory(DataDirectory(path: data.path)))
        configuration.cacheDirectory = folder.path
        configuration.diskBytes = 1 << 16
        folder.write("precious", to: "mars/viking/properties")
        #expect(throws: ServerError.self) { try DiskTiles(configuration, logger: Logger(label: "test")) }
        configuration.cacheDirectory = folder.path + "/new"
        let tiles = try #require(try DiskTiles(configuration, logger: Logger(label: "test")))
        // Maps that come into the folder later.
        let later = [
            "hips/mars/viking/Norder3/Dir0/Npix5.png", "mars/a/notes/default/north/0/0/0.png", "x/y",
        ]
        for path in later {
            folder.write(String(repeating: "x", count: 100_000), to: "new/" + path)
        }
        try tiles.keep([UInt8](repeating: 7, count: 100_000), at: "mars/a/ab12-9-1/default/north/0/0/1.png")
        tiles.sweep()
        #expect(tiles.read("mars/a/ab12-9-1/default/north/0/0/1.png") == nil && tiles.used == 0)
        for path in later { #expect(access(folder.path + "/new/" + path, F_OK) == 0, "\(path)") }
        // The same folder again is no folder of other things.
        #expect(throws: Never.self) { try DiskTiles(configuration, logger: Logger(label: "test")) }
    }

    /// The files that were not used for longest go first, until nine tenths of the limit are left.
    @Test func theOldestTilesAreGivenUp() throws {
        let (data, folder) = (TemporaryDirectory(), TemporaryDirectory())
        var configuration = TileServer.Configuration(data: .directory(DataDirectory(path: data.path)))
        configuration.cacheDirectory = folder.path
        configuration.diskBytes = 1 << 20
        let tiles = try #require(try DiskTiles(configuration, logger: Logger(label: "test")))
        let bytes = [UInt8](repeating: 7, count: 100_000)
        for number in 0..<10 {
            try tiles.keep(bytes, at: "mars/a/ab12-9-1/default/north/0/0/\(number).png")
            var times = [timespec(tv_sec: 1_000_000 + 600 * number, tv_nsec: 0)]
            times.append(times[0])
            utimensat(AT_FDCWD, folder.path + "/mars/a/ab12-9-1/default/north/0/0/\(number).png", times, 0)
        }
        #expect(tiles.read("mars/a/ab12-9-1/default/north/0/0/9.png") == bytes)
        try tiles.keep(bytes, at: "mars/a/ab12-9-1/default/north/0/0/10.png")
        tiles.sweep()
        #expect(tiles.used <= tiles.limit / 10 * 9)
        #expect(tiles.read("mars/a/ab12-9-1/default/north/0/0/0.png") == nil)
        #expect(tiles.read("mars/a/ab12-9-1/default/north/0/0/10.png") == bytes)
    }
}

extension FolderWalk {
    fileprivate static func list(_ folder: String) -> [String] {
        var paths: [String] = []
        files(below: folder) { path, _ in paths.append(path) }
        return paths
    }
}
