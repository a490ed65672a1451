import HiPS
import OGC
import Settings
import Synchronization
import Testing

@testable import Server

/// The Web Coverage Service over the wire: what the service itself answers is tested without sockets.
@Suite struct WCSServingTests {
    private static let get = "/mars/wcs?SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID="

    @Test func coveragesAreServed() async throws {
        try await Fixture.serve { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            try WMSServingTests.write([200, 100, 50], to: "2 red", in: server.files, date: "1")
            let document = try await server.ask("/mars/wcs?service=WCS&request=GetCapabilities")
            #expect(document.status == 200 && document.fields["content-type"] == "text/xml")
            #expect(document.text.contains("<wcs:CoverageId>red</wcs:CoverageId>"))
            // A name that XML cannot hold has another spelling; a map that cannot be drawn does not take the others with it.
            #expect(document.text.contains("<wcs:CoverageId>_2_x20red</wcs:CoverageId>"))
            #expect(!document.text.contains(">viking<"))
            let old = try await server.ask("/Mars/wcs?service=WCS&request=GetCapabilities&version=1.0.0")
            #expect(old.text.contains("<WCS_Capabilities") && old.text.contains("/mars/wcs?"))
            for name in ["red", "_2_x20red", "2%20red"] {
                let file = try await server.ask(Self.get + name + "&SCALESIZE=x(16),y(8)")
                #expect(file.status == 200 && file.fields["content-type"] == "image/tiff", "\(name)")
                #expect(file.fields["cache-control"] == "public, max-age=300, must-revalidate")
                #expect(file.fields["content-disposition"]?.contains(".tif") == true)
                let tag = try #require(file.fields["etag"])
                #expect(
                    try await server.ask(
                        Self.get + name + "&SCALESIZE=x(16),y(8)", fields: ["If-None-Match: " + tag]
                    ).status == 304)
            }
            let head = try await server.ask(Self.get + "red&SCALESIZE=x(16),y(8)", method: "HEAD")
            #expect(head.status == 200 && head.fields["content-length"] != "0")
            let page = try await server.ask("/")
            #expect(page.text.contains("/mars/wcs</code>"))
        }
    }

    @Test func documentsAreRead() async throws {
        try await Fixture.serve { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let document = """
                <DescribeCoverage xmlns="http://www.opengis.net/wcs/2.0" service="WCS" version="2.0.1">\
                <CoverageId>red</CoverageId></DescribeCoverage>
                """
            let reply = try await post(document, server)
            #expect(reply.status == 200 && reply.text.contains("<wcs:CoverageId>red</wcs:CoverageId>"))
            let large = try await post("<a>" + String(repeating: "x", count: 2 << 20) + "</a>", server)
            // What is far too long is not read at all, and answered before the service sees it.
            #expect(large.status == 413 && large.text.contains("104857"), "\(large.text)")
        }
    }

    private func post(_ document: String, _ server: Fixture) async throws -> Reply {
        let connection = Connection(port: server.port)
        await connection.send(
            "POST /mars/wcs HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: \(document.utf8.count)\r\n"
                + "Connection: close\r\n\r\n" + document)
        var bytes = try #require(await connection.receive())[...]
        return try #require(Reply(&bytes))
    }

    @Test func mistakesAreTold() async throws {
        try await Fixture.serve { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            for (path, status, word) in [
                (Self.get + "nosuch", 404, "NoSuchCoverage"), (Self.get + "..%2f..", 404, "NoSuchCoverage"),
                (Self.get + "red__native", 404, "NoSuchCoverage"),
                (Self.get + "red&SCALESIZE=x(100000),y(100000)", 400, "1073741824"),
                (Self.get + "viking", 500, "NoApplicableCode"), ("/mars/wcs", 400, "MissingParameterValue"),
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == status && reply.fields["content-type"] == "text/xml", "\(path)")
                #expect(reply.text.contains("ExceptionReport") && reply.text.contains(word), "\(reply.text)")
            }
            for path in ["/jupiter/wcs?SERVICE=WCS&REQUEST=GetCapabilities", "/nosuch/wcs", "/mars/wcs/x"] {
                #expect(try await server.ask(path).status == 404, "\(path)")
            }
            let metrics = try await server.ask("/metrics")
            #expect(metrics.text.contains("GetCoverage"))
        }
    }

    /// A map that is rebuilt is sent anew without a restart.
    @Test func rebuiltMapsAreSentAnew() async throws {
        try await Fixture.serve(configure: { configuration, _ in configuration.settings.cache.decoded = 0 }) {
            server in
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "red")
            try WMSServingTests.write([1, 1, 1], to: "red", in: server.files, date: "0")
            for turn in 1...4 {
                let path = Self.get + "red&SCALESIZE=x(16),y(8)&RANGESUBSET=red"
                _ = try await server.ask(path)
                _ = try data.preparePartial(map)
                try WMSServingTests.write(
                    [UInt8(40 * turn), 50, 60], to: ".red.partial/map", in: server.files, date: "\(turn)")
                try data.publish(map)
                let reply = try await server.ask(path)
                // The samples are the last bytes of the file.
                #expect(reply.status == 200 && reply.body.suffix(128).allSatisfy { $0 == UInt8(40 * turn) })
            }
        }
    }

    /// An answer of many pieces ends with an error when its map is exchanged meanwhile, and only then.
    @Test func piecesOfARebuiltMapAreBrokenOff() async throws {
        try await Fixture.serve { server in
            try WMSServingTests.write([1, 1, 1], to: "red", in: server.files, date: "0")
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "red")
            let source = DiskMaps(data: data)
            let generation = try #require(try source.state(of: map, known: nil))
            var pieces = WatchedPieces(Countdown(), of: [(map, generation)], source: source)
            #expect(try pieces.next() == [3])
            // A tile that the map never had.
            generation.lastMiss.withLock { $0 = .now }
            #expect(try pieces.next() == [2])
            _ = try data.preparePartial(map)
            try WMSServingTests.write([2, 2, 2], to: ".red.partial/map", in: server.files, date: "1")
            try data.publish(map)
            generation.lastMiss.withLock { $0 = .now }
            #expect(throws: WatchedPieces.Rebuilt.self) { try pieces.next() }
        }
    }
}

/// Three pieces.
private struct Countdown: OGCPieces {
    var count: UInt8 = 3

    mutating func next() throws -> [UInt8]? {
        guard count > 0 else { return nil }
        defer { count -= 1 }
        return [count]
    }
}
