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

    /// Cell 3/300 lies around (lon, lat) = (11.25, -12.02), cell 0/0 around (45, 41.8).
    @Test func regionsAreTakenInEveryForm() async throws {
        try await Fixture.serve { server in
            try Self.addMaps(server)
            func names(_ query: String) async throws -> [String] {
                let reply = try await server.ask("/mars/moc?" + query)
                #expect(reply.status == 200, "\(query): \(reply.text)")
                return Self.places.map(\.0).filter { reply.text.contains("{\"map\":\"mars/\($0)\"") }
            }
            let themis = try MOC(ascii: "3/300").cells.first!.centre
            let (lon, lat) = (themis.lonDeg, themis.latDeg)
            let ring = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map { (lon + $0, lat + $1) }
            for region in [
                "Circle ICRS \(lon) \(lat) 0.5", "circle \(lon) \(lat) 0.5", "Box \(lon) \(lat) 1 1",
                "Polygon UNKNOWNFrame " + ring.map { "\($0) \($1)" }.joined(separator: " "),
                "Point \(lon) \(lat)", "POINT (\(lon) \(lat))",
                "Union ( Circle \(lon) \(lat) 0.1 Circle \(lon) \(lat) 0.2 )",
                "Range \(lon) \(lon + 0.1) \(lat) \(lat + 0.1)",
                "SRID=49900;POLYGON((" + ring.map { "\($0) \($1)" }.joined(separator: ",") + "))",
                "multipoint z (\(lon) \(lat) 0)",
                #"{"type":"Point","coordinates":[\#(lon),\#(lat)]}"#,
                #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[["#
                    + ring.map { "[\($0),\($1)]" }.joined(separator: ",") + "]]}}",
            ] { #expect(try await names("intersects=" + escaped(region)) == ["themis"], "\(region)") }
            #expect(try await names("lon=\(lon)&lat=\(lat)") == ["themis"])
            #expect(try await names("LON=\(lon - 360)&LAT=\(lat)&radius=1") == ["themis"])
            #expect(try await names("lon=\(lon)&lat=\(lat)&radius=180") == ["viking", "themis", "sharp"])
            // A place just outside of a cell, seen with small cells and with large ones.
            let beside = "lon=\(lon + 8)&lat=\(lat)&radius=0.1"
            #expect(try await names(beside).isEmpty)
            #expect(try await names(beside + "&order=0") == ["themis"])
            // The order is the finest whose cells along the border are few.
            let order = try await server.ask("/mars/moc?intersects=" + escaped("Circle 77.5 18.4 0.4")).text
            #expect(order.contains("\"order\":18,"), "\(order)")
            let large = "intersects=" + escaped("Polygon 0 0 90 0 0 89")
            #expect(try await names(large) != names(large + "&interior=larger"))
        }
    }

    @Test func mistakesInRegionsAreNamed() async throws {
        try await Fixture.serve { server in
            try Self.addMaps(server)
            let many = (0..<4097).map { "\(Double($0) / 100) 1" }.joined(separator: ",")
            for (query, word) in [
                ("", "Say one region"), ("lon=1&lat=2&intersects=3/1", "Say one region"),
                ("lon=1", "lat is missing"), ("lon=1&lat=91", "lat is"), ("lon=nan&lat=1", "lon is"),
                ("lon=1&lat=1&radius=-1", "radius is"), ("lon=1&lat=1&radius=x", "radius is"),
                ("lon=1&lat=1&radius=1&order=30", "order is"),
                ("lon=1&lat=1&radius=20&order=29", "coarser"),
                ("intersects=" + escaped("Circle 1 2"), "3 numbers"),
                ("intersects=" + escaped("Circle 1 95 1"), "latitudes are -90 to 90"),
                ("intersects=" + escaped("Ellipse 1 2 3 4 5"), "Polygon, Circle, Box"),
                ("intersects=" + escaped("POLYGON((1 1,2 2,3 1))"), "it is open"),
                ("intersects=" + escaped("POLYGON((1 1,2 2,3 1"), "at byte"),
                ("intersects=" + escaped("LINESTRING(1 1,2 2)"), "covers nothing"),
                ("intersects=" + escaped(#"{"type":"Point","coordinates":[1]}"#), "expected"),
                ("intersects=" + escaped(#"{"type":"Blob"}"#), "coordinates"),
                ("intersects=" + escaped("MULTIPOINT(\(many))"), "at most 4096"),
                ("intersects=" + escaped("Circle 1 2 3") + "&edges=round", "edges is"),
                ("intersects=" + escaped("Circle 1 2 3") + "&interior=x", "interior is"),
            ] {
                let reply = try await server.ask("/mars/moc?" + query)
                #expect(
                    reply.status == 400 && reply.text.contains(word),
                    "\(query): \(reply.status) \(reply.text)")
            }
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
