import FITS
import HEALPix
import HiPS
import MOC
import Testing
import Tiles

@testable import Lint

/// A correct HiPS with something wrong in its properties.
@Suite struct PropertiesMutationTests {
    @Test func aFormatThatIsNotThere() async throws {
        let map = try Mutation()
        try map.edit { $0["hips_tile_format"] = "fits png webp" }
        let report = try await map.lint(all: false)
        #expect(Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }) == ["format-absent properties"])
        #expect(report.findings[0].found.hasSuffix("without a webp tile"))
    }

    /// What is changed in the properties, and all that is then told.
    @Test(
        arguments: [
            ("hips_body", nil, ["body-missing"]),
            ("hips_body", "phobos", ["body-frame-differ"]),
            ("hips_frame", "equatorial", ["body-frame-differ"]),
            ("hips_body", "Mars", ["key-syntax"]),
            ("hips_frame", nil, ["key-missing"]),
            ("creator_did", nil, ["key-missing"]),
            ("creator_did", "P/mars/small", ["key-syntax"]),
            ("obs_title", "", ["key-missing"]),
            ("hips_version", "1", ["key-syntax"]),
            ("hips_release_date", "2024-02-29", ["key-syntax"]),
            ("hips_release_date", "2024-13-29T10:10Z", ["key-syntax"]),
            ("hips_status", "public,master,clonableOnce", ["key-syntax"]),
            ("hips_status", "public master", ["key-syntax"]),
            ("hips_order_min", nil, ["key-advised"]),
            ("hips_pixel_bitpix", nil, ["key-advised"]),
            ("hips_pixel_cut", "2500 -2000", ["key-syntax"]),
            ("hips_pixel_cut", "1e6 2e6", ["cut-outside"]),
            ("hips_data_range", "1e6 2e6", ["range-outside"]),
            ("hips_data_range", "0 10", ["range-differs"]),
            ("hips_nb_tiles", "59", ["tile-count"]),
            ("hips_nb_tiles", "120", []),
            ("moc_sky_fraction", "0.5", ["moc-fraction"]),
            ("moc_order", "5", ["moc-order"]),
            ("hips_initial_dec", "91", ["key-syntax"]),
            ("hips_tile_format", "fits png jpg", ["format-absent", "key-syntax"]),
        ] as [(String, String?, Set<String>)])
    func aKeyChanged(key: String, value: String?, codes: Set<String>) async throws {
        let map = try Mutation()
        try map.edit { $0[key] = value }
        #expect(Set(try await map.lint().findings.map(\.code.rawValue)) == codes)
    }

    @Test func ordersThatAreNot() async throws {
        let map = try Mutation()
        try map.edit { $0["hips_order"] = "2" }
        var report = try await map.lint()
        #expect(report.counts == [.tileMissing: 2 * 192])
        // An order that no disk could hold is told without walking through it.
        try map.edit {
            $0["hips_order"] = "29"
            $0["moc_order"] = "29"
        }
        let moc = MOC(order: Order(29)!, cells: Cell.bases)
        let stated = try map.scratch.bytes("Moc.fits")
        try map.scratch.write(moc.fits(), to: "Moc.fits")
        report = try await map.lint()
        #expect(report.counts[.tileMissing] ?? 0 > Int64.max / 4)
        #expect(report.tilesRead == 120)
        try map.edit { $0["hips_order_min"] = "29" }
        #expect(try await map.lint().counts == [.keySyntax: 1])
        try map.scratch.write(stated, to: "Moc.fits")
        try map.edit {
            $0["hips_order_min"] = "0"
            $0["moc_order"] = "4"
        }
        try map.edit { $0["hips_order"] = "0" }
        report = try await map.lint()
        #expect(
            Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }).contains(
                "tile-extra Norder1/Dir0/Npix0.png"))
        #expect(
            Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }).contains("order-zero properties"))
        try map.edit {
            $0["hips_order"] = "1"
            $0["hips_tile_width"] = "128"
        }
        #expect(try await map.lint().counts[.tileWidth] == 120)
    }

    @Test func linesThatReadersDifferOn() async throws {
        let map = try Mutation()
        try map.scratch.write(
            map.scratch.text("properties") + "hips_order = 1\nnonsense\n# a comment\n\n", to: "properties")
        #expect(try await map.found() == ["key-duplicate properties", "line-malformed properties"])
    }

    @Test func nothingToLookAt() async throws {
        let scratch = try Scratch()
        let empty = try await Linter(scratch.path).run()
        #expect(empty.counts == [.propertiesMissing: 1])
        try scratch.write("no pair at all\n", to: "properties")
        let silent = try await Linter(scratch.path).run()
        #expect(silent.counts == [.propertiesMissing: 1])
        #expect(throws: LintError.noDirectory(path: scratch.path + "/no")) {
            try Linter(scratch.path + "/no")
        }
        #expect(throws: LintError.self) { try Linter("http://local host/hips") }
    }

    @Test func aCatalogueIsNotLookedInto() async throws {
        let map = try Mutation()
        try map.edit { $0["dataproduct_type"] = "catalog" }
        let report = try await map.lint()
        #expect(report.counts == [.notAnImage: 1])
        #expect(report.passes)
        #expect(report.tilesRead == 0)
    }

    @Test func workersDoNotChangeTheReport() async throws {
        let map = try Mutation(SmallHiPS(order: 2))
        try map.edit { $0["hips_pixel_bitpix"] = "8" }
        for npix in stride(from: 0, to: 192, by: 5) {
            try map.scratch.write([1, 2, 3], to: "Norder2/Dir0/Npix\(npix).png")
        }
        let one = try await Linter(map.scratch.path, options: LintOptions(all: true, jobs: 1)).run()
        let four = try await Linter(map.scratch.path, options: LintOptions(all: true, jobs: 4)).run()
        #expect(one.findings == four.findings)
        #expect(one.counts == four.counts)
        #expect(one.counts == [.tileBitpix: 252, .tileUndecodable: 39])
        #expect(one.count(.error) == 291)
    }
}
