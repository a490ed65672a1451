import Foundation
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// Names of the IAU's gazetteer as it ships with the demo.
@Suite struct PlaceSearchTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func take(_ body: String) throws -> PlaceSearch {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try scratch.take(root.path + "/surveys/nomenclature/\(body).csv", "nomenclature", body: body) {
            $0.units = ["Diameter": "km"]
        }
        return PlaceSearch(try scratch.store())
    }

    private func found(
        _ search: PlaceSearch, _ body: String, _ text: String, type: String? = nil, limit: Int = 20
    )
        throws -> [FoundPlace]
    {
        try search.places(
            in: LayerName(body: body, name: "nomenclature"), matching: text, type: type, limit: limit)
    }

    /// Larger places come first among those whose names begin alike. Sizes by the gazetteer: Rupes 1914.77, Mons 610.13,
    /// Maculae 124, Paterae 85 km.
    @Test func beginnings() throws {
        let search = try take("mars")
        let olympus = try found(search, "mars", "olympus")
        #expect(
            olympus.prefix(4).map(\.name) == [
                "Olympus Rupes", "Olympus Mons", "Olympus Maculae", "Olympus Paterae",
            ])
        #expect(olympus.prefix(4).allSatisfy { $0.match == .prefix })
        let mons = try #require(try found(search, "mars", "Olympus mons").first)
        #expect(mons.match == .exact)
        #expect(mons.type == "Mons, montes")
        #expect(mons.diameter == 610.13 && mons.diameterUnit == "km")
        let place = try #require(mons.position)
        #expect(abs(place.x + 133.8) < 1e-9 && abs(place.y - 18.65) < 1e-9)
        #expect(try found(search, "mars", "olympus", limit: 2).count == 2)
    }

    @Test func wordsAndTypes() throws {
        let search = try take("mars")
        // Words in any order, and words inside of a name.
        #expect(try found(search, "mars", "mons olymp").map(\.name).first == "Olympus Mons")
        #expect(try found(search, "mars", "mons olymp").first?.match == .word)
        let olympica = try found(search, "mars", "olympica")
        #expect(olympica.prefix(2).map(\.name) == ["Olympica Fossae", "Nix Olympica"])
        // Behind them comes what is spelt nearly so.
        #expect(olympica.dropFirst(2).allSatisfy { $0.match == .slip && $0.name.contains("Olympi") })
        let craters = try found(search, "mars", "ga", type: "crater", limit: 200)
        #expect(craters.contains { $0.name == "Gale" })
        #expect(craters.allSatisfy { $0.type == "Crater, craters" })
        #expect(try found(search, "mars", "olympus", type: "mont").map(\.name) == ["Olympus Mons"])
        #expect(try found(search, "mars", "xyzzyx").isEmpty)
    }

    @Test(arguments: [
        ("mars", "olimpus mons", "Olympus Mons"), ("mars", "olypmus mons", "Olympus Mons"),
        ("mars", "olympusmnos", "Olympus Mons"), ("mars", "Schiaparely", "Schiaparelli"),
        ("moon", "mare tranquilitatis", "Mare Tranquillitatis"), ("moon", "copernikus", "Copernicus"),
        ("moon", "kopernikus", "Copernicus"),
    ]) func slips(body: String, text: String, name: String) throws {
        let first = try #require(try found(try take(body), body, text).first)
        #expect(first.name == name)
        #expect(first.match == .slip)
    }

    @Test(arguments: [
        ("mars", "cadiz", "Cádiz"), ("mars", "canas", "Cañas"), ("mars", "CEFALÙ", "Cefalù"),
        ("mars", "batos", "Batoş"), ("mars", "labes baetis", "Baetis Labēs"),
        ("mercury", "boznanska", "Boznańska"), ("mercury", "al jahiz", "Al-Jāhiz"),
        ("mercury", "asvaghosa", "Aśvaghosa"), ("moon", "abul wafa", "Abul Wáfa"), ("moon", "andel", "Anděl"),
        ("io", "tsui goab tholus", "Tsũi Goab Tholus"), ("io", "ulgen", "Ülgen Patera"),
        ("phobos", "opik", "Öpik"), ("phobos", "darrest", "D'Arrest"), ("enceladus", "jaafar", "Ja’afar"),
        ("pluto", "vainamoinen", "Väinämöinen Vallis"), ("europa", "ménec", "Ménec Fossae"),
    ]) func diacritics(body: String, text: String, name: String) throws {
        let first = try #require(try found(try take(body), body, text).first)
        #expect(first.name == name)
        #expect(first.match < .slip)
    }

    @Test func everyNameFindsItself() throws {
        for body in ["enceladus", "europa", "io", "pluto", "phobos", "ceres"] {
            let search = try take(body)
            for feature in try scratch.features("nomenclature", body: body) {
                guard case .text(let name) = feature.values[0] else {
                    Issue.record("\(body): a feature without a name")
                    continue
                }
                let first = try #require(try found(search, body, name).first)
                #expect(first.name == name && first.match == .exact)
            }
        }
    }

    @Test func lettersWithMarks() {
        #expect(
            String(String.UnicodeScalarView(PlaceName("Łódź-ØRSTED’s Straße [Ærø]").joined))
                == "lodz orsteds strasse aero")
        #expect(PlaceName("e\u{301}\u{327}").joined == ["e"])
        #expect(PlaceName("?! --").words.isEmpty)
    }

    /// Against numbers by hand.
    @Test(
        arguments: [
            ("kitten", "sitting", nil), ("kitten", "sittin", 2), ("abcd", "abdc", 1), ("abcd", "abcd", 0),
            ("abcd", "bcd", 1), ("ca", "abc", nil),
        ] as [(String, String, Int?)]) func distances(a: String, b: String, distance: Int?)
    {
        #expect(
            EditDistance.between(Array(a.unicodeScalars), Array(b.unicodeScalars), most: 2) == distance)
    }

    @Test func newStatesAreSeen() throws {
        let search = try take("phobos")
        #expect(try found(search, "phobos", "nowhere").isEmpty)
        let path = try scratch.write("more.csv", "Feature Name,lon,lat,Diameter\nNowhere,10,20,1\n")
        try scratch.take(path, "nomenclature", body: "phobos") { $0.mode = .append }
        #expect(try found(search, "phobos", "nowhere").first?.position == Position(10, 20))
    }

    @Test func mistakes() throws {
        let search = try take("phobos")
        let name = try LayerName(body: "phobos", name: "nomenclature")
        #expect(throws: FeatureError.search(reason: "what is looked for has no letters and no digits")) {
            try search.places(in: name, matching: "%%")
        }
        #expect(throws: FeatureError.search(reason: "what is looked for has more than 100 characters")) {
            try search.places(in: name, matching: String(repeating: "a", count: 101))
        }
        #expect(throws: FeatureError.self) {
            try search.places(in: LayerName(body: "mars", name: "nomenclature"), matching: "a")
        }
        let path = try scratch.write("bare.csv", "lon,lat\n10,20\n")
        try scratch.take(path, "bare", body: "phobos")
        #expect(throws: FeatureError.search(reason: "the layer phobos/bare has no column with names")) {
            try search.places(in: LayerName(body: "phobos", name: "bare"), matching: "a")
        }
    }
}
