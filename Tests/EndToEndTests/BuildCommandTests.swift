import Foundation
import HEALPix
import HiPS
import Testing
import Tiles

@Suite struct BuildCommandTests {
    @Test func versionAndHelp() async throws {
        let scratch = try Scratch()
        let version = try await Program.run(["--version"], in: scratch.path)
        #expect(version.status == 0)
        #expect(version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        let help = try await Program.run(["--help"], in: scratch.path)
        #expect(help.status == 0)
        for verb in ["build", "inspect", "list", "remove", "serve"] { #expect(help.output.contains(verb)) }
        #expect(try await Program.run(["frobnicate"], in: scratch.path).status == 64)
    }

    @Test func aMapIsBuiltListedAndRemoved() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("Test Heights.tif")
        let build = try await Program.run(["build", "Test Heights.tif", "--data", "maps"], in: scratch.path)
        #expect(build.status == 0, "\(build.errors)")
        #expect(build.output.contains("hips/mars/test-heights"))
        #expect(build.output.contains("order 1"))
        let files = scratch.files(below: "maps/hips/mars/test-heights")
        for name in [
            "properties", "Moc.fits", "preview.jpg", "index.html", "Norder0/Allsky.fits",
            "Norder1/Allsky.png",
            "Norder0/Dir0/Npix5.fits", "Norder1/Dir0/Npix23.fits", "Norder1/Dir0/Npix23.png",
        ] { #expect(files.contains(name), "\(name)") }
        #expect(scratch.files(below: "maps/hips/mars").allSatisfy { !$0.hasPrefix(".") })

        let list = try await Program.run(["list", "--data", "maps"], in: scratch.path)
        #expect(list.status == 0)
        #expect(list.output.hasPrefix("mars/test-heights\torder 1\tfits,png\t"))
        let json = try await Program.run(["list", "--data", "maps", "--json"], in: scratch.path)
        let rows = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(rows?.count == 1)
        #expect(rows?.first?["body"] as? String == "mars")
        #expect(rows?.first?["order"] as? Int == 1)

        let again = try await Program.run(["build", "Test Heights.tif", "--data", "maps"], in: scratch.path)
        #expect(again.status == 0)
        #expect(again.output.contains("up to date"))

        let remove = try await Program.run(
            ["remove", "mars/test-heights", "--data", "maps"], in: scratch.path)
        #expect(remove.status == 0)
        #expect(!scratch.exists("maps/hips/mars/test-heights"))
        let gone = try await Program.run(["remove", "mars/test-heights", "--data", "maps"], in: scratch.path)
        #expect(gone.status != 0)
        #expect(gone.errors.contains("test-heights") && gone.errors.contains("tessera list"))
        let empty = try await Program.run(["list", "--data", "maps"], in: scratch.path)
        #expect(empty.status == 0)
        #expect(empty.output.contains("tessera build"))
    }

    @Test func optionsReachTheMap() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("a.tif")
        let outcome = try await Program.run(
            [
                "build", "a.tif", "--data", "maps", "--name", "My Map", "--title", "A title", "--id",
                "ivo://example.org/my/map", "--order", "2", "--formats", "png,jpeg, webp", "--resampling",
                "nearest", "--cut", "-5,200.5", "--stretch", "sqrt", "--colormap", "viridis", "--moc-order",
                "3", "--jobs", "2", "--json",
            ], in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(report["body"] as? String == "mars")
        #expect(report["name"] as? String == "my-map")
        #expect(report["upToDate"] as? Bool == false)
        #expect((report["tiles"] as? [Int])?.count == 3)
        let text = String(decoding: try scratch.bytes("maps/hips/mars/my-map/properties"), as: UTF8.self)
        let properties = try HiPSProperties(parsing: text)
        for (key, value) in [
            ("creator_did", "ivo://example.org/my/map"), ("obs_title", "A title"), ("hips_order", "2"),
            ("hips_tile_format", "png jpeg webp"), ("hips_pixel_cut", "-5 200.5"), ("moc_order", "3"),
            ("tessera_resampling", "nearest"), ("tessera_stretch", "sqrt"), ("tessera_colormap", "viridis"),
        ] { #expect(properties[key] == value, "\(key)") }
        #expect((report["properties"] as? [String: String])?["obs_title"] == "A title")
        let quiet = try await Program.run(
            ["build", "a.tif", "--data", "maps", "--quiet"], in: scratch.path)
        #expect((quiet.status, quiet.output, quiet.errors) == (0, "", ""))
    }

    @Test func surveysOfTheProductBuild() async throws {
        let scratch = try Scratch()
        let mola = try await Program.run(
            ["build", surveys + "/mars/mola.yaml", "--data", "maps", "--order", "1", "--formats", "fits"],
            in: scratch.path)
        #expect(mola.status == 0, "\(mola.errors)")
        // A JPEG, whose place is said by the files beside it.
        let wac = try await Program.run(
            ["build", surveys + "/moon/wac.yaml", "--data", "maps", "--order", "1"], in: scratch.path)
        #expect(wac.status == 0, "\(wac.errors)")
        let list = try await Program.run(["list", "--data", "maps"], in: scratch.path)
        #expect(
            list.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } } == ["mars/mola", "moon/wac"])
        let text = String(decoding: try scratch.bytes("maps/hips/mars/mola/properties"), as: UTF8.self)
        let properties = try HiPSProperties(parsing: text)
        #expect(properties["tessera_licence"]?.isEmpty == false)
        #expect(properties["obs_copyright"]?.contains("MOLA") == true)
        #expect(properties["moc_sky_fraction"] == "1")
        #expect(properties["hips_nb_tiles"] == "60")
        #expect(try scratch.bytes("maps/hips/moon/wac/preview.jpg").starts(with: [0xFF, 0xD8, 0xFF]))
        func brightness(face: Int) throws -> Int {
            let tile = try PictureDecoder.decode(
                scratch.bytes("maps/hips/moon/wac/Norder0/Dir0/Npix\(face).jpg"), format: .jpeg)
            #expect((tile.width, tile.height, tile.channels) == (512, 512, 1))
            return tile.samples.reduce(0) { $0 + Int($1) } / tile.samples.count
        }
        // The maria lie on the near side (face 4, around 0 E) and hardly any on the far side (face 6).
        #expect(try brightness(face: 6) > brightness(face: 4) + 10)
    }
}
