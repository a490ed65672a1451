import Foundation
import GDAL
import Testing

@Suite struct SurveyInitTests {
    /// The tiles and coverage of a map by name.
    private func tiles(_ scratch: Scratch, _ folder: String) throws -> [String: [UInt8]] {
        var tiles: [String: [UInt8]] = [:]
        for name in scratch.files(below: folder) where name.contains("Npix") || name == "Moc.fits" {
            tiles[name] = try scratch.bytes(folder + "/" + name)
        }
        return tiles
    }

    private func build(_ scratch: Scratch, _ input: String, into data: String) async throws -> [String:
        [UInt8]]
    {
        let outcome = try await Program.run(
            ["build", input, "--data", data, "--quiet"], in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let map = try #require(scratch.files(below: data + "/hips").first { $0.hasSuffix("/properties") })
        return try tiles(scratch, data + "/hips/" + map.dropLast("/properties".count))
    }

    /// The draft with the beliefs that are keys taken for statements.
    private func stated(_ draft: String) -> String {
        let keys = ["crs: IAU", "extent", "registration", "latitude_kind", "longitude_sense", "nodata"]
        return draft.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isKey = keys.contains { line.hasPrefix("# \($0)") } && !line.hasPrefix("# nodata: none")
            return isKey ? String(line.dropFirst(2)) : String(line)
        }.joined(separator: "\n")
    }

    @Test func aDraftBuildsTheTilesOfItsRaster() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("Test Heights.tif", noData: 15)
        let draft = try await Program.run(["survey", "init", "Test Heights.tif"], in: scratch.path)
        #expect(draft.status == 0, "\(draft.errors)")
        #expect(draft.output == "Test Heights.yaml: mars/test-heights\n")
        let text = String(decoding: try scratch.bytes("Test Heights.yaml"), as: UTF8.self)
        for part in [
            "name: test-heights", "body: Mars ", "inputs: Test Heights.tif\n", "# crs: IAU_2015:49900 ",
            "# extent: [93.5, 13.5, 106.5, 26.5] ", "# latitude_kind: planetocentric ", "# nodata: 15 ",
            "order: 1 ",
            "formats: [fits, png] ", "FILL IN", "believed, from the CRS",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        let check = try await Program.run(["survey", "check", "Test Heights.yaml"], in: scratch.path)
        #expect((check.status, check.output) == (0, "1 survey file, 0 with mistakes\n"))
        let raster = try await build(scratch, "Test Heights.tif", into: "a")
        #expect(raster.count > 3)
        #expect(try await build(scratch, "Test Heights.yaml", into: "b") == raster)
        try scratch.write(stated(text), to: "stated.yaml")
        #expect(try await build(scratch, "stated.yaml", into: "c") == raster)
    }

