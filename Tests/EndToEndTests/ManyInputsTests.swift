import Foundation
import GDAL
import Testing

/// Builds of several inputs in one command.
@Suite struct ManyInputsTests {
    private func build(_ arguments: [String], in scratch: Scratch) async throws -> Program.Outcome {
        try await Program.run(["build", "--data", "maps", "--order", "1"] + arguments, in: scratch.path)
    }

    private func document(_ outcome: Program.Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func oneFailureDoesNotStopTheOthers() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        try scratch.writeRaster("b.tif")
        try scratch.write("This is a text.\n", to: "bad.tif")
        let outcome = try await build(
            ["a.tif", "bad.tif", "b.tif", "--keep-going", "--json", "--log", "night.log"], in: scratch)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("bad.tif"))
        let run = try document(outcome)
        let maps = try #require(run["maps"] as? [[String: Any]])
        #expect(maps.map { $0["result"] as? String } == ["built", "failed", "built"])
        #expect(maps.map { $0["input"] as? String } == ["a.tif", "bad.tif", "b.tif"])
        #expect((maps[1]["error"] as? String)?.contains("bad.tif") == true)
        #expect((maps[0]["report"] as? [String: Any])?["name"] as? String == "a")
        #expect(run["failed"] as? Int == 1)
        #expect(
            scratch.exists("maps/hips/mars/a/properties") && scratch.exists("maps/hips/mars/b/properties"))
        let log = String(decoding: try scratch.bytes("night.log"), as: UTF8.self).split(separator: "\n")
        let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (info|warning|error) .+/
        #expect(log.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(log)")
        for words in ["info mars/a: begins", "info mars/a: built", "error bad.tif", "2 built, 1 failed"] {
            #expect(log.contains { $0.contains(words) }, "\(words) in \(log)")
        }

        // Without the option nothing is begun when an input is wrong; what is there is told.
        let strict = try await build(["a.tif", "bad.tif", "b.tif"], in: scratch)
        #expect(strict.status == 1)
        #expect(strict.output.contains("3 maps: 1 failed, 2 not done"), "\(strict.output)")
        let again = try await build(["a.tif", "b.tif"], in: scratch)
        #expect(again.status == 0)
        #expect(again.output.contains("2 maps: 2 up to date"), "\(again.output)")
    }

    @Test func mistakesOfAllSurveysAreToldAtOnce() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        try scratch.write("inputs: a.tif\nordre: 1\n", to: "one.yaml")
        try scratch.write("inputs: a.tif\nstretch: asin\n", to: "two.yaml")
        try scratch.write("inputs: a.tif\n", to: "three.yaml")
        let outcome = try await build(["three.yaml", "one.yaml", "two.yaml"], in: scratch)
        #expect(outcome.status == 1)
        for place in ["one.yaml:2:1: ", "two.yaml:2:10: "] { #expect(outcome.errors.contains(place)) }
        #expect(!scratch.exists("maps"))
    }

    @Test func twoInputsOfOneMapAreRefused() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        try scratch.writeRaster("b.tif")
        try scratch.write("inputs: b.tif\nname: a\n", to: "b.yaml")
        let outcome = try await build(["a.tif", "b.yaml", "b.tif", "--keep-going", "--json"], in: scratch)
        #expect(outcome.status == 1)
        let maps = try #require(try document(outcome)["maps"] as? [[String: Any]])
        #expect(maps.map { $0["result"] as? String } == ["failed", "failed", "built"])
        #expect(outcome.errors.contains("mars/a"))
        let named = try await build(["a.tif", "b.tif", "--name", "x"], in: scratch)
        #expect(named.status == 64)
        #expect(named.errors.contains("--name"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalStopsAndTheSameCommandGoesOn(_ signal: Int32) async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif", type: .float32)
        let arguments = [
            "build", "a.tif", "--data", "maps", "--order", "6", "--jobs", "1", "--cut", "0,9", "--log", "log",
        ]
        let running = try Running(arguments, in: scratch.path)
        for _ in 0..<1000 where running.isRunning {
            if scratch.files(below: "maps").contains(where: { $0.contains("Npix") }) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        running.signal(signal)
        #expect(await running.waitUntilExit() == 128 + signal, "\(running.errors)")
        #expect(running.errors.contains("The same command goes on"))
        #expect(!scratch.exists("maps/hips/mars/a"))
        #expect(scratch.files(below: "maps/hips/mars").allSatisfy { !$0.hasSuffix(".lock") })
        let log = String(decoding: try scratch.bytes("log"), as: UTF8.self)
        #expect(log.contains("warning a.tif: stopped"), "\(log)")
    }

    @Test func sizesOfMemoryAreRead() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        for size in ["many", "-1", "0", "5X", ""] {
            let outcome = try await build(["a.tif", "--memory=\(size)"], in: scratch)
            #expect(outcome.status == 64, "\(size)")
            #expect(outcome.errors.contains("--memory"))
        }
        for size in ["600M", "2GiB", "629145600", "1.5g"] {
            let outcome = try await build(["a.tif", "--memory", size, "--quiet"], in: scratch)
            #expect(outcome.status == 0, "\(size): \(outcome.errors)")
        }
    }
}
