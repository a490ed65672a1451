import Foundation
import GDAL
import HEALPix
import HiPS
import MOC
import Pixels
import PlanetaryFrames
import Rasters
import Testing
import Tiler
import Tiles

/// Colour pictures as sources.
@Suite struct ColourTests {
    /// Covers tile 23 of order 1 whole, and its neighbours in part; no edge passes through a pixel's centre.
    private static let raster = TestRaster(
        columns: 70, rows: 60, west: 65, north: 50.3, type: .uint8, bands: 3)

    private static func colour(_ column: Int, _ row: Int) -> [UInt8] {
        [UInt8(3 * column), UInt8(4 * row), UInt8((column * row) % 256)]
    }

    private func request(_ path: String) -> BuildRequest {
        var request = BuildRequest(source: path)
        request.order = 1
        request.resampling = .at(.nearest)
        return request
    }

    /// Compares tabled pixels of a tile with the source's samples.
    private func compare(
        _ picture: Picture, npix: Int64, tolerance: Int = 0, valid: (Int, Int) -> Bool = { _, _ in true }
    ) -> Int {
        let raster = Self.raster
        var compared = 0
        for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
            let place = (pixel.row * 512 + pixel.column) * picture.channels
            let column = Int(((pixel.lon - raster.west) / raster.lonStep).rounded(.down))
            let row = Int(((raster.north - pixel.lat) / raster.latStep).rounded(.down))
            let inside = (0..<raster.columns).contains(column) && (0..<raster.rows).contains(row)
            let isValid = inside && valid(column, row)
            if picture.channels == 4 { #expect(picture.samples[place + 3] == (isValid ? 255 : 0)) }
            let truth = isValid ? Self.colour(column, row) : [0, 0, 0]
            for channel in 0..<3 {
                let difference = Int(picture.samples[place + channel]) - Int(truth[channel])
                #expect(abs(difference) <= tolerance, "\(pixel) channel \(channel)")
            }
            compared += 1
        }
        return compared
    }

    @Test func bytesOfRGB() async throws {
        let scratch = try Scratch()
        let path = scratch.file("rgb.tif")
        try Self.raster.write(to: path, bands: { Double(Self.colour($1, $2)[$0 - 1]) })
        let map = try await BuiltMap(request(path), in: scratch)
        #expect(map.tiles(order: 1) == [], "colour has no FITS tiles")
        #expect(map.tiles(order: 1, format: .png) == map.tiles(order: 1, format: .jpeg))
        let whole = try map.picture(order: 1, npix: 23)
        #expect(whole.channels == 3, "a tile that is valid throughout needs no alpha")
        #expect(compare(whole, npix: 23) > 30)
        let part = try map.picture(order: 1, npix: 22)
        #expect(part.channels == 4)
        #expect(compare(part, npix: 22) > 30)
        #expect(try map.picture(order: 1, npix: 22, .jpeg).channels == 3)
        let properties = try map.properties()
        #expect(properties["dataproduct_subtype"] == "color")
        #expect(properties["hips_tile_format"] == "png jpeg")
        #expect(properties["hips_pixel_bitpix"] == "8")
        #expect(properties["hips_pixel_cut"] == nil)
        #expect(properties["hips_data_range"] == nil)
    }

    @Test func lossyFormatsAreNearTheirSource() async throws {
        let scratch = try Scratch()
        let path = scratch.file("flat.tif")
        try Self.raster.write(to: path, bands: { band, _, _ in [200, 120, 40][band - 1] })
        var request = request(path)
        request.formats = [.jpeg, .webp]
        let map = try await BuiltMap(request, in: scratch)
        #expect(try map.properties()["hips_tile_format"] == "jpeg webp")
        for format in [TileFormat.jpeg, .webp] {
            let picture = try map.picture(order: 1, npix: 23, format)
            #expect((picture.width, picture.height, picture.channels) == (512, 512, 3))
            for i in 0..<(512 * 512) {
                let colour = picture.samples[(3 * i)..<(3 * i + 3)]
                if zip(colour, [200, 120, 40]).contains(where: { abs(Int($0) - $1) > 4 }) {
                    Issue.record("\(format) has \(colour) at \(i)")
                    break
                }
            }
        }
        #expect(try map.picture(order: 1, npix: 22, .webp).channels == 4)
    }

