import Foundation
import GDAL
import Testing

/// Coverages of pixels, times and shapes, and their outlines.
@Suite struct MocCreateCommandTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func run(_ arguments: String, _ status: Int32 = 0) async throws -> Program.Outcome {
        let words = ["moc"] + arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run(words, in: scratch.path)
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        return outcome
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try scratch.bytes(name), as: UTF8.self)
    }

    @Test func optionsWithoutEffectAreRefused() async throws {
        for (arguments, word) in [
            ("create --time 2021-01-01/2022-01-01 --order 20 -o t.fits", "--time-order"),
            ("create --cone 10,20,5 --order 6 --range 0,100 -o c.fits", "--mask"),
        ] {
            let outcome = try await run(arguments, 64)
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
        }
    }

    /// --robust is recommended where it helps: not for files whose header is cut short.
    @Test func robustReadingIsOfferedWhereItHelps() async throws {
        _ = try await run("create --cone 77.5,18.4,2 --order 12 --body mars -o whole.fits")
        let bytes = try scratch.bytes("whole.fits")
        for (count, helps) in [(3000, false), (bytes.count - 2880, true)] {
            try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: scratch.file("cut.fits")))
            let errors = try await run("info cut.fits", 1).errors
            #expect(errors.contains("cut short") && errors.contains("--robust") == helps, "\(errors)")
            _ = try await run("info cut.fits --robust", helps ? 0 : 1)
        }
    }

    /// The raster has 26 x 26 pixels of half a degree from 93.5 E, 26.5 N; values are ten times the column plus the row.
    @Test func pixelsOfImagesAreCovered() async throws {
        try scratch.writeRaster("heights.tif", noData: 255)
        _ = try await run("create --mask heights.tif --range 100, --order 12 -o high.fits")
        // Column 10 begins at 98.5 E; in row 0 it is the first in the range.
        let asked = try await run(
            "query high.fits --point 98.4,26.3 --point 98.6,26.3 --point 106.4,14 --point 106.6,20 --point 93.6,26"
        )
        #expect(
            asked.output.split(separator: "\n").map { $0.split(separator: "\t")[1] } == [
                "outside", "inside", "inside", "outside", "outside",
            ])
        let info = try await run("info high.fits --json")
        #expect(info.output.contains("\"body\" : \"mars\"") || info.output.contains("\"body\":\"mars\""))
        // Pixel (column 25, row 5) is nodata.
        let all = try await run("create --mask heights.tif --order 12 -o all.fits")
        #expect(all.errors.isEmpty)
        let hole = try await run("query all.fits --point 106.25,23.75 --point 106.25,23.25")
        #expect(hole.output == "106.25,23.75\toutside\n106.25,23.25\tinside\n")
        #expect(
            try await run("create --mask heights.tif --range 900,950 --order 5").errors.contains(
                "no pixel counts"))
        #expect(
            try await run("create --mask heights.tif --body moon --order 5", 1).errors.contains("heights.tif")
        )
        for wrong in ["--range 5,1", "--range x,1", "--range ,"] {
            _ = try await run("create --mask heights.tif --order 5 \(wrong)", 64)
        }
        _ = try await run("create --mask absent.tif --order 5", 1)
        _ = try await run("create --mask heights.tif", 64)
        try scratch.writeRaster("colours.tif", type: .uint8, bands: 3)
        #expect(
            try await run("create --mask colours.tif --range 1,2 --order 5", 1).errors.contains("colours"))
    }

    /// The pixels of a HiPS of the nearest samples are those of the raster.
    @Test func pixelsOfAHiPSAreCovered() async throws {
        try scratch.writeRaster("map.tif")
        try scratch.write("inputs: [map.tif]\norder: 1\nresampling: nearest\nformats: [fits]\n", to: "s.yaml")
        let built = try await Program.run(
            ["build", "s.yaml", "--data", "d", "--name", "map"], in: scratch.path)
        #expect(built.status == 0, "\(built.errors)")
        let folder = "d/hips/mars/map"
        _ = try await run("create \(folder) --range 60,180 --order 10 -o hips.txt")
        _ = try await run("create --mask map.tif --range 60,180 --order 10 --mode centre -o image.txt")
        let cells = try text("hips.txt")
        #expect(try cells.count > 100 && cells == text("image.txt"))
        // Coarser cells with one pixel in the range, or with one of the four at their middle.
        _ = try await run("op degrade hips.txt --order 5 -o touched.txt")
        let wide = try await run("create \(folder) --range 60,180 --order 5")
        #expect(try wide.output == text("touched.txt"))
        let centres = try await run("create \(folder) --range 60,180 --order 5 --mode centre -o centres.txt")
        #expect(centres.errors.isEmpty)
        #expect(try await run("op difference centres.txt touched.txt").output == "5/\n")
        #expect(try await run("op difference touched.txt centres.txt").output != "5/\n")
        // Without a range it is what Moc.fits says.
        _ = try await run("create \(folder) --order 5 -o as-built.txt")
        #expect(try await run("op difference touched.txt as-built.txt").output == "5/\n")
        try FileManager.default.createDirectory(
            atPath: scratch.file("p"), withIntermediateDirectories: true)
        try scratch.write(
            "creator_did = ivo://a/b\nhips_order = 0\nhips_tile_format = png\n", to: "p/properties")
        #expect(try await run("create p --from hips --range 1,2 --order 3", 1).errors.contains("FITS tiles"))
        try scratch.write("SIMPLE", to: folder + "/Norder1/Dir0/Npix0.fits")
        #expect(
            try await run("create \(folder) --range 1,2 --order 3", 1).errors.contains(
                "Norder1/Dir0/Npix0.fits"))
    }

    @Test func timesAreCovered() async throws {
        let day = try await run("create --time 2021-02-18/2021-02-19 --format json")
        #expect(day.output.contains("\"t\""))
        _ = try await run(
            "create --time 2021-02-18T20:55:00Z/2023-01-01 --time-order 30 --cone 77.5,18.4,0.4 --order 8 --body mars -o st.fits"
        )
        let info = try await run("info st.fits")
        #expect(info.output.contains("time.space") && info.output.contains("mars"))
        #expect(
            try await run("create --time 2021-02-29", 1).errors.contains(
                "a day of 2021-2 is expected, not \"29\""))
        #expect(
            try await run("create --time 2021-02-19/2021-02-18", 1).errors.contains("ends before it begins"))
        #expect(try await run("create --time 1965-07-15", 1).errors.contains("TAI or TT"))
        _ = try await run("create --time 1965-07-15 --time-scale tdb -o mariner.fits")
        _ = try await run("create --time 2021-01-01/2021-01-02/2021-01-03", 1)
        _ = try await run("create --time 2021-01-01 --time-order 62", 64)
        _ = try await run("create --time 2021-01-01 --time-scale gps", 64)
    }

    @Test func outlinesGoThroughTheSeamOrHaveNoHoles() async throws {
        _ = try await run("create --ring 180,10,3,8 --order 7 --body mars -o ring.fits")
        let divided = try await run("outline ring.fits --format region", 0)
        #expect(divided.output.split(separator: "\n").count == 2)
        #expect(try await run("outline ring.fits --continuous --format region", 1).errors.contains("1 holes"))
        let whole = try await run("outline ring.fits --continuous --format wkt")
        #expect(whole.output.contains("187."))
        _ = try await run("outline ring.fits --continuous --divide-holes -o ring.txt --format region")
        _ = try await run("create ring.txt --order 7 --mode centre --body mars -o again.fits")
        #expect(try await run("op xor ring.fits again.fits").output == "7/\n")
        _ = try await run("outline ring.fits --fill-holes --divide-holes", 64)
    }
}
