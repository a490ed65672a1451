import FITS
import Foundation
import HEALPix
import HiPS
import MOC
import Testing
import Tiles

@testable import Lint

/// A damaged HiPS is repaired in a copy: what follows from the tiles comes back as it was made.
@Suite struct RepairTests {
    /// A map with its copy, and what both are compared with.
    private struct Patient {
        let map: Mutation
        let whole: [String: [UInt8]]
        let copy: Scratch
        var target: String { copy.path + "/copy" }

        init(_ hips: SmallHiPS) throws {
            map = try Mutation(hips)
            copy = try Scratch()
            let scratch = map.scratch
            whole = try Dictionary(uniqueKeysWithValues: scratch.files().map { ($0, try scratch.bytes($0)) })
        }

        func repair(jobs: Int = 2) async throws -> RepairReport {
            let before = try stamp()
            let report = try await Repairer(
                map.scratch.path, to: target, options: LintOptions(all: true, jobs: jobs)
            ).run()
            #expect(try stamp() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: copy.path) == ["copy"])
            return report
        }

        /// Names and contents of the original.
        private func stamp() throws -> [String: [UInt8]] {
            try Dictionary(
                uniqueKeysWithValues: map.scratch.files().map { ($0, try map.scratch.bytes($0)) })
        }

        func bytes(_ path: String) throws -> [UInt8] { try copy.bytes("copy/" + path) }

        func properties() throws -> HiPSProperties {
            try HiPSProperties(parsing: copy.text("copy/properties"))
        }
    }

    private func paths(_ entries: [RepairReport.Entry]) -> Set<String> { Set(entries.map(\.path)) }

    private static let regional = SmallHiPS(
        order: 2, formats: [.fits, .png], region: GoodHiPSTests.seam, width: 16)

