import FITS
import HEALPix
import HiPS
import MOC
import Testing
import Tiles

@testable import Lint

/// A correct HiPS with something wrong with its tiles: it is found, and told where it is.
@Suite struct TileMutationTests {
    @Test(arguments: [true, false]) func aDeletedTileOfOrder1(all: Bool) async throws {
        let map = try Mutation(SmallHiPS(order: 2))
        try map.scratch.remove("Norder1/Dir0/Npix17.png")
        let report = try await map.lint(all: all)
        #expect(!report.passes)
        #expect(
            Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }) == [
                "tile-missing Norder1/Dir0/Npix17.png"
            ])
    }

    @Test(arguments: [true, false]) func aDeletedLeaf(all: Bool) async throws {
        let map = try Mutation(SmallHiPS(order: 3, region: GoodHiPSTests.seam))
        let leaf = try map.first("Norder3/Dir0", ".fits")
        try map.scratch.remove(leaf)
        let report = try await map.lint(all: all)
        #expect(report.counts == [.tileMissing: 1])
        #expect(report.findings.map(\.path) == [leaf])
    }

    @Test func aLeafThatOnlyItsParentMisses() async throws {
        let map = try Mutation(SmallHiPS(order: 3, region: GoodHiPSTests.seam, coverageDepth: -1))
        let leaf = try map.first("Norder3/Dir0", ".fits")
        try map.scratch.remove(leaf)
        #expect(try await map.found().contains("tile-missing \(leaf)"))
    }

    @Test func aTileTooMany() async throws {
        let map = try Mutation(SmallHiPS(order: 2, region: GoodHiPSTests.seam))
        let names = map.scratch.files()
        let absent = (0..<192).map { "Norder2/Dir0/Npix\($0).png" }.first { !names.contains($0) }!
        try map.scratch.write(map.scratch.bytes(map.first("Norder2/Dir0", ".png")), to: absent)
        try map.scratch.write([1], to: "Norder3/Dir0/Npix5.png")
        try map.scratch.write([1], to: "Norder1/Dir0/Npix5.webp")
        let report = try await map.lint()
        #expect(
            Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }) == [
                "tile-extra \(absent)", "tile-extra Norder3/Dir0/Npix5.png",
                "format-unstated Norder1/Dir0/Npix5.webp", "tile-count properties",
            ])
    }

    @Test func aWrongBitpix() async throws {
        let map = try Mutation()
        try map.edit { $0["hips_pixel_bitpix"] = "32" }
        let report = try await map.lint()
        #expect(report.counts == [.tileBitpix: 60])
        #expect(report.findings.count == 20)
        #expect(report.findings[0].path == "Norder0/Dir0/Npix0.fits")
        #expect(report.findings[0].found == "BITPIX = 16")
    }

    @Test func oneTileOfAnotherBitpix() async throws {
        let map = try Mutation()
        let path = "Norder1/Dir0/Npix30.fits"
        let (samples, width, cards) = try map.heights(path)
        try map.write(samples.map { Int32($0) }, width: width, cards: cards, to: path)
        #expect(try await map.found() == ["tile-bitpix \(path)"])
        try map.edit { $0["hips_pixel_bitpix"] = nil }
        #expect(try await map.found() == ["tile-bitpix \(path)", "key-advised properties"])
    }

    @Test(arguments: [
        "Norder1/Dir0/Npix20.png", "Norder1/Dir0/Npix20.fits", "Norder1/Dir0/Npix20.jpg",
        "Norder0/Allsky.png", "Norder1/Allsky.fits",
    ]) func aTruncatedFile(_ path: String) async throws {
        let map = try Mutation(SmallHiPS(formats: [.fits, .png, .jpeg]))
        let bytes = try map.scratch.bytes(path)
        try map.scratch.write(Array(bytes[..<(bytes.count * 3 / 5)]), to: path)
        let code = path.contains("Allsky") ? "allsky-undecodable" : "tile-undecodable"
        #expect(try await map.found() == ["\(code) \(path)"])
    }

    @Test func aTileOfAnotherFormatOrWidth() async throws {
        let map = try Mutation(SmallHiPS(formats: [.png, .jpeg]))
        try map.scratch.write(map.scratch.bytes("Norder1/Dir0/Npix20.jpg"), to: "Norder1/Dir0/Npix20.png")
        let narrow = try Mutation(SmallHiPS(formats: [.png, .jpeg], width: 16))
        try map.scratch.write(narrow.scratch.bytes("Norder1/Dir0/Npix9.jpg"), to: "Norder1/Dir0/Npix9.jpg")
        #expect(
            try await map.found() == [
                "tile-undecodable Norder1/Dir0/Npix20.png", "tile-width Norder1/Dir0/Npix9.jpg",
            ])
    }

    @Test(arguments: [
        "Norder2/Dir0/Npix100.fits", "Norder2/Dir0/Npix100.png", "Norder2/Dir0/Npix100.jpg",
        "Norder1/Dir0/Npix25.fits", "Norder1/Dir0/Npix25.png", "Norder1/Dir0/Npix25.jpg",
        "Norder0/Dir0/Npix6.fits", "Norder0/Dir0/Npix6.png", "Norder0/Dir0/Npix6.jpg",
    ]) func swappedAxesOfHeights(_ path: String) async throws {
        let region = SmallHiPS.Region(west: 160, east: 200, south: -25, north: 25)
        let map = try Mutation(
            SmallHiPS(order: 2, formats: [.fits, .png, .jpeg], region: region, width: 64))
        try map.transpose(path)
        let codes = try await map.found()
        #expect(codes.contains("tile-transposed \(path)"))
        #expect(codes.allSatisfy { !$0.hasPrefix("tile-transposed") || $0.hasSuffix(path) })
    }

    @Test(arguments: [
        "Norder2/Dir0/Npix100.png", "Norder2/Dir0/Npix7.jpg", "Norder2/Dir0/Npix50.webp",
        "Norder0/Dir0/Npix6.png", "Norder0/Dir0/Npix11.jpg",
    ]) func swappedAxesOfColours(_ path: String) async throws {
        let format = try #require(TilePath.parse(path)?.format)
        let map = try Mutation(SmallHiPS(kind: .colours, order: 2, formats: [format], width: 32))
        try map.transpose(path)
        #expect(try await map.found().contains("tile-transposed \(path)"))
    }

    @Test(arguments: [false, true]) func twoTilesSwapped(hasCards: Bool) async throws {
        let map = try Mutation(SmallHiPS(order: 2, formats: [.fits]))
        let (one, two) = ("Norder2/Dir0/Npix100.fits", "Norder2/Dir0/Npix140.fits")
        let (first, second) = (try map.heights(one), try map.heights(two))
        func kept(_ cards: [FITSCard]) -> [FITSCard] { cards.filter { hasCards || $0.keyword == "BLANK" } }
        try map.write(second.samples, width: 32, cards: kept(second.cards), to: one)
        try map.write(first.samples, width: 32, cards: kept(first.cards), to: two)
        var expected: Set = [
            "parent-differs Norder1/Dir0/Npix25.fits", "parent-differs Norder1/Dir0/Npix35.fits",
            "allsky-differs Norder2/Allsky.fits",
        ]
        if hasCards { expected.formUnion(["tile-misplaced \(one)", "tile-misplaced \(two)"]) }
        #expect(try await map.found() == expected)
    }

    @Test(arguments: [TileFormat.fits, .png, .jpeg]) func aLeafOfAnotherMap(format: TileFormat) async throws {
        let map = try Mutation(SmallHiPS(order: 2, formats: [format], region: GoodHiPSTests.seam))
        let other = try Mutation(SmallHiPS(order: 2, formats: [format], region: Self.everything))
        let leaf = try map.first("Norder2/Dir0", ".\(format.fileExtension)")
        try map.scratch.write(other.scratch.bytes("Norder2/Dir0/Npix3.\(format.fileExtension)"), to: leaf)
        let codes = try await map.found()
        let parent = try #require(TilePath.parse(leaf)?.cell.parent)
        #expect(codes.contains("parent-differs \(parent.tilePath(format))"))
        if format == .fits { #expect(codes.contains("tile-misplaced \(leaf)")) }
    }

    private static let everything = SmallHiPS.Region(west: 0, east: 90, south: -90, north: 90)

    @Test func aParentOffByTwoInOnePixel() async throws {
        let map = try Mutation(SmallHiPS(formats: [.fits]))
        let path = "Norder0/Dir0/Npix3.fits"
        var (samples, width, cards) = try map.heights(path)
        samples[777] += 2
        try map.write(samples, width: width, cards: cards, to: path)
        let report = try await map.lint()
        #expect(report.counts[.parentDiffers] == 1)
        #expect(report.findings.contains { $0.path == path && $0.found.hasPrefix("1 of 256 pixels off") })
    }

    @Test func aPictureOfSomethingElse() async throws {
        let map = try Mutation(SmallHiPS(order: 1))
        // A whole branch of pictures moved to another place agrees within itself.
        for (from, to) in [(2, 5)] {
            try map.scratch.write(
                map.scratch.bytes("Norder0/Dir0/Npix\(from).png"), to: "Norder0/Dir0/Npix\(to).png")
            for child in 0..<4 {
                try map.scratch.write(
                    map.scratch.bytes("Norder1/Dir0/Npix\(4 * from + child).png"),
                    to: "Norder1/Dir0/Npix\(4 * to + child).png")
            }
        }
        let codes = try await map.found()
        #expect(codes.contains("picture-differs Norder0/Dir0/Npix5.png"))
        #expect(codes.contains("picture-differs Norder1/Dir0/Npix22.png"))
        #expect(!codes.contains { $0.hasPrefix("parent-differs") })
    }
}
