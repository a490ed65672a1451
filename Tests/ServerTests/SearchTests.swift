import Features
import Foundation
import HiPS
import PlanetaryFrames
import Testing

@testable import Server

@Suite struct SearchTests {
    private static func take(_ body: String, into files: TemporaryDirectory) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let catalogue = try BodyCatalogue.standard()
        var request = ImportRequest(
            path: root.path + "/surveys/nomenclature/\(body).csv", body: try catalogue.body(named: body),
            name: try LayerName(body: body, name: "nomenclature"))
        request.units = ["Diameter": "km"]
        request.mode = .replace
        _ = try FeatureImporter(request, catalogue: catalogue).run(into: DataDirectory(path: files.path))
    }

    private struct Answer: Decodable {
        struct Place: Decodable {
            let name: String
            let type: String?
            let diameter: Double?
            let diameterUnit: String?
            let lon: Double
            let lat: Double
            let match: String
        }
        let body: String
        let q: String
        let places: [Place]
    }

    @Test func findsPlaces() async throws {
        try await Fixture.serve { server in
            #expect(try await server.ask("/mars/search?q=olympus").status == 404)
            try Self.take("mars", into: server.files)
            let reply = try await server.ask("/mars/search?q=olympus%20mons&limit=3")
            #expect(reply.status == 200)
            #expect(reply.fields["content-type"] == "application/json")
            #expect(reply.fields["access-control-allow-origin"] == "*")
            let answer = try JSONDecoder().decode(Answer.self, from: Data(reply.body))
            #expect(answer.body == "mars" && answer.q == "olympus mons")
            let first = try #require(answer.places.first)
            #expect(first.name == "Olympus Mons" && first.type == "Mons, montes" && first.match == "exact")
            #expect(first.diameter == 610.13 && first.diameterUnit == "km")
            #expect(first.lon == -133.8 && first.lat == 18.65)
            let tag = try #require(reply.fields["etag"])
            let again = try await server.ask(
                "/mars/search?q=olympus%20mons&limit=3", fields: ["If-None-Match: \(tag)"])
            #expect(again.status == 304)
            let accents = try await server.ask("/mars/search?q=c%C3%A1diz&type=crater")
            #expect(accents.text.contains("\"name\":\"Cádiz\""))
            #expect(try await server.ask("/MARS/search?q=gale").text.contains("\"Gale\""))
            // A layer that is replaced or comes later is seen without a restart.
            try Self.take("io", into: server.files)
            #expect(try await server.ask("/io/search?q=loki").text.contains("Loki Patera"))
        }
    }

    @Test func mistakesAreTold() async throws {
        try await Fixture.serve { server in
            try Self.take("phobos", into: server.files)
            for (query, word) in [
                ("", "Say what to look for"), ("?q=", "Say what to look for"), ("?q=%21", "no letters"),
                ("?q=a&limit=0", "1 to 200"), ("?q=a&limit=x", "1 to 200"), ("?q=a&limit=201", "1 to 200"),
                ("?q=%ZZ", "escape"), ("?q=" + String(repeating: "a", count: 101), "100 characters"),
                ("?q=a&layer=No%20Layer", "cannot name a layer"), ("?q=a&type=%21", "the type"),
            ] {
                let reply = try await server.ask("/phobos/search" + query)
                #expect(reply.status == 400)
                #expect(reply.text.contains(word), "\(query): \(reply.text)")
            }
            // What was wrong is told with a part of it.
            for name in ["limit", "layer"] {
                let long = String(repeating: "x", count: 5000)
                let reply = try await server.ask("/phobos/search?q=a&\(name)=\(long)")
                #expect(reply.status == 400 && reply.text.contains("xxx...\"") && reply.text.count < 250)
            }
            #expect(try await server.ask("/phobos/search?q=a&layer=craters").status == 404)
            #expect(try await server.ask("/nowhere/search?q=a").status == 404)
            #expect(try await server.ask("/phobos/search?q=a", method: "POST").status == 405)
        }
    }
}
