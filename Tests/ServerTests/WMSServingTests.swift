import HiPS
import Logging
import Settings
import Testing
import Tiles

@testable import Server

/// The Web Map Service over the wire: what the service itself answers is tested without sockets.
@Suite struct WMSServingTests {
    /// A map of one colour that can be drawn, beside those that cannot.
    static func write(_ colour: [UInt8], to name: String, in files: TemporaryDirectory, date: String)
        throws
    {
        let pixels = Array(repeating: colour, count: 64 * 64).flatMap { $0 }
        let tile = try PNGEncoder().encode(Picture(width: 64, height: 64, channels: 3, samples: pixels))
        for npix in 0..<12 { files.write(tile, to: "hips/mars/\(name)/Norder0/Dir0/Npix\(npix).png") }
        files.write(
            """
            obs_title = Mars in \(name)
            hips_order = 0
            hips_tile_width = 64
            hips_tile_format = png
            hips_body = mars
            hips_release_date = \(date)

            """, to: "hips/mars/\(name)/properties")
    }

    static let map =
        "/mars/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&CRS=IAU_2015:49900&BBOX=-90,-180,90,180"
        + "&FORMAT=image/png&LAYERS="

    private func colour(_ reply: Reply) throws -> [UInt8] {
        let picture = try PictureDecoder.decode(reply.body)
        return Array(picture.samples.prefix(3))
    }

