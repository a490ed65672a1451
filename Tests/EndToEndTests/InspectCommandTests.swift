import Foundation
import Testing

@Suite struct InspectCommandTests {
    @Test func textSaysWhatIsBelieved() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("heights.tif", noData: -32768)
        let outcome = try await Program.run(["inspect", "heights.tif"], in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for part in [
            "heights.tif: GTiff, 26 x 26", "Mars", "3396190", "IAU_2015:49900", "planetocentric",
            "east-positive", "13.5 to 26.5", "93.5 to 106.5", "int16", "nodata -32768", "range 0.0 to 275.0",
            "mars/heights", "order 1", "fits, png",
            // Half a degree of 3396.19 km.
            "29.6 km",
        ] { #expect(outcome.output.contains(part), "\(part) in \(outcome.output)") }
        #expect(!outcome.output.contains("seam"), "a region has no seam")
    }

    @Test func jsonHoldsTheSameForEveryFile() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif", noData: 5)
        let outcome = try await Program.run(
            [
                "inspect", "--json", "a.tif", surveys + "/mars/mars_mola_180.tif",
                surveys + "/mars/viking.yaml",
            ],
            in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(rows.count == 3)
        let region = rows[0]
        #expect(region["body"] as? String == "Mars")
        #expect(region["columns"] as? Int == 26)
        #expect(region["closes"] as? Bool == false)
        #expect(region["seamGapPixels"] == nil)
        #expect(region["noData"] as? Double == 5)
        #expect(region["westDegrees"] as? Double == 93.5)
        #expect(region["kind"] as? String == "values")
        let mola = rows[1]
        #expect(mola["closes"] as? Bool == true)
        #expect(mola["resolutionDegrees"] as? Double == 0.25)
        #expect(mola["order"] as? Int == 1)
        #expect(mola["tiles"] as? Int == 60)
        let viking = rows[2]
        #expect(viking["kind"] as? String == "colour")
        #expect(viking["bands"] as? Int == 3)
        #expect(viking["map"] as? String == "mars/viking")
    }

    @Test func oneBadFileDoesNotHideTheOthers() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("good.tif")
        let outcome = try await Program.run(
            ["inspect", "absent.tif", "good.tif", "--json"], in: scratch.path)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("absent.tif"))
        let rows = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
        #expect(rows?.count == 1)
    }
}

@Suite struct InspectAgainstTests {
    @Test func comparesWithAnotherMap() async throws {
        let scratch = try Scratch()
        let heights = surveys + "/mars/mars_mola_180.tif"
        let right = try await Program.run(
            ["inspect", "--skip-range", heights, "--against", surveys + "/mars/mola.yaml"], in: scratch.path)
        #expect(right.status == 0, "\(right.errors)")
        #expect(right.output.contains("the maps agree"), "\(right.output)")
        #expect(!right.output.contains("heights of two kinds"))
        // Where they lie is compared all the same.
        try Data(
            "inputs: [\(heights)]\nvertical: {quantity: elevation, reference: sphere, radius: 3396000}\n".utf8
        )
        .write(to: URL(fileURLWithPath: scratch.file("sphere.yaml")))
        let mixed = try await Program.run(
            ["inspect", "--skip-range", "sphere.yaml", "--against", surveys + "/mars/mola.yaml"],
            in: scratch.path)
        #expect(mixed.status == 0 && mixed.output.contains("the maps agree"), "\(mixed.errors)")
        #expect(mixed.output.contains("heights of two kinds"), "\(mixed.output)")
        let wrong = """
            body: mars
            inputs: [\(heights)]
            crs: IAU_2015:49900
            extent: [0, -90, 360, 90]
            """
        try Data(wrong.utf8).write(to: URL(fileURLWithPath: scratch.file("wrong.yaml")))
        let turned = try await Program.run(
            ["inspect", "--json", "--skip-range", "wrong.yaml", "--against", heights], in: scratch.path)
        #expect(turned.status == 1)
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(turned.output.utf8)) as? [[String: Any]])
        let against = try #require(rows.first?["against"] as? [[String: Any]])
        #expect(against.first?["verdict"] as? String == "half a turn")
        #expect(against.first?["isFault"] as? Bool == true)
        #expect((rows.first?["overrides"] as? [String])?.isEmpty == false)
        let beliefs = try #require(rows.first?["beliefs"] as? [[String: String]])
        #expect(beliefs.contains { $0["topic"] == "latitudes" && $0["value"] == "planetocentric" })
        let moon = try await Program.run(
            ["inspect", "--skip-range", heights, "--against", surveys + "/moon/lola.yaml"], in: scratch.path)
        #expect(moon.status == 1 && moon.errors.contains("map of Moon"), "\(moon.errors)")
    }
}
