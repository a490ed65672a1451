import Foundation
import Testing

/// Layers of features by command.
@Suite struct ImportCommandTests {
    private func run(_ arguments: [String], in scratch: Scratch) async throws -> Program.Outcome {
        try await Program.run(arguments + ["--data", "d"], in: scratch.path)
    }

    @Test func importsListsAndRemoves() async throws {
        let scratch = try Scratch()
        try Data("name,lon,lat,size\nA,350,10,1.5\nB,20,-30,2\n".utf8).write(
            to: URL(filePath: scratch.path + "/t.csv"))
        let take = ["import", "t.csv", "--body", "499", "--layer", "places", "--unit", "size=km"]
        let report = try await run(take + ["--json"], in: scratch)
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.output.contains("\"written\" : 2"))
        #expect(report.output.contains("\"beyond180\""))
        #expect(report.output.contains("\"unit\" : \"km\""))
        let again = try await run(take, in: scratch)
        #expect(again.status != 0)
        #expect(again.errors.contains("--replace"))
        let more = try await run(take + ["--append"], in: scratch)
        #expect(more.status == 0, "\(more.errors)")
        let list = try await run(["layers"], in: scratch)
        #expect(list.output.contains("mars/places\t4 features\tPOINT\tIAU_2015:49900"))
        let gone = try await run(["layers", "--remove", "mars/places"], in: scratch)
        #expect(gone.status == 0, "\(gone.errors)")
        let none = try await run(["layers", "--remove", "mars/places"], in: scratch)
        #expect(none.status != 0)
        #expect(none.errors.contains("there is no layer mars/places"))
    }

    @Test func mapsHaveOutlinesAsSoonAsTheyAreBuilt() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("heights.tif")
        let built = try await run(["build", "heights.tif"], in: scratch)
        #expect(built.status == 0 && built.errors.isEmpty, "\(built.errors)")
        let list = try await run(["layers", "--json"], in: scratch)
        #expect(list.output.contains("\"name\" : \"maps\"") && list.output.contains("\"features\" : 1"))
        #expect(list.output.contains("\"source\" : \"the maps of this data directory\""))
        let again = try await run(["outlines"], in: scratch)
        #expect(again.output == "mars/maps: 1 outlines, up to date\n")
        let removed = try await run(["remove", "mars/heights"], in: scratch)
        #expect(removed.status == 0 && removed.errors.isEmpty, "\(removed.errors)")
        #expect(try await run(["layers"], in: scratch).output.hasPrefix("No layers"))
        // What is in the way of the outlines does not fail a build, but is told.
        try Data("no database, but a text of some length".utf8).write(
            to: URL(filePath: scratch.path + "/d/features.gpkg"))
        let other = try await run(["build", "heights.tif"], in: scratch)
        #expect(other.status == 0 && other.errors.contains("tessera outlines"), "\(other.errors)")
        #expect(scratch.exists("d/hips/mars/heights/properties"))
        #expect(try await run(["outlines"], in: scratch).status != 0)
        #expect(try await Program.run(["outlines", "--data", "nowhere"], in: scratch.path).status != 0)
    }

    @Test func refusesWhatIsNotThere() async throws {
        let scratch = try Scratch()
        for arguments in [
            ["import", "none.csv", "--body", "mars", "--layer", "a"],
            ["import", "none.csv", "--body", "Nowhere", "--layer", "a"],
            ["import", "none.csv", "--body", "mars", "--layer", "A-B"],
            ["import", "none.csv", "--body", "mars", "--layer", "a", "--append", "--replace"],
            ["import", "none.csv", "--body", "mars", "--layer", "a", "--unit", "km"],
            ["layers", "--remove", "mars"],
        ] {
            let outcome = try await run(arguments, in: scratch)
            #expect(outcome.status != 0, "\(arguments)")
            #expect(!outcome.errors.isEmpty)
        }
        #expect(!scratch.exists("d/features.gpkg"))
    }
}
