import Features
import HiPS
import PlanetaryFrames
import Settings
import Testing

@testable import Server

/// The Web Feature Service over the wire: what the service itself answers is tested without sockets.
@Suite struct WFSServingTests {
    static func write(_ count: Int, to files: TemporaryDirectory, layer: String = "dots") throws {
        let mars = try BodyCatalogue.standard().body(named: "Mars")
        let store = try FeatureStore.writing(DataDirectory(path: files.path))
        let writer = try LayerWriter(
            store, name: LayerName(body: "mars", name: layer), body: mars,
            columns: [FeatureColumn(name: "name", kind: .text)], mode: .replace)
        for index in 0..<count {
            try writer.add(.point(Position(Double(index % 360) - 180, 10)), [.text("number \(index)")])
        }
        try writer.finish(description: "Dots", source: "test", assumptions: [])
    }

    static let features = "/mars/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=dots"

    @Test func bodiesWithoutFeaturesHaveNoService() async throws {
        try await Fixture.serve { server in
            let capabilities = "/mars/wfs?SERVICE=WFS&REQUEST=GetCapabilities"
            #expect(try await server.ask(capabilities).status == 404)
            try Self.write(3, to: server.files)
            let document = try await server.ask(capabilities)
            #expect(document.status == 200 && document.text.contains("<wfs:Name>tessera:dots</wfs:Name>"))
            #expect(try await server.ask("/moon/wfs?SERVICE=WFS&REQUEST=GetCapabilities").status == 404)
            #expect(try await server.ask("/").text.contains("/mars/wfs"))
            // A layer that changes is seen at once.
            #expect(try await server.ask(Self.features).text.contains("numberMatched=\"3\""))
            try Self.write(5, to: server.files)
            #expect(try await server.ask(Self.features).text.contains("numberMatched=\"5\""))
            let metrics = try await server.ask("/metrics").text
            #expect(metrics.contains("operation=\"GetFeature\""))
        }
    }

    @Test func longAnswersComeInPieces() async throws {
        try await Fixture.serve { server in
            try Self.write(5000, to: server.files)
            let connection = Connection(port: server.port)
            await connection.send(
                Array("GET \(Self.features) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
            let text = String(decoding: try #require(await connection.receive()), as: UTF8.self)
            #expect(text.lowercased().contains("transfer-encoding: chunked"))
            #expect(text.contains("gml:id=\"dots.5000\"") && text.contains("</wfs:FeatureCollection>"))
        }
    }

    @Test func settingsDecideTheNumber() async throws {
        let settings = try ServerSettings.parse("features: {count_default: 2}\n", file: "x")
        try await Fixture.serve { configuration, _ in
            configuration.settings = settings
        } _: { server in
            try Self.write(3, to: server.files)
            let text = try await server.ask(Self.features).text
            #expect(text.contains("numberMatched=\"3\" numberReturned=\"2\""))
            // The link is one for the address that the client used.
            #expect(text.contains("next=\"http://test.example:81/mars/wfs?"))
        }
    }

    /// The longest links fit into a line of HTTP; what does not fit gets none.
    @Test func linksOfDocumentsCanBeFetched() async throws {
        try await Fixture.serve { server in
            try Self.write(9, to: server.files)
            func page(_ letters: Int) async throws -> String? {
                let literal = String(repeating: "é", count: letters)
                let document =
                    "<GetFeature service=\"WFS\" version=\"2.0.0\" count=\"4\"><Query typeNames=\"dots\"><Filter>"
                    + "<PropertyIsNotEqualTo><ValueReference>name</ValueReference><Literal>\(literal)</Literal>"
                    + "</PropertyIsNotEqualTo></Filter></Query></GetFeature>"
                let connection = Connection(port: server.port)
                await connection.send(
                    "POST /mars/wfs HTTP/1.1\r\nHost: test.example:81\r\nConnection: close\r\n"
                        + "Content-Length: \(document.utf8.count)\r\n\r\n\(document)")
                let text = String(decoding: try #require(await connection.receive()), as: UTF8.self)
                #expect(text.contains("numberMatched=\"9\" numberReturned=\"4\""))
                return text.firstRange(of: " next=\"").map { start in
                    String(text[start.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
                }
            }
            var letters = 10_000
            while try await page(letters + 50) != nil { letters += 50 }
            let link = try #require(await page(letters))
            #expect(link.utf8.count > 65_000)
            let path = String(link.dropFirst("http://test.example:81".count))
            let connection = Connection(port: server.port)
            await connection.send("GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let text = String(decoding: try #require(await connection.receive()), as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200") && text.contains("gml:id=\"dots.8\""))
        }
    }

    @Test func settingsDecideTheAxes() async throws {
        let settings = try ServerSettings.parse(
            "features: {gml_axis: authority, default_crs: geographic}\n", file: "x")
        try await Fixture.serve { configuration, _ in
            configuration.settings = settings
        } _: { server in
            try Self.write(1, to: server.files)
            #expect(try await server.ask(Self.features).text.contains("<gml:pos>10 -180</gml:pos>"))
        }
    }
}