    @Test func capabilitiesAndMapsAreServed() async throws {
        try await Fixture.serve { server in
            try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let document = try await server.ask("/mars/wms?service=WMS&request=GetCapabilities")
            #expect(document.status == 200 && document.fields["content-type"] == "text/xml")
            #expect(document.text.contains("<Name>red</Name>") && document.text.contains("/mars/wms?"))
            // A map that cannot be drawn does not take the others with it.
            #expect(!document.text.contains("<Name>viking</Name>"))
            let old = try await server.ask("/Mars/wms?service=WMS&request=GetCapabilities&version=1.1.1")
            #expect(old.fields["content-type"] == "application/vnd.ogc.wms_xml")
            let map = try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8")
            #expect(map.status == 200 && map.fields["content-type"] == "image/png")
            #expect(map.fields["cache-control"] == "public, max-age=300, must-revalidate")
            #expect(try colour(map) == [200, 100, 50])
            let tag = try #require(map.fields["etag"])
            #expect(
                try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8", fields: ["If-None-Match: " + tag])
                    .status == 304)
            let head = try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8", method: "HEAD")
            #expect(head.status == 200 && head.fields["content-length"] == map.fields["content-length"])
            let page = try await server.ask("/")
            #expect(page.text.contains("/mars/wms</code>"))
        }
    }

    @Test func mistakesAreToldInTheFormOfTheVersion() async throws {
        try await Fixture.serve { server in
            try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
            for (path, status, word) in [
                (Self.map + "nosuch&WIDTH=16&HEIGHT=8", 400, "LayerNotDefined"),
                (Self.map + "..%2f..&WIDTH=16&HEIGHT=8", 400, "LayerNotDefined"),
                (Self.map + "red&WIDTH=100000&HEIGHT=100000", 400, "8192"),
                (Self.map + "viking&WIDTH=16&HEIGHT=8", 500, "viking"), ("/mars/wms", 400, "GetCapabilities"),
                ("/mars/wms?REQUEST=%zz", 400, "escape"),
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == status && reply.fields["content-type"] == "text/xml", "\(path)")
                #expect(
                    reply.text.contains("<ServiceException") && reply.text.contains(word), "\(reply.text)")
            }
            for path in ["/jupiter/wms?REQUEST=GetCapabilities", "/nosuch/wms", "/wms", "/mars/wms/x"] {
                #expect(try await server.ask(path).status == 404, "\(path)")
            }
        }
    }

    /// A map that is rebuilt is drawn anew without a restart, and the document has a later number.
    @Test func rebuiltMapsAreDrawnAnew() async throws {
        try await Fixture.serve { server in
            try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let path = Self.map + "red&WIDTH=16&HEIGHT=8"
            #expect(try await colour(server.ask(path)) == [200, 100, 50])
            let before = try await server.ask("/mars/wms?REQUEST=GetCapabilities")
            try Self.write([10, 20, 30], to: "red", in: server.files, date: "another")
            var seen: [UInt8] = []
            for _ in 0..<200 where seen != [10, 20, 30] {
                seen = try colour(try await server.ask(path))
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(seen == [10, 20, 30])
            let after = try await server.ask("/mars/wms?REQUEST=GetCapabilities")
            func number(_ reply: Reply) -> Int? {
                reply.text.firstRange(of: "updateSequence=\"").flatMap { range in
                    Int(reply.text[range.upperBound...].prefix { $0 != "\"" })
                }
            }
            let (first, second) = (try #require(number(before)), try #require(number(after)))
            #expect(second > first)
            let current = try await server.ask("/mars/wms?REQUEST=GetCapabilities&UPDATESEQUENCE=\(second)")
            #expect(current.text.contains("CurrentUpdateSequence"))
        }
    }

    /// The moment after a rebuild the server still knows the state before it, whose files are gone: there are no holes where
    /// they were, and no map is missing from the document.
    @Test func whatIsRebuiltHasNoHoles() async throws {
        try await Fixture.serve(configure: { configuration, _ in configuration.settings.cache.decoded = 0 }) {
            server in
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "red")
            try Self.write([0, 0, 0], to: "red", in: server.files, date: "0")
            for turn in 1...5 {
                let colour = [UInt8(40 * turn), 50, 60]
                _ = try data.preparePartial(map)
                try Self.write(colour, to: ".red.partial/map", in: server.files, date: "\(turn)")
                // The state that is known, with one tile in no memory.
                _ = try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8")
                try data.publish(map)
                if turn % 2 == 0 {
                    let document = try await server.ask("/mars/wms?REQUEST=GetCapabilities")
                    #expect(document.text.contains("<Name>red</Name>"))
                }
                let reply = try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8")
                #expect(try self.colour(reply) == colour)
                #expect(reply.fields["cache-control"] == "public, max-age=300, must-revalidate")
            }
            try data.remove(map)
            let gone = try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8")
            #expect(gone.status == 400 && gone.text.contains("LayerNotDefined"))
        }
    }

    /// What the settings say wrongly of one system takes nothing else with it.
    @Test func systemsOfTheSettings() async throws {
        let settings = try ServerSettings.parse(
            """
            bodies:
              mars:
                crs: [SITE:1, IAU_2015:49910, SITE:2, nonsense]
                definitions:
                  "SITE:1": +proj=eqc +lon_0=137.4 +x_0=1000 +R=3396190 +units=m
                  "SITE:2": +proj=nosuch
                  "SITE:3": +proj=longlat +R=1737400
                  "IAU_2015:49900": +proj=longlat +R=3396190
              vulcan: {title: Nowhere}
            """, file: "server.yaml")
        try await Fixture.serve(configure: { configuration, _ in
            configuration.settings = settings
            let server = TileServer(configuration: configuration, logger: Logger(label: "test"))
            let problems = (try? server.problems()) ?? []
            #expect(problems.count == 6, "\(problems)")
            for (problem, word) in zip(
                problems,
                [
                    "mars.definitions.IAU_2015:49900", "mars.definitions.SITE:2", "mars.definitions.SITE:3",
                    "mars.crs: \"SITE:2\"", "mars.crs: \"nonsense\"", "vulcan",
                ])
            { #expect(problem.contains(word), "\(problem)") }
        }) { server in
            try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let document = try await server.ask("/mars/wms?REQUEST=GetCapabilities")
            let systems = document.text.split(separator: "<CRS>").dropFirst().map { $0.prefix { $0 != "<" } }
            #expect(systems == ["SITE:1", "IAU_2015:49910"])
            let size = "red&WIDTH=16&HEIGHT=8"
            let own = Self.map.replacing("IAU_2015:49900", with: "SITE:1") + size
            #expect(try await server.ask(own).status == 200)
            #expect(try await server.ask(Self.map + size).status == 200, "not listed, and drawn")
            let wrong = Self.map.replacing("IAU_2015:49900", with: "SITE:2") + size
            let reply = try await server.ask(wrong)
            #expect(reply.status == 400 && reply.text.contains("InvalidCRS"))
        }
    }

    @Test func decodedTilesAreCounted() async throws {
        try await Fixture.serve { server in
            try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
            for _ in 0..<2 { _ = try await server.ask(Self.map + "red&WIDTH=256&HEIGHT=128") }
            let text = try await server.ask("/metrics").text
            func number(_ name: String) -> Double {
                text.firstRange(of: "\n\(name) ").flatMap {
                    Double(text[$0.upperBound...].prefix { $0 != "\n" })
                } ?? -1
            }
            #expect(number("tessera_decoded_tiles_misses_total") == 12)
            #expect(number("tessera_decoded_tiles_hits_total") >= 12)
            // Three bytes for each of 64 x 64 pixels, and what the entries take.
            #expect(number("tessera_decoded_tiles_bytes") >= 12 * 64 * 64 * 3)
        }
    }

    /// One map is drawn at a time here, and none may wait: the others are told when to come back.
    @Test func whatIsTooMuchIsTurnedAway() async throws {
        try await Fixture.serve(
            configure: { configuration, _ in
                configuration.workers = 1
                configuration.queue = 0
            }
        ) { server in
            try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
            _ = try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8")
            let replies = try await withThrowingTaskGroup(of: Reply.self) { tasks in
                for _ in 0..<8 {
                    tasks.addTask { try await server.ask(Self.map + "red&WIDTH=3000&HEIGHT=3000") }
                }
                var replies: [Reply] = []
                for try await reply in tasks { replies.append(reply) }
                return replies
            }
            #expect(replies.contains { $0.status == 200 })
            let refused = replies.filter { $0.status != 200 }
            #expect(!refused.isEmpty)
            for reply in refused {
                #expect(reply.status == 503 && Int(reply.fields["retry-after"] ?? "") ?? 0 > 0)
                #expect(reply.text.contains("<ServiceException"))
            }
            #expect(try await server.ask(Self.map + "red&WIDTH=16&HEIGHT=8").status == 200)
        }
    }

    @Test func earthAliasesAreOffUnlessTheyAreWanted() async throws {
        let path = Self.map.replacing("IAU_2015:49900", with: "EPSG:4326") + "red&WIDTH=16&HEIGHT=8"
        for isOn in [false, true] {
            try await Fixture.serve(configure: { configuration, _ in
                configuration.settings.earthAliases = isOn
            }) {
                server in
                try Self.write([200, 100, 50], to: "red", in: server.files, date: "1")
                #expect(try await server.ask(path).status == (isOn ? 200 : 400))
                let document = try await server.ask("/mars/wms?REQUEST=GetCapabilities")
                #expect(document.text.contains("<CRS>EPSG:4326</CRS>") == isOn)
            }
        }
    }
}
