import Foundation
import GDAL
import Testing

/// What cannot be built is refused with a message that names it, without a trace of a map.
@Suite struct BadInputTests {
    /// Runs `build` and expects a refusal.
    /// - Parameter words: parts of the message.
    private func expectRefusal(
        _ arguments: [String], words: [String], in scratch: Scratch, status: Int32 = 1,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await Program.run(["build", "--data", "maps"] + arguments, in: scratch.path)
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)", sourceLocation: location)
        for word in words {
            #expect(outcome.errors.contains(word), "\(word) in \(outcome.errors)", sourceLocation: location)
        }
        #expect(!outcome.errors.contains("Fatal error"), sourceLocation: location)
        let published = scratch.files(below: "maps/hips").filter { !$0.contains("/.") && $0.contains("/") }
        #expect(published == [], sourceLocation: location)
    }

    @Test func filesThatAreNoRasters() async throws {
        let scratch = try Scratch()
        try await expectRefusal(["absent.tif"], words: ["absent.tif", "No such file"], in: scratch)
        try scratch.write("", to: "empty.tif")
        try await expectRefusal(["empty.tif"], words: ["empty.tif"], in: scratch)
        try scratch.write("This is a text, whatever its name says.\n", to: "text.tif")
        try await expectRefusal(["text.tif"], words: ["text.tif", "not recognized"], in: scratch)
        try await expectRefusal(["absent.yaml"], words: ["absent.yaml", "No such file"], in: scratch)
        try FileManager.default.createDirectory(
            atPath: scratch.file("folder.tif"), withIntermediateDirectories: false)
        try await expectRefusal(["folder.tif"], words: ["folder.tif"], in: scratch)
    }

    @Test func filesThatAreCutShort() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("whole.tif", type: .float64, value: { Double($0 * $1) + 0.5 })
        let bytes = try scratch.bytes("whole.tif")
        for share in [0.05, 0.5, 0.9] {
            let part = bytes.prefix(Int(share * Double(bytes.count)))
            try Data(part).write(to: URL(fileURLWithPath: scratch.file("cut.tif")))
            try await expectRefusal(["cut.tif", "--order", "1"], words: ["cut.tif"], in: scratch)
            // Without the pass for the range, the workers are the first to meet the gap.
            try await expectRefusal(
                ["cut.tif", "--order", "1", "--cut", "0,9"], words: ["cut.tif"], in: scratch)
        }
    }

    @Test func placesThatCannotBeKnown() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("nan.tif", geoTransform: [.nan, 0.5, 0, 26.5, 0, -0.5])
        try await expectRefusal(["nan.tif"], words: ["nan.tif", "extent:"], in: scratch)
        try scratch.writeRaster("nocrs.tif", crs: nil)
        try await expectRefusal(["nocrs.tif"], words: ["nocrs.tif", "crs:"], in: scratch)
        try scratch.writeRaster("nowhere.tif", geoTransform: nil)
        try await expectRefusal(["nowhere.tif"], words: ["nowhere.tif", "extent:"], in: scratch)
        try scratch.writeRaster("rotated.tif", geoTransform: [93.5, 0.5, 0.1, 26.5, 0.1, -0.5])
        try await expectRefusal(["rotated.tif"], words: ["rotated.tif", "rotated"], in: scratch)
        try scratch.writeRaster("wide.tif", geoTransform: [0, 20, 0, 90, 0, -6.9])
        try await expectRefusal(["wide.tif"], words: ["wide.tif", "360 degrees"], in: scratch)
        try scratch.writeRaster("earth.tif", crs: "EPSG:4326")
        try await expectRefusal(["earth.tif"], words: ["earth.tif", "Earth", "crs:"], in: scratch)
        try scratch.writeRaster("graphic.tif", crs: "IAU_2015:49901")
        try await expectRefusal(
            ["graphic.tif"], words: ["graphic.tif", "planetographic", "IAU_2015:49900"], in: scratch)
        try scratch.writeRaster("tripel.tif", crs: "+proj=wintri +R=3396190 +units=m +type=crs")
        try await expectRefusal(
            ["tripel.tif", "--body", "mars"], words: ["tripel.tif", "projection"], in: scratch)
        try scratch.writeRaster("mars.tif")
        try await expectRefusal(
            ["mars.tif", "--body", "moon"], words: ["mars.tif", "Mars", "Moon"], in: scratch)
        try await expectRefusal(["mars.tif", "--body", "Marz"], words: ["Marz", "Mars"], in: scratch)
    }

    @Test func contentsThatCannotBeShown() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("blank.tif", type: .float32, value: { _, _ in .nan })
        try await expectRefusal(
            ["blank.tif"], words: ["blank.tif", "no sample is valid", "nodata"], in: scratch)
        try await expectRefusal(
            ["blank.tif", "--cut", "0,1", "--order", "1"], words: ["blank.tif", "no sample is valid"],
            in: scratch)
        try scratch.writeRaster("five.tif", bands: 5)
        try await expectRefusal(["five.tif"], words: ["five.tif", "5 bands", "--bands"], in: scratch)
    }

    @Test func optionsThatMakeNoSense() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        // 64 is EX_USAGE of sysexits.h: wrong before any file was looked at.
        try await expectRefusal(
            ["a.tif", "--jobs", "0"], words: ["--jobs", "1 to"], in: scratch, status: 64)
        try await expectRefusal(
            ["a.tif", "--cut", "5,1"], words: ["--cut", "LOW,HIGH"], in: scratch, status: 64)
        try await expectRefusal(
            ["a.tif", "--cut", "5"], words: ["--cut", "LOW,HIGH"], in: scratch, status: 64)
        try await expectRefusal(
            ["a.tif", "--resampling", "cubist"], words: ["--resampling", "bicubic"], in: scratch, status: 64)
        try await expectRefusal(
            ["a.tif", "--bands", "1,2"], words: ["--bands", "three with commas"], in: scratch, status: 64)
        try await expectRefusal(["a.tif", "--frob"], words: ["--frob"], in: scratch, status: 64)
        try await expectRefusal([], words: ["input"], in: scratch, status: 64)
        try await expectRefusal(
            ["a.tif", "--formats", "fits,gif"], words: ["formats", "gif", "webp"], in: scratch)
        try await expectRefusal(["a.tif", "--formats", ""], words: ["formats"], in: scratch)
        try await expectRefusal(["a.tif", "--order", "0"], words: ["order", "1"], in: scratch)
        try await expectRefusal(["a.tif", "--order", "29"], words: ["order", "20"], in: scratch)
        try await expectRefusal(["a.tif", "--moc-order", "25"], words: ["moc-order"], in: scratch)
        try await expectRefusal(["a.tif", "--colormap", "plaid"], words: ["plaid", "viridis"], in: scratch)
        try await expectRefusal(["a.tif", "--name", "///"], words: ["name"], in: scratch)
        try await expectRefusal(["a.tif", "--id", "http://x"], words: ["id", "ivo://"], in: scratch)
    }

    @Test func mistakesInASurveyAreShownWhereTheyAre() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        try scratch.write("name: x\ninputs: [a.tif]\nordre: 3\n", to: "typo.yaml")
        try await expectRefusal(["typo.yaml"], words: ["typo.yaml:3:1: ", "order"], in: scratch)
        try scratch.write("inputs: [a.tif]\norder: many\nresampling: cubist\n", to: "two.yaml")
        try await expectRefusal(["two.yaml"], words: ["two.yaml:2:8: ", "two.yaml:3:13: "], in: scratch)
        try scratch.write("inputs: [gone.tif]\n", to: "gone.yaml")
        try await expectRefusal(["gone.yaml"], words: ["gone.tif"], in: scratch)
        try scratch.write("inputs: [a.tif, b.tif]\n", to: "both.yaml")
        try await expectRefusal(["both.yaml"], words: ["inputs", "gdalbuildvrt"], in: scratch)
        try scratch.write("name: x\n", to: "none.yaml")
        try await expectRefusal(["none.yaml"], words: ["inputs"], in: scratch)
    }

    @Test func placesThatCannotBeWritten() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        // A file where the data directory should be; it stops even the superuser.
        try scratch.write("", to: "file")
        let blocked = try await Program.run(["build", "a.tif", "--data", "file"], in: scratch.path)
        #expect(blocked.status == 1)
        #expect(blocked.errors.contains("file/hips"), "\(blocked.errors)")
        guard getuid() != 0 else { return }
        try FileManager.default.createDirectory(
            atPath: scratch.file("locked"), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o555])
        let locked = try await Program.run(["build", "a.tif", "--data", "locked"], in: scratch.path)
        #expect(locked.status == 1)
        #expect(locked.errors.contains("locked") && locked.errors.contains("Permission denied"))
    }
}
