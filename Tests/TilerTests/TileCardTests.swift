import FITS
import Foundation
import GDAL
import HEALPix
import PlanetaryFrames
import Testing

@testable import Tiler

/// The world coordinates in FITS tiles, worked out from the cards alone and compared with healpy.
@Suite struct TileCardTests {
    private func cards(_ type: SampleType, noData: Double? = nil) throws -> [Int: [FITSCard]] {
        let scratch = try Scratch()
        let path = scratch.file("map.tif")
        var raster = TestRaster()
        raster.type = type
        raster.noData = noData
        try raster.writeSparse(to: path)
        let plan = try HiPSPlan(BuildRequest(source: path), catalogue: .iau2015(), readsRange: false)
        var cards: [Int: [FITSCard]] = [:]
        for order in 0...1 {
            for npix in 0..<(12 << (2 * order)) {
                let cell = try #require(Cell(order: order, npix: Int64(npix)))
                cards[order * 100 + npix] = TileCards.cards(for: cell, plan.tiles)
            }
        }
        return cards
    }

    /// Direction of a pixel: the linear part (Greisen and Calabretta 2002, equation 1) and HPX with H = 4, K = 3
    /// backwards (Calabretta and Roukema 2007, equations 1 to 11). Degrees.
    private func direction(_ cards: [FITSCard], column: Double, row: Double) throws -> (
        lon: Double, lat: Double
    ) {
        func real(_ keyword: String) throws -> Double { try #require(cards.real(keyword), "\(keyword)") }
        let u = column - (try real("CRPIX1"))
        let v = row - (try real("CRPIX2"))
        let x = try real("CD1_1") * u + real("CD1_2") * v
        let y = try real("CD2_1") * u + real("CD2_2") * v
        let native: (lon: Double, lat: Double)
        if abs(y) <= 45 {
            native = (x, asin(y / 67.5) * 180 / .pi)
        } else {
            let sigma = 2 - abs(y) / 45
            let centre = -180 + (2 * ((x + 180) / 90).rounded(.down) + 1) * 45
            let latitude = asin(1 - sigma * sigma / 3) * 180 / .pi
            native = (sigma == 0 ? centre : centre + (x - centre) / sigma, y < 0 ? -latitude : latitude)
        }
        // The reference point lies on the equator, so native and celestial poles agree.
        #expect(try real("CRVAL2") == 0)
        return (try real("CRVAL1") + native.lon, native.lat)
    }

    @Test func worldCoordinatesAreThoseOfHealpix() throws {
        let cards = try cards(.float32)
        for pixel in Tables.pixels {
            let header = try #require(cards[pixel.order * 100 + Int(pixel.npix)])
            // Columns of FITS count from 1, and rows from 1 at the bottom.
            let found = try direction(header, column: Double(pixel.column + 1), row: Double(512 - pixel.row))
            let east = (found.lon - pixel.lon) / 360
            let tolerance = 1e-6 * TilePlan.pixelDegrees(order: pixel.order)
            #expect(abs(east - east.rounded()) * 360 * cos(pixel.lat * .pi / 180) < tolerance, "\(pixel)")
            #expect(abs(found.lat - pixel.lat) < tolerance, "\(pixel)")
        }
    }

    @Test func cardsNameTheTileAndTheBody() throws {
        let header = try #require(try cards(.int16, noData: -9999)[100 + 37])
        #expect(header.integer("ORDER") == 1)
        #expect(header.integer("NPIX") == 37)
        #expect(header.integer("BLANK") == -32768)
        #expect(header.string("OBJECT") == "Mars")
        #expect(header.string("CTYPE1") == "MALN-HPX")
        #expect(header.string("CTYPE2") == "MALT-HPX")
        #expect(header.string("CUNIT1") == "deg")
        #expect(header.string("CUNIT2") == "deg")
        #expect(header.integer("PV2_1") == 4)
        #expect(header.integer("PV2_2") == 3)
    }

    @Test func valuesThatAreAllValidAndFloatsNeedNoBlank() throws {
        for type in [SampleType.int16, .uint8, .float32, .float64] {
            #expect(try cards(type)[0]?.integer("BLANK") == nil)
        }
    }

    /// Marmo et al. 2018, Table 1.
    @Test(arguments: [
        (199, "ME"), (299, "VE"), (399, "EA"), (499, "MA"), (599, "JU"), (699, "SA"), (799, "UR"),
        (899, "NE"), (301, "SE"), (501, "ST"), (606, "ST"), (2_000_001, "BF"), (999, "BF"),
    ]) func axesOfBodies(naif: Int, prefix: String) {
        #expect(TileCards.axisPrefix(naif: naif) == prefix)
    }
}