    @Test func transparentPixelsAreNoData() async throws {
        let scratch = try Scratch()
        let path = scratch.file("rgba.tif")
        func alpha(_ column: Int, _ row: Int) -> Double { [0, 1, 128, 255][(column / 5 + row / 5) % 4] }
        var raster = Self.raster
        raster.bands = 4
        raster.options = ["PHOTOMETRIC=RGB", "ALPHA=YES"]
        try raster.write(
            to: path, bands: { $0 == 4 ? alpha($1, $2) : Double(Self.colour($1, $2)[$0 - 1]) })
        var request = request(path)
        request.formats = [.png]
        let map = try await BuiltMap(request, in: scratch)
        let picture = try map.picture(order: 1, npix: 23)
        #expect(picture.channels == 4)
        // What is seen through a little is data.
        #expect(compare(picture, npix: 23, valid: { alpha($0, $1) > 0 }) > 30)
        let fraction = try map.moc().coverageFraction
        #expect(fraction > 0.05 && fraction < 0.12)
    }

    @Test func greyWithAlphaIsAMapOfValues() async throws {
        let scratch = try Scratch()
        let path = scratch.file("grey.tif")
        var raster = Self.raster
        raster.bands = 2
        raster.options = ["ALPHA=YES"]
        try raster.write(to: path, bands: { $0 == 1 ? Double($1) : ($2 < 20 ? 0 : 255) })
        let map = try await BuiltMap(request(path), in: scratch)
        let tile = try map.fits(order: 1, npix: 23)
        for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == 23 {
            let found = tile[pixel.row, pixel.column]
            #expect(found.isNaN == (pixel.lat > 30.3))
            if !found.isNaN { #expect(found == (pixel.lon - 65).rounded(.down)) }
        }
    }

    @Test func palettesBecomeColours() async throws {
        let scratch = try Scratch()
        let path = scratch.file("palette.tif")
        let raster = Self.raster
        let table = (0..<256).map { Self.colour($0 % 70, $0 % 60) }
        let indices = (0..<(70 * 60)).map { (i: Int) -> UInt8 in UInt8((i % 70 + i / 70 * 3) % 200) }
        try Data(PaletteTIFF.bytes(width: 70, height: 60, indices: indices, table: table))
            .write(to: URL(fileURLWithPath: path))
        var request = request(path)
        request.formats = [.png]
        request.declaration = SourceDeclaration(
            body: try BodyCatalogue.iau2015().body(named: "Mars"),
            extent: SourceDeclaration.Extent(west: 65, south: -9.7, east: 135, north: 50.3))
        let map = try await BuiltMap(request, in: scratch)
        let picture = try map.picture(order: 1, npix: 23)
        #expect(picture.channels == 3)
        for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == 23 {
            let column = Int((pixel.lon - raster.west).rounded(.down))
            let row = Int((raster.north - pixel.lat).rounded(.down))
            let place = 3 * (pixel.row * 512 + pixel.column)
            let found = Array(picture.samples[place..<(place + 3)])
            #expect(found == table[Int(indices[row * 70 + column])])
        }
    }

    @Test func wideColoursAreStretched() async throws {
        let scratch = try Scratch()
        let path = scratch.file("wide.tif")
        var raster = Self.raster
        raster.type = .uint16
        raster.options = ["PHOTOMETRIC=RGB"]
        try raster.write(to: path, bands: { 1000 + 100 * Double(Self.colour($1, $2)[$0 - 1]) })
        var request = request(path)
        request.formats = [.png]
        request.cut = (1000, 26500)
        let map = try await BuiltMap(request, in: scratch)
        #expect(compare(try map.picture(order: 1, npix: 23), npix: 23, tolerance: 1) > 30)
    }

    @Test func fitsTilesOfColourAreRefused() throws {
        let scratch = try Scratch()
        let path = scratch.file("rgb.tif")
        try Self.raster.writeSparse(to: path)
        var request = request(path)
        request.formats = [.png, .fits]
        let error = #expect(throws: TilerError.self) { try HiPSPlan(request, catalogue: .iau2015()) }
        #expect(error?.description.contains("colour picture") == true)
        #expect(error?.description.contains(path) == true)
    }
}
