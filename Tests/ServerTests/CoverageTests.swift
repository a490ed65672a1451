import HEALPix
import HiPS
import MOC
import Testing

@testable import Server

@Suite struct CoverageTests {
    private static let places = [("viking", "3/10-20 5/0"), ("themis", "3/300"), ("sharp", "29/5")]

    private static func addMaps(_ server: Fixture) throws {
        for (name, text) in places {
            Fixture.map(in: server.files, at: "hips/mars/" + name, build: "two")
            let file = try MOC(ascii: text).fits(body: "mars")
            server.files.write(file, to: "hips/mars/\(name)/Moc.fits")
        }
        // A map that does not say what it covers.
        server.files.write(
            "obs_title = \"Plain\"\ncreator_did = ivo://localhost/mars/plain\n",
            to: "hips/mars/plain/properties")
    }

    private func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    @Test func everyFormIsGiven() async throws {
        try await Fixture.serve { server in
            try Self.addMaps(server)
            let root = "/hips/mars/viking/Moc."
            let moc = try MOC(ascii: Self.places[0].1)
            #expect(try await server.ask(root + "fits").body == moc.fits(body: "mars"))
            let json = try await server.ask(root + "json")
            #expect(json.text == moc.json && json.fields["content-type"] == "application/json")
            let text = try await server.ask(root + "txt")
            #expect(text.text == moc.ascii && text.fields["content-type"] == "text/plain; charset=utf-8")
            #expect(text.fields["access-control-allow-origin"] == "*")
            #expect(try await server.ask(root + "txt?order=2").text == moc.degraded(to: Order(2)!).ascii)
            #expect(try await server.ask(root + "json?order=0&frame=body").text == #"{"0":[0]}"#)
            let framed = try await server.ask(root + "fits?frame=body&order=3")
            let document = try MOCDocument(reading: framed.body)
            #expect(document.body == "mars" && framed.text.contains("COORDSYS= 'mars"))
            #expect(document.coverage == .space(moc.degraded(to: Order(3)!)))
            #expect(framed.fields["content-type"] == "application/fits")
            let tag = try #require(framed.fields["etag"])
            let again = try await server.ask(
                root + "fits?frame=body&order=3", fields: ["If-None-Match: " + tag])
            #expect(again.status == 304)
            for query in ["order=30", "order=-1", "order=x", "frame=sky", "frame=%zz"] {
                #expect(try await server.ask(root + "txt?" + query).status == 400, "\(query)")
            }
            #expect(try await server.ask("/hips/mars/plain/Moc.json").status == 404)
            #expect(try await server.ask("/hips/mars/none/Moc.json").status == 404)
            // Bytes that are no coverage cannot be given in another form.
            Fixture.map(in: server.files, at: "hips/mars/broken", build: "three")
            #expect(try await server.ask("/hips/mars/broken/Moc.txt").status == 500)
        }
    }

    @Test func mapsThatTouchARegionAreFound() async throws {
        try await Fixture.serve { server in
            try Self.addMaps(server)
            func maps(_ region: String) async throws -> (names: [String], text: String) {
                let reply = try await server.ask("/mars/moc?intersects=" + escaped(region))
                #expect(reply.status == 200, "\(region): \(reply.text)")
                #expect(reply.fields["content-type"] == "application/json")
                let names = Self.places.map(\.0).filter { reply.text.contains("{\"map\":\"mars/\($0)\"") }
                return (names, reply.text)
            }
            #expect(try await maps("3/300").names == ["themis"])
            #expect(try await maps("0/0").names == ["viking", "sharp"])
            #expect(try await maps(#"{"0":[0,4]}"#).names == ["viking", "themis", "sharp"])
            #expect(try await maps("3/700").names.isEmpty)
            #expect(try await maps("3/").names.isEmpty)
            let (_, text) = try await maps("3/20-21")
            #expect(text.contains("\"covered\":0.5"))
            #expect(text.contains("\"withoutCoverage\":[\"mars/plain\"]"))
            #expect(text.contains("/hips/mars/viking/Moc.fits\""))
            let blank = try await server.ask("/mars/moc?intersects=3/300+301")
            #expect(blank.status == 200)
            for bad in [
                "", "?intersects=", "?intersects=3/768", "?intersects=t61/1", "?intersects=%7B", "?x=%",
            ] {
                #expect(try await server.ask("/mars/moc" + bad).status == 400, "\(bad)")
            }
            #expect(try await server.ask("/venus/moc?intersects=3/1").status == 404)
        }
    }

    @Test func queriesAreDecoded() throws {
        let query = try #require(RequestQuery("a=1&Order=2%203&c=x+y&&d"))
        #expect(query["a"] == "1" && query["order"] == "2 3" && query["c"] == "x y" && query["d"] == "")
        #expect(query["e"] == nil)
        #expect(RequestQuery("a=%4") == nil && RequestQuery("a=%ff") == nil)
        #expect(RegionAnswer.quoted("a\"\\\n\u{1}é") == "\"a\\\"\\\\\\u000a\\u0001é\"")
    }
}