    @Test func whatIsWholeIsLinked() async throws {
        let patient = try Patient(Self.regional)
        let report = try await patient.repair()
        #expect(report.made.map(\.path) == ["properties"])
        #expect(report.made[0].text.hasPrefix("hips_estsize = "))
        #expect(report.underivable == [] && report.lint.findings == [])
        func number(_ path: String) throws -> UInt64? {
            try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64
        }
        for path in patient.whole.keys where path != "properties" {
            #expect(try number(patient.map.scratch.path + "/" + path) == number(patient.target + "/" + path))
        }
        #expect(
            try number(patient.map.scratch.path + "/properties") != number(patient.target + "/properties"))
    }

    @Test(arguments: [
        regional, SmallHiPS(kind: .floats, formats: [.fits], width: 16),
        SmallHiPS(
            kind: .colours, order: 2, formats: [.png, .jpeg, .webp], region: GoodHiPSTests.pole, width: 64),
        SmallHiPS(kind: .heights, formats: [.fits, .png, .jpeg], width: 16),
    ]) func allButTheLeaves(_ hips: SmallHiPS) async throws {
        let patient = try Patient(hips)
        for path in patient.whole.keys
        where path == "Moc.fits" || path.hasPrefix("Norder") && !path.hasPrefix("Norder\(hips.order)/Dir") {
            try patient.map.scratch.remove(path)
        }
        try patient.map.scratch.write(
            """
            # kept
            creator_did = ivo://localhost/mars/small
            obs_title = Small
            hips_release_date = 2024-02-29T23:59Z
            hips_status = public master clonableOnce
            hips_frame = mars
            hips_pixel_cut = -2000 2500
            """, to: "properties")
        let report = try await patient.repair()
        #expect(report.lint.findings == [])
        #expect(report.underivable == [])
        #expect(Set(report.lint.counts.keys) == [])
        let expected = patient.whole.keys.filter {
            $0 == "Moc.fits" || $0 == "properties"
                || $0.hasPrefix("Norder") && !$0.hasPrefix("Norder\(hips.order)/Dir")
        }
        #expect(paths(report.made) == Set(expected))
        #expect(try patient.copy.text("copy/properties").hasPrefix("# kept\ncreator_did = ivo:"))
        // What the fixture wrote by itself is the truth.
        let (was, now) = (
            try HiPSProperties(parsing: String(decoding: patient.whole["properties"]!, as: UTF8.self)),
            try patient.properties()
        )
        for pair in was.pairs where pair.key != "dataproduct_subtype" && pair.key != "hips_tile_format" {
            if pair.key == "hips_data_range" {
                #expect(
                    now.dataRange?.low == was.dataRange?.low && now.dataRange?.high == was.dataRange?.high)
            } else if !pair.key.hasPrefix("hips_pixel") || hips.kind != .colours {
                #expect(now[pair.key] == pair.value, "\(pair.key)")
            }
        }
        #expect(Set(now.formats ?? []) == Set(was.formats ?? []))
        if hips.formats != [.jpeg] {
            #expect(
                try MOC(fits: patient.bytes("Moc.fits")).ranges
                    == MOC(fits: patient.whole["Moc.fits"]!).ranges)
        }
        for path in expected where path.hasSuffix(".fits") && path.contains("Npix") {
            let (old, new) = (
                try FITSImage.decode(patient.whole[path]!), try FITSImage.decode(patient.bytes(path))
            )
            if case (.float(let left), .float(let right)) = (old.samples, new.samples) {
                #expect(
                    zip(left, right).allSatisfy { abs($0 - $1) <= 1e-6 * abs($0) || $0.isNaN && $1.isNaN })
            } else {
                #expect(old.samples == new.samples)
            }
            #expect(old.cards.real("BLANK") == new.cards.real("BLANK"))
            #expect(old.cards.integer("NPIX") == new.cards.integer("NPIX"))
        }
    }

    @Test(arguments: [true, false]) func aLostLeafIsToldStill(hasCoverage: Bool) async throws {
        let patient = try Patient(Self.regional)
        let leaf = try patient.map.first("Norder2/Dir0", ".fits").dropLast(5)
        try patient.map.scratch.remove(leaf + ".fits")
        try patient.map.scratch.remove(leaf + ".png")
        if !hasCoverage { try patient.map.scratch.remove("Moc.fits") }
        let report = try await patient.repair()
        #expect(!report.lint.passes)
        #expect(
            Set(report.lint.findings.filter { $0.code == .tileMissing }.map(\.path)) == [
                leaf + ".fits", leaf + ".png",
            ])
        #expect(paths(report.made).contains("Moc.fits") == !hasCoverage)
    }

    /// A parent whose child is lost in the same format would be one with a hole.
    @Test func aParentOfADamagedLeaf() async throws {
        let patient = try Patient(Self.regional)
        let leaf = try #require(
            patient.map.scratch.files().compactMap { TilePath.parse($0)?.cell }.last {
                $0.order.value == 2
            })
        let parent = try #require(leaf.parent)
        try patient.map.scratch.write([1, 2, 3], to: leaf.tilePath(.png))
        try patient.map.scratch.write([1, 2, 3], to: parent.tilePath(.png))
        try patient.map.scratch.write([1, 2, 3], to: parent.tilePath(.fits))
        let report = try await patient.repair()
        #expect(paths(report.made).contains(parent.tilePath(.fits)))
        #expect(!paths(report.made).contains(parent.tilePath(.png)))
        #expect(paths(report.underivable) == [leaf.tilePath(.png), parent.tilePath(.png)])
        #expect(
            Set(report.lint.findings.filter { $0.code == .tileUndecodable }.map(\.path)) == [
                leaf.tilePath(.png), parent.tilePath(.png),
            ])
        #expect(try patient.bytes(leaf.tilePath(.png)) == [1, 2, 3])
    }

    @Test(arguments: [true, false]) func aCoverageWithACellTooManyOrTooFew(tooMany: Bool) async throws {
        let patient = try Patient(Self.regional)
        let truth = try MOC(fits: patient.whole["Moc.fits"]!)
        let cells = truth.cells
        let first = try #require(cells.first { $0.order == truth.order })
        let far = try #require(Cell(order: truth.order, npix: 0))
        let wrong =
            tooMany
            ? MOC(order: truth.order, cells: cells + [far])
            : MOC(order: truth.order, cells: cells.filter { $0 != first })
        try patient.map.scratch.write(wrong.fits(), to: "Moc.fits")
        let report = try await patient.repair()
        #expect(report.lint.findings == [])
        #expect(try MOC(fits: patient.bytes("Moc.fits")).ranges == truth.ranges)
        let told = report.made.contains {
            $0.path == "Moc.fits" && $0.text.contains("of the former coverage")
        }
        #expect(told == tooMany)
    }

    @Test(
        arguments: [
            ("hips_order", "3"), ("hips_order", nil), ("hips_order_min", nil), ("hips_tile_width", "512"),
            ("hips_tile_format", "fits png jpeg"), ("hips_tile_format", nil), ("hips_pixel_bitpix", "8"),
            ("hips_data_range", "0 1"), ("hips_body", nil), ("hips_frame", nil), ("hips_version", nil),
            ("hips_nb_tiles", "3"), ("moc_order", "9"), ("moc_sky_fraction", "0.5"),
            ("dataproduct_type", nil),
        ] as [(String, String?)]) func aKeyThatFollows(key: String, value: String?) async throws
    {
        let patient = try Patient(SmallHiPS(order: 1, region: GoodHiPSTests.seam, width: 16))
        let was = try HiPSProperties(parsing: patient.map.scratch.text("properties"))
        try patient.map.edit { $0[key] = value }
        let report = try await patient.repair()
        #expect(report.lint.findings == [])
        #expect(paths(report.made) == ["properties"])
        let now = try patient.properties()
        #expect(now[key] == was[key] || key == "hips_data_range")
        #expect(now.dataRange?.low == was.dataRange?.low && now.dataRange?.high == was.dataRange?.high)
        #expect(report.made.contains { $0.text.hasPrefix("\(key) = ") })
    }

    @Test func whatFollowsFromNothing() async throws {
        let patient = try Patient(Self.regional)
        let text = try patient.map.scratch.text("properties")
        try patient.map.scratch.write(
            text.replacing("creator_did", with: "was_did") + "nonsense\nobs_title = Last\n# end\n",
            to: "properties")
        try patient.map.edit {
            $0["hips_pixel_cut"] = "1e6 2e6"
            $0["hips_body"] = "phobos"
        }
        let report = try await patient.repair()
        #expect(Set(report.lint.counts.keys) == [.keyMissing, .bodyFrameDiffer, .cutOutside])
        #expect(report.underivable.count == 3)
        #expect(try patient.properties()["obs_title"] == "Last")
    }

    @Test func linesThatReadersDifferOn() async throws {
        let patient = try Patient(Self.regional)
        let text = try patient.map.scratch.text("properties")
        try patient.map.scratch.write("# first\n" + text + "nonsense\nobs_title = Last\n", to: "properties")
        let report = try await patient.repair()
        #expect(report.lint.findings == [])
        let mended = try patient.copy.text("copy/properties")
        #expect(mended.hasPrefix("# first\n") && !mended.contains("nonsense"))
        #expect(mended.split(separator: "\n").filter { $0.hasPrefix("obs_title") }.count == 1)
        #expect(try patient.properties()["obs_title"] == "Last")
    }

    @Test func anAllskyOfOtherTiles() async throws {
        let patient = try Patient(Self.regional)
        let other = try Mutation(SmallHiPS(order: 2, region: GoodHiPSTests.pole, width: 16))
        for path in ["Norder1/Allsky.fits", "Norder2/Allsky.png"] {
            try patient.map.scratch.write(other.scratch.bytes(path), to: path)
        }
        try patient.map.scratch.remove("Norder0/Allsky.fits")
        let report = try await patient.repair()
        #expect(report.lint.findings == [])
        #expect(
            paths(report.made) == [
                "Norder0/Allsky.fits", "Norder1/Allsky.fits", "Norder2/Allsky.png", "properties",
            ])
    }

    @Test func workersDoNotChangeTheCopy() async throws {
        var copies: [[String: [UInt8]]] = []
        for jobs in [1, 4] {
            let patient = try Patient(Self.regional)
            for path in patient.whole.keys where path.hasPrefix("Norder0") || path.contains("Allsky") {
                try patient.map.scratch.remove(path)
            }
            _ = try await patient.repair(jobs: jobs)
            copies.append(
                try Dictionary(
                    uniqueKeysWithValues: patient.copy.files().map { ($0, try patient.copy.bytes($0)) }))
        }
        #expect(copies[0] == copies[1])
    }

    @Test func placesThatCannotBe() async throws {
        let patient = try Patient(Self.regional)
        let root = patient.map.scratch.path
        func refusal(_ from: String, _ to: String) async throws -> LintError? {
            do {
                _ = try await Repairer(from, to: to).run()
                return nil
            } catch let error as LintError {
                return error
            }
        }
        #expect(try await refusal(root, patient.copy.path) == .occupied(path: patient.copy.path))
        #expect(
            try await refusal(root, root + "/copy") == .nested(original: root, copy: root + "/copy"))
        #expect(try await refusal(root, "/nowhere/at/all") == .noDirectory(path: "/nowhere/at"))
        #expect(throws: LintError.self) { try Repairer("http://localhost/hips", to: patient.target) }
        // There is nothing to go by, and nothing is left behind.
        let empty = try Scratch()
        try empty.write("obs_title = Nothing\n", to: "properties")
        let reason = try await refusal(empty.path, patient.target)
        #expect(reason?.description.contains("it holds no tile") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: patient.copy.path) == [])
        // What an interrupted repair left is no part of the next one.
        try patient.copy.write("left", to: ".copy.fix/Norder7/Dir0/Npix1.png")
        let report = try await patient.repair()
        #expect(report.lint.findings == [])
    }
}
