import Foundation
import Testing

@Suite struct MocCommandTests {
    @Test func coveragesAreCombinedAndConverted() async throws {
        let scratch = try Scratch()
        try scratch.write("3/1-4 5/", to: "a.txt")
        try scratch.write(#"{"3":[3,4,5,900]}"#, to: "wrong.json")
        try scratch.write(#"{"3":[3,4,5]}"#, to: "b.json")
        func run(_ arguments: String, _ status: Int32 = 0) async throws -> Program.Outcome {
            let words = ["moc"] + arguments.split(separator: " ").map(String.init)
            let outcome = try await Program.run(words, in: scratch.path)
            #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
            return outcome
        }
        #expect(try await run("op union a.txt b.json").output == "3/1-5 5/\n")
        #expect(try await run("op intersection a.txt b.json").output == "3/3-4 5/\n")
        #expect(try await run("op difference a.txt b.json").output == "3/1-2 5/\n")
        #expect(try await run("op xor a.txt b.json --format json").output == "{\"3\":[1,2,5],\"5\":[]}\n")
        #expect(try await run("op degrade a.txt --order 1").output == "1/0\n")
        _ = try await run("op complement a.txt --body Mars -o not.fits")
        #expect(try await run("op union a.txt not.fits").output == "0/0-11 5/\n")
        _ = try await run("convert b.json --body 301 -o moon.fits --frame body --format fits-range")
        let refused = try await run("op union not.fits moon.fits", 1)
        #expect(refused.errors.contains("mars") && refused.errors.contains("moon"))
        let named = try await run("info not.fits --json")
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(named.output.utf8)) as? [[String: Any]])
        #expect(rows[0]["body"] as? String == "mars" && rows[0]["order"] as? Int == 5)
        let area = try #require(rows[0]["areaKm2"] as? Double)
        #expect(abs(area / (144.373e6 * 764 / 768) - 1) < 0.001)
        #expect(try await run("info wrong.json", 1).errors.contains("character"))
        let grown = try await run("op grow a.txt b.json", 64)
        #expect(grown.errors.contains("takes one coverage, but 2 are given"))
        #expect(try await run("op split a.txt -o parts.txt", 0).output.isEmpty)
        #expect(scratch.files(below: ".").filter { $0.hasPrefix("parts-") }.count == 1)
        #expect(try await run("convert absent.fits", 1).errors.contains("No such file"))
    }

    @Test func placesAreAskedFor() async throws {
        let scratch = try Scratch()
        // Jezero crater lies at 77.6 E, 18.4 N.
        try scratch.write("name,lon,lat\nJezero,77.6,18.4\r\nGale,137.4,-4.6\n", to: "sites.csv")
        try scratch.write("lon,lat\n1,95\n", to: "wrong.csv")
        try scratch.write("0/0 4-11", to: "m.txt")
        let asked = try await Program.run(
            ["moc", "query", "m.txt", "--points", "sites.csv"], in: scratch.path)
        #expect(asked.status == 0, "\(asked.errors)")
        #expect(asked.output == "name,lon,lat,inside\nJezero,77.6,18.4,1\nGale,137.4,-4.6,1\n")
        let more = try await Program.run(
            [
                "moc", "query", "m.txt", "--point", "-135.5,60", "--cell", "1/4", "--cell", "29/0", "--moc",
                "m.txt",
            ], in: scratch.path)
        let expected = [
            "-135.5,60\toutside", "1/4\toutside", "29/0\tinside", "m.txt\tinside\t1.0 of its solid angle",
        ]
        #expect(more.output == expected.joined(separator: "\n") + "\n", "\(more.errors)")
        let wrong = try await Program.run(
            ["moc", "query", "m.txt", "--points", "wrong.csv"], in: scratch.path)
        #expect(wrong.status == 1 && wrong.errors.contains("line 2"))
    }
}