    @Test func aDraftStatesTheBandsOfTheCommandLine() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("many.tif", bands: 5)
        let refused = try await Program.run(["survey", "init", "many.tif"], in: scratch.path)
        #expect(refused.status == 1 && refused.errors.contains("--bands"), "\(refused.errors)")
        for (stated, key) in [("4", "bands: [4] "), ("3,2,1", "bands: [3, 2, 1] ")] {
            let draft = try await Program.run(
                ["survey", "init", "many.tif", "--bands", stated, "-o", "-"], in: scratch.path)
            #expect(draft.output.contains("\n" + key), "\(draft.output) \(draft.errors)")
            #expect(!draft.output.contains("# (bands"), "\(draft.output)")
            try scratch.write(draft.output, to: "many.yaml")
            let check = try await Program.run(["survey", "check", "many.yaml"], in: scratch.path)
            #expect(check.status == 0, "\(check.errors)")
        }
    }

    @Test(arguments: ["mars_mola_npole_stere.tif", "mars_mola_geofits.fits"])
    func otherFormatsToo(_ name: String) async throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(atPath: surveys + "/mars/" + name, toPath: scratch.file(name))
        let draft = try await Program.run(["survey", "init", name, "-o", "draft.yaml"], in: scratch.path)
        #expect(draft.status == 0, "\(draft.errors)")
        let raster = try await build(scratch, name, into: "a")
        #expect(try await build(scratch, "draft.yaml", into: "b") == raster)
    }

    @Test func nothingIsOverwrittenUnasked() async throws {
        let scratch = try Scratch()
        for name in ["a.tif", "b.tif"] { try scratch.writeRaster(name) }
        try scratch.write("mine\n", to: "a.yaml")
        let both = try await Program.run(["survey", "init", "a.tif", "b.tif"], in: scratch.path)
        #expect(both.status == 1)
        #expect(both.errors.contains("a.yaml exists already") && both.errors.contains("--force"))
        #expect(both.output == "b.yaml: mars/b\n", "the other one is written")
        #expect(try scratch.bytes("a.yaml") == Array("mine\n".utf8))
        let forced = try await Program.run(["survey", "init", "a.tif", "--force"], in: scratch.path)
        #expect(forced.status == 0)
        #expect(try scratch.bytes("a.yaml") != Array("mine\n".utf8))
        #expect(
            scratch.files(below: ".").filter { $0.hasPrefix("a") } == ["a.tif", "a.yaml"], "no leftovers")
    }

    @Test func draftsGoWhereTheyAreAsked() async throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.file("maps"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: scratch.file("surveys"), withIntermediateDirectories: true)
        for name in ["maps/a.tif", "maps/b.tif", "c.tif"] { try scratch.writeRaster(name) }
        let standard = try await Program.run(["survey", "init", "maps/a.tif", "-o", "-"], in: scratch.path)
        #expect(
            standard.status == 0 && standard.output.contains("\ninputs: maps/a.tif\n"), "\(standard.output)")
        let folder = try await Program.run(
            ["survey", "init", "maps/a.tif", "maps/b.tif", "-o", "surveys"], in: scratch.path)
        #expect(folder.status == 0, "\(folder.errors)")
        let text = String(decoding: try scratch.bytes("surveys/a.yaml"), as: UTF8.self)
        #expect(text.contains("/maps/a.tif\"\n"), "an absolute path")
        #expect(try await !build(scratch, "surveys/a.yaml", into: "data").isEmpty)
        let file = try await Program.run(
            ["survey", "init", "maps/a.tif", "c.tif", "-o", "one.yaml"], in: scratch.path)
        #expect(file.status == 64 && file.errors.contains("no folder"))
        try scratch.writeRaster("surveys/a.tif")
        let twins = try await Program.run(
            ["survey", "init", "--force", "maps/a.tif", "surveys/a.tif", "-o", "surveys"], in: scratch.path)
        #expect(twins.status == 1 && twins.errors.contains("just written for another raster"))
    }

    @Test func refusesWhatInspectRefuses() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("plain.tif", crs: nil, geoTransform: nil)
        for file in ["plain.tif", "absent.tif"] {
            let inspect = try await Program.run(["inspect", file], in: scratch.path)
            let draft = try await Program.run(["survey", "init", file], in: scratch.path)
            #expect(draft.status == 1)
            #expect(draft.errors == inspect.errors)
        }
        #expect(!scratch.exists("plain.yaml"))
        try scratch.write("inputs: a.tif\n", to: "a.yaml")
        let survey = try await Program.run(["survey", "init", "a.yaml", "--force"], in: scratch.path)
        #expect(survey.status == 1 && survey.errors.contains("survey file already"))
    }

    @Test func whatTheUserSaysIsStated() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("plain.tif", crs: nil)
        let draft = try await Program.run(
            ["survey", "init", "plain.tif", "--crs", "IAU_2015:30100"], in: scratch.path)
        #expect(draft.status == 0, "\(draft.errors)")
        let text = String(decoding: try scratch.bytes("plain.yaml"), as: UTF8.self)
        #expect(text.contains("\ncrs: IAU_2015:30100 "))
        #expect(try await !build(scratch, "plain.yaml", into: "a").isEmpty)
    }

    @Test func heightsOfAKnownProductHaveTheirReference() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("ldem_4.tif", crs: "IAU_2015:30100")
        try scratch.writeRaster("ldem_4_shade.tif", crs: "IAU_2015:30100", type: .uint8)
        let outcome = try await Program.run(
            ["survey", "init", "ldem_4.tif", "ldem_4_shade.tif"], in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let heights = String(decoding: try scratch.bytes("ldem_4.yaml"), as: UTF8.self)
        #expect(
            heights.contains(
                "\nvertical: {quantity: elevation, reference: sphere, radius: 1737400, unit: m} # believed:"))
        let shade = String(decoding: try scratch.bytes("ldem_4_shade.yaml"), as: UTF8.self)
        #expect(!shade.contains("vertical"), "brightness has no reference")
        for (input, states) in [
            ("ldem_4.yaml", true), ("ldem_4.tif", true), ("ldem_4_shade.yaml", false),
            ("ldem_4_shade.tif", false),
        ] {
            let data = "of-" + input
            #expect(try await !build(scratch, input, into: data).isEmpty)
            let name = try #require(scratch.files(below: data).first { $0.hasSuffix("/properties") })
            let properties = String(decoding: try scratch.bytes(data + "/" + name), as: UTF8.self)
            #expect(
                properties.contains("elevation above the sphere of 1737400.0 m, in m") == states, "\(input)")
        }
    }

    @Test func longitudesHaveToBeNamedOnVesta() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("vesta.tif", crs: "IAU_2015:200000400")
        let draft = try await Program.run(["survey", "init", "vesta.tif"], in: scratch.path)
        #expect(draft.status == 0, "\(draft.errors)")
        #expect(draft.errors.contains("longitude_system") && draft.errors.contains("Claudia"))
        let text = String(decoding: try scratch.bytes("vesta.yaml"), as: UTF8.self)
        #expect(text.contains("# longitude_system: Claudia "))
        for command in [["survey", "check"], ["build", "--data", "a"]] {
            let open = try await Program.run(command + ["vesta.yaml"], in: scratch.path)
            #expect(open.status == 1 && open.errors.contains("Claudia"), "\(open.errors)")
        }
        try scratch.write(
            text.replacingOccurrences(of: "# longitude_system: Claudia ", with: "longitude_system: Claudia "),
            to: "vesta.yaml")
        #expect(try await !build(scratch, "vesta.yaml", into: "b").isEmpty)
    }
}

