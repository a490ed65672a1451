import FITS
import HEALPix
import HiPS
import MOC
import Testing
import Tiles

@testable import Lint

/// A correct HiPS with something wrong with its coverage or its Allsky pictures.
@Suite struct CoverageMutationTests {
    private func recover(_ map: Mutation, _ change: (MOC) -> MOC) throws {
        let moc = change(try MOC(fits: map.scratch.bytes("Moc.fits")))
        try map.scratch.write(moc.fits(body: "mars"), to: "Moc.fits")
        try map.edit { $0["moc_sky_fraction"] = String(moc.coverageFraction) }
    }

    @Test func aCellTooManyWhereThereIsNoTile() async throws {
        let map = try Mutation(SmallHiPS(order: 2, region: GoodHiPSTests.seam))
        try recover(map) { $0.union(MOC(order: $0.order, cells: [Cell(order: 5, npix: 0)!])) }
        #expect(
            try await map.found(all: false) == [
                "tile-missing Norder0/Dir0/Npix0.fits", "tile-missing Norder0/Dir0/Npix0.png",
                "tile-missing Norder1/Dir0/Npix0.fits", "tile-missing Norder1/Dir0/Npix0.png",
                "tile-missing Norder2/Dir0/Npix0.fits", "tile-missing Norder2/Dir0/Npix0.png",
            ])
    }

    @Test(arguments: [true, false]) func aCellTooManyInsideATile(hasFITS: Bool) async throws {
        let map = try Mutation(
            SmallHiPS(
                kind: hasFITS ? .heights : .colours, order: 2, formats: hasFITS ? [.fits, .png] : [.png],
                region: GoodHiPSTests.seam))
        let moc = try MOC(fits: map.scratch.bytes("Moc.fits"))
        let cell = try #require(
            (0..<12288).lazy.map { Cell(order: 5, npix: Int64($0))! }.first {
                !moc.intersects($0) && moc.intersects($0.ancestor(at: Order(2)!)!)
            })
        try recover(map) { $0.union(MOC(order: $0.order, cells: [cell])) }
        let report = try await map.lint()
        #expect(report.counts == [.mocCellExtra: 1])
        #expect(report.findings[0].path == "Moc.fits")
        #expect(report.findings[0].found.hasPrefix("cell \(cell) without a valid pixel in Norder2/"))
    }

    @Test func aCellMissing() async throws {
        let map = try Mutation(SmallHiPS(order: 2, region: GoodHiPSTests.seam))
        let moc = try MOC(fits: map.scratch.bytes("Moc.fits"))
        let first = Cell(order: 5, npix: moc.ranges[0].lowerBound >> 48)!
        try recover(map) { moc in
            MOC(
                order: moc.order,
                cells: (0..<12288).map { Cell(order: 5, npix: $0)! }.filter {
                    moc.intersects($0) && $0 != first
                })
        }
        let report = try await map.lint()
        #expect(report.counts == [.mocCellMissing: 1])
        #expect(report.findings[0].found.contains("cell \(first)"))
    }

    @Test func noCoverage() async throws {
        let map = try Mutation(SmallHiPS(order: 2, region: GoodHiPSTests.seam))
        try map.scratch.remove("Moc.fits")
        let report = try await map.lint()
        #expect(Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }) == ["moc-missing Moc.fits"])
        #expect(report.passes)
        // The leaves themselves say what their ancestors have to be.
        let parent = try map.first("Norder1/Dir0", ".png")
        try map.scratch.remove(parent)
        #expect(try await map.found() == ["moc-missing Moc.fits", "tile-missing \(parent)"])
        try map.scratch.write("SIMPLE", to: "Moc.fits")
        #expect(try await map.found().contains("moc-undecodable Moc.fits"))
    }

    @Test func aCoverageOfAnotherSystem() async throws {
        let map = try Mutation()
        let moc = try MOC(fits: map.scratch.bytes("Moc.fits"))
        var table = try FITSTable.decode(moc.fits())
        table.cards.removeAll { $0.keyword == "COORDSYS" }
        table.cards.append(FITSCard("COORDSYS", .string("mars")))
        try map.scratch.write(table.encoded(), to: "Moc.fits")
        try map.edit {
            $0["moc_order"] = "5"
            $0["moc_sky_fraction"] = "0.9"
        }
        let report = try await map.lint()
        #expect(report.counts == [.mocCoordsys: 1, .mocOrder: 1, .mocFraction: 1])
    }

    @Test func anAllskyOfOtherTiles() async throws {
        let map = try Mutation(SmallHiPS(order: 1, region: GoodHiPSTests.seam))
        let other = try Mutation(SmallHiPS(order: 1, region: GoodHiPSTests.pole))
        try map.scratch.write(other.scratch.bytes("Norder1/Allsky.fits"), to: "Norder1/Allsky.fits")
        try map.scratch.write(other.scratch.bytes("Norder1/Allsky.png"), to: "Norder0/Allsky.png")
        let report = try await map.lint()
        #expect(
            Set(report.findings.map { "\($0.code.rawValue) \($0.path)" }) == [
                "allsky-differs Norder1/Allsky.fits", "allsky-size Norder0/Allsky.png",
            ])
        #expect(report.findings.contains { $0.found.contains("valid pixels in the place of cell 1/3") })
    }

    @Test func noAllskyOfSmallTiles() async throws {
        let map = try Mutation(SmallHiPS(order: 3, formats: [.png], region: GoodHiPSTests.seam))
        try map.scratch.remove("Norder3/Allsky.png")
        try map.scratch.remove("Norder2/Allsky.png")
        #expect(try await map.found() == ["allsky-missing Norder3/Allsky.png"])
    }
}
