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
