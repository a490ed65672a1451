import FITS
import GDAL
import HEALPix
import HiPS
import Pixels
import PlanetaryFrames
import Settings
import Testing
import Tiler
import Tiles

/// Each kind of stored sample: what FITS tiles hold of it, and what stands for "no data".
@Suite struct SampleKindTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let type: SampleType
        /// Stored values; signed bytes as their unsigned pattern.
        let stored: [Double]
        /// Their physical values.
        let physical: [Double]
        let bitpix: Int
        var noData: Double?
        var scale = 1.0
        var offset = 0.0
        var options: [String] = []
    }

    static let kinds = [
        Kind(
            testDescription: "uint8", type: .uint8, stored: [0, 1, 200, 255], physical: [0, 1, 200, 255],
            bitpix: 16),
        Kind(
            testDescription: "uint8, nodata 0", type: .uint8, stored: [0, 1, 200, 255],
            physical: [1, 200, 255],
            bitpix: 8, noData: 0),
        Kind(
            testDescription: "uint8, nodata 255", type: .uint8, stored: [0, 1, 200, 255],
            physical: [0, 1, 200], bitpix: 8, noData: 255),
        Kind(
            testDescription: "uint8, nodata 7", type: .uint8, stored: [0, 7, 200, 255],
            physical: [0, 200, 255], bitpix: 16, noData: 7),
        Kind(
            testDescription: "int8", type: .int8, stored: [128, 255, 0, 127], physical: [-128, -1, 0, 127],
            bitpix: 16, options: ["PIXELTYPE=SIGNEDBYTE"]),
        Kind(
            testDescription: "uint16", type: .uint16, stored: [0, 1, 40000, 65535],
            physical: [0, 1, 40000, 65535], bitpix: 32),
        Kind(
            testDescription: "int16", type: .int16, stored: [-32767, -1, 0, 32767],
            physical: [-32767, -1, 0, 32767], bitpix: 16),
        Kind(
            testDescription: "int16, nodata -32768", type: .int16, stored: [-32768, -1, 0, 32767],
            physical: [-1, 0, 32767], bitpix: 16, noData: -32768),
        Kind(
            testDescription: "int16, nodata 0", type: .int16, stored: [-32767, -1, 0, 32767],
            physical: [-32767, -1, 32767], bitpix: 16, noData: 0),
        Kind(
            testDescription: "int32", type: .int32, stored: [-2_147_483_647, -1, 16_777_217, 2_147_483_647],
            physical: [-2_147_483_647, -1, 16_777_217, 2_147_483_647], bitpix: 32),
        Kind(
            testDescription: "uint32", type: .uint32, stored: [0, 1, 16_777_217, 4_294_967_295],
            physical: [0, 1, 16_777_217, 4_294_967_295], bitpix: -64),
        Kind(
            testDescription: "float32 with an infinity", type: .float32,
            stored: [-0.5, 1.5, 3e38, .infinity],
            physical: [-0.5, 1.5, Double(3e38 as Float)], bitpix: -32),
        Kind(
            testDescription: "float32, nodata in too many digits", type: .float32,
            stored: [-3.4028234663852886e38, 1.5, 0.25, 2], physical: [1.5, 0.25, 2], bitpix: -32,
            noData: -3.40282347e38),
        Kind(
            testDescription: "float64", type: .float64, stored: [0.1, 1 / 3, -1e300, .nan],
            physical: [0.1, 1 / 3, -1e300], bitpix: -64),
        Kind(
            testDescription: "int16 in steps of 0.5 from 1000", type: .int16, stored: [-32768, -1, 0, 32767],
            physical: [-15384, 999.5, 1000, 17383.5], bitpix: -32, scale: 0.5, offset: 1000),
        Kind(
            testDescription: "int16 in steps of 0.5, nodata -1", type: .int16,
            stored: [-32768, -1, 0, 32767],
            physical: [-15384, 1000, 17383.5], bitpix: -32, noData: -1, scale: 0.5, offset: 1000),
        Kind(
            testDescription: "int32 in steps of 0.25", type: .int32,
            stored: [-2_147_483_648, -1, 0, 2_147_483_647],
            physical: [-536_870_912, -0.25, 0, 536_870_911.75], bitpix: -64, scale: 0.25),
    ]

    @Test(arguments: kinds) func tilesHoldThePhysicalValues(_ kind: Kind) async throws {
        let scratch = try Scratch()
        let path = scratch.file("kind.tif")
        var raster = TestRaster(columns: 8, rows: 4, west: 100, north: 22, lonStep: 0.5, latStep: 0.5)
        raster.type = kind.type
        raster.noData = kind.noData
        raster.scale = kind.scale
        raster.offset = kind.offset
        raster.options = kind.options
        try raster.write(to: path) { column, row in kind.stored[(column / 2 + row) % 4] }
        var request = BuildRequest(source: path)
        request.order = 1
        request.resampling = .at(.nearest)
        let map = try await BuiltMap(request, in: scratch)
        var found: Set<Double> = []
        for npix in map.tiles(order: 1) {
            let tile = try map.fits(order: 1, npix: npix)
            #expect(tile.image.bitpix == kind.bitpix)
            let blank = tile.image.cards.integer("BLANK")
            #expect((blank != nil) == (kind.bitpix > 0), "integers have BLANK, floats have not")
            #expect(blank.map { kind.physical.contains(Double($0)) } != true)
            found.formUnion(tile.values.filter { !$0.isNaN })
            #expect(tile.validCount < 512 * 512)
        }
        #expect(found == Set(kind.physical))
        let properties = try map.properties()
        #expect(properties["hips_pixel_bitpix"] == String(kind.bitpix))
        #expect(
            properties.dataRange.map { [$0.low, $0.high] } == [kind.physical.min()!, kind.physical.max()!])
        #expect(properties.formats == [.fits, .png])
        // The 8-bit view is transparent exactly where there is no value.
        for npix in map.tiles(order: 1) {
            let tile = try map.fits(order: 1, npix: npix)
            let picture = try map.picture(order: 1, npix: npix)
            #expect(picture.channels == 2)
            for i in 0..<(512 * 512) where (picture.samples[2 * i + 1] == 0) != tile.values[i].isNaN {
                Issue.record("alpha \(picture.samples[2 * i + 1]) for \(tile.values[i])")
            }
        }
    }

    @Test func bytesPassUnchangedAndCutsAreEnds() async throws {
        let scratch = try Scratch()
        let path = scratch.file("bytes.tif")
        // Larger than tile 23, so that it is fully valid: grey without alpha.
        let raster = TestRaster(
            columns: 70, rows: 60, west: 65, north: 50.3, type: .uint8)
        try raster.write(to: path) { Double(($0 + 4 * $1) % 256) }
        var request = BuildRequest(source: path)
        request.order = 1
        request.resampling = .at(.nearest)
        let map = try await BuiltMap(request, in: scratch, data: "unchanged")
        #expect(try map.properties()["hips_pixel_cut"] == "0 255")
        let tile = try map.fits(order: 1, npix: 23)
        #expect(tile.validCount == 512 * 512)
        let picture = try map.picture(order: 1, npix: 23)
        #expect(picture.channels == 1)
        // A comparison inside the macro would look for the differences of 262144 numbers.
        let isSame = picture.samples.map { Double($0) } == tile.values
        #expect(isSame)

        request.cut = (50, 150)
        let cut = try await BuiltMap(request, in: scratch, data: "cut")
        #expect(try cut.properties()["hips_pixel_cut"] == "50 150")
        let levels = try cut.picture(order: 1, npix: 23).samples
        for (value, level) in zip(tile.values, levels) {
            // Level 0 is kept for pixels without data.
            let truth = 1 + 254 * min(1, max(0, (value - 50) / 100))
            if abs(Double(level) - truth) > 1 { Issue.record("\(value) is shown as \(level), not \(truth)") }
        }

        request.colourMap = "viridis"
        let viridis = try await BuiltMap(request, in: scratch, data: "viridis")
        let colours = try viridis.picture(order: 1, npix: 23)
        #expect(colours.channels == 3)
        for (i, value) in tile.values.enumerated() where value <= 50 || value >= 150 {
            // The ends of matplotlib's viridis.
            let truth: [UInt8] = value <= 50 ? [68, 1, 84] : [253, 231, 37]
            let found = Array(colours.samples[(3 * i)..<(3 * i + 3)])
            if zip(found, truth).contains(where: { abs(Int($0) - Int($1)) > 3 }) {
                Issue.record("\(value) has the colour \(found)")
            }
        }
        #expect(try viridis.properties()["tessera_colormap"] == "viridis")
    }

    @Test func surveysSayWhatNodataIs() async throws {
        let scratch = try Scratch()
        let path = scratch.file("declared.tif")
        var raster = Tables.region("one-pixel").raster
        raster.columns = 3
        raster.type = .int16
        raster.noData = 5
        try raster.write(to: path) { column, _ in [5, 6, 7][column] }
        for (text, values) in [("none", [5.0, 6, 7]), ("6", [5, 7]), ("5", [6, 7])] {
            let survey = try Survey.parse(
                "inputs: [declared.tif]\norder: 1\nresampling: nearest\nname: n\(text)\nnodata: \(text)\n",
                file: "survey.yaml")
            let request = try BuildRequest(survey, folder: scratch.path, catalogue: .iau2015())
            let map = try await BuiltMap(request, in: scratch)
            var found: Set<Double> = []
            for npix in map.tiles(order: 1) {
                found.formUnion(try map.fits(order: 1, npix: npix).values.filter { !$0.isNaN })
            }
            #expect(found == Set(values), "nodata: \(text)")
        }
    }
}