@Suite struct SurveyCheckTests {
    @Test func mistakesHaveTheirPlaces() async throws {
        let scratch = try Scratch()
        try scratch.write("inputs: a.tif\nbody: Mars\ntittle: x\norder: 99\n", to: "wrong.yaml")
        try scratch.write("inputs: a.tif\nbody: Marz\n", to: "body.yaml")
        try scratch.write("inputs: [a.tif, b.tif]\n", to: "two.yaml")
        try scratch.write("inputs: a.tif\nbody: Mars\ncolormap: rainbow\n", to: "colours.yaml")
        try scratch.write("inputs: a.tif\nbody: Mars\ncrs: EPSG:4326\n", to: "earth.yaml")
        try scratch.write("inputs: a.tif\nbody: Mars\norder: 0\n", to: "order.yaml")
        try scratch.write("inputs: a.tif\nbody: Mars\nname: same\n", to: "first.yaml")
        try scratch.write("inputs: b.tif\nbody: 499\nname: Same\n", to: "second.yaml")
        let names = ["wrong", "body", "two", "colours", "earth", "order", "first", "second", "absent"].map {
            $0 + ".yaml"
        }
        let outcome = try await Program.run(["survey", "check"] + names, in: scratch.path)
        #expect(outcome.status == 1)
        #expect(outcome.output == "9 survey files, 8 with mistakes\n")
        for part in [
            "wrong.yaml:3:1: the key \"tittle\" is not known", "wrong.yaml:4:8: \"order\" is 99",
            "body.yaml: ", "Mars",
            "two.yaml: inputs: 2 files", "colours.yaml: colormap", "earth.yaml: ", "order.yaml: order: 0",
            "second.yaml: it would become mars/same, as would first.yaml", "absent.yaml:1:1: cannot be read",
        ] { #expect(outcome.errors.contains(part), "\(part) in \(outcome.errors)") }
        let json = try await Program.run(["survey", "check", "--json"] + names, in: scratch.path)
        #expect(json.status == 1)
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(rows.count == 9)
        let mistakes = try #require(rows[0]["mistakes"] as? [[String: Any]])
        #expect(mistakes.count == 2 && mistakes[0]["line"] as? Int == 3 && mistakes[0]["column"] as? Int == 1)
        #expect((rows[6]["mistakes"] as? [Any])?.isEmpty == true && rows[6]["map"] as? String == "mars/same")
    }

    @Test func theShippedSurveysAndProductsAreRight() async throws {
        let scratch = try Scratch()
        let folder = URL(fileURLWithPath: surveys).resolvingSymlinksInPath().path
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let files = names.filter { $0.hasSuffix(".yaml") }.sorted().map { surveys + "/" + $0 }
        #expect(files.count >= 20)
        let outcome = try await Program.run(["survey", "check"] + files, in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func theSchemaIsPrinted() async throws {
        let scratch = try Scratch()
        let folder = URL(fileURLWithPath: surveys).deletingLastPathComponent().appendingPathComponent(
            "schemas"
        ).path
        for (arguments, file) in [([], "survey"), (["--bodies"], "bodies")] {
            let outcome = try await Program.run(["survey", "schema"] + arguments, in: scratch.path)
            let text = try String(contentsOfFile: "\(folder)/\(file).schema.json", encoding: .utf8)
            #expect((outcome.status, outcome.output) == (0, text))
        }
    }
}
