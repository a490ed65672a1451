import Foundation
import Pixels
import Testing

@testable import GDAL
@testable import Rasters

/// Files of several bands that are no colours: one or three have to be chosen.
@Suite struct BandChoiceTests {
    /// Band b holds 100 b + the number of the sample; the last sample of band 4 is missing.
    private static func cube(_ options: [String] = []) throws -> TestRaster {
        var bands: [[Int16]] = (1...5).map { band in (0..<32).map { Int16(100 * band + $0) } }
        bands[3][31] = -1
        return try TestRaster(bands, .int16, columns: 8, rows: 4, options: options, noData: -1)
    }

    private func declaration(_ bands: [Int]) -> SourceDeclaration {
        var declaration = SourceDeclaration()
        declaration.bands = bands
        return declaration
    }

    @Test func chosenBandsAreRead() throws {
        for options in [[], ["INTERLEAVE=BAND"], ["COMPRESS=DEFLATE"]] {
            let cube = try Self.cube(options)
            #expect(cube.refusal().contains("it has 5 bands and no colours (1, 2, 3, 4, 5)"))
            let source = try cube.source(declaration([4]))
            let expected: [Float?] = (0..<32).map { $0 == 31 ? nil : Float(400 + $0) }
            #expect(try source.all(Float.self) == expected)
            #expect(source.bands.count == 5 && source.plan.bands == [4])
            #expect(source.belief(.bands).map(\.value) == ["4 of 5"])
            #expect(try source.statistics()?.minimum == 400 && source.statistics()?.maximum == 430)
            // The copy in tiles holds the chosen band alone.
            let (copy, _) = try source.spooled(into: Scratch.folder().path)
            #expect(try copy.all(Float.self) == expected && copy.plan == source.plan)
            let colour = try cube.source(declaration([5, 2, 1]))
            #expect(!colour.plan.isValues && colour.plan.bands == [5, 2, 1])
        }
    }

    /// Three bands that a file says to be blue, green and red, with or without a mask before them.
    @Test func coloursComeInAnyOrder() throws {
        let pixels = 32
        let planes = (1...4).map { band in (0..<pixels).map { UInt8(40 * band + $0) } }
        let file = try TestRaster(planes, .uint8, columns: 8, rows: 4)
        func source(_ roles: [String]) throws -> RasterSource {
            let bands = roles.enumerated().map { index, role in
                """
                <VRTRasterBand dataType="Byte" band="\(index + 1)"><ColorInterp>\(role)</ColorInterp>
                <SimpleSource><SourceFilename relativeToVRT="0">\(file.path)</SourceFilename>
                <SourceBand>\(index + 1)</SourceBand></SimpleSource></VRTRasterBand>
                """
            }
            let path = try Scratch.folder().appendingPathComponent("colours.vrt").path
            try """
            <VRTDataset rasterXSize="8" rasterYSize="4"><SRS>\(TestRaster.mars)</SRS>
            <GeoTransform>-180, 45, 0, 90, 0, -45</GeoTransform>\(bands.joined())</VRTDataset>
            """.write(toFile: path, atomically: true, encoding: .utf8)
            return try TestRaster.source(path)
        }
        func colours(_ order: [Int]) -> [RGBA8?] {
            (0..<pixels).map { pixel in
                let value = { (band: Int) in UInt8(40 * band + pixel) }
                return RGBA8(
                    red: value(order[0]), green: value(order[1]), blue: value(order[2]),
                    alpha: order.count > 3 ? value(order[3]) : 255)
            }
        }
        #expect(try source(["Blue", "Green", "Red"]).all(RGBA8.self) == colours([3, 2, 1]))
        #expect(try source(["Green", "Red", "Blue"]).all(RGBA8.self) == colours([2, 1, 3]))
        #expect(try source(["Red", "Green", "Blue"]).all(RGBA8.self) == colours([1, 2, 3]))
        #expect(try source(["Undefined", "Undefined", "Undefined"]).all(RGBA8.self) == colours([1, 2, 3]))
        let masked = try source(["Alpha", "Blue", "Green", "Red"])
        #expect(masked.plan.bands == [4, 3, 2, 1] && masked.plan.usesMask)
        // The copy in tiles holds the bands as they were chosen.
        let (copy, _) = try source(["Blue", "Green", "Red"]).spooled(into: Scratch.folder().path)
        #expect(try copy.all(RGBA8.self) == colours([3, 2, 1]))
    }

    static let maskedFiles: [(roles: [String], noData: Int?, chosen: [Int]?)] = [
        (["Alpha", "Blue", "Green", "Red"], nil, nil),
        (["Alpha", "Blue", "Green", "Red"], nil, [4, 3, 2]),
        (["Red", "Green", "Blue", "Alpha"], 7, nil),
        (["Alpha", "Red", "Green", "Blue"], 7, [2, 3, 4]),
        (["Alpha", "Gray"], nil, [2]),
        (["Gray", "Alpha"], 7, nil),
    ]

    /// Alpha before the colours or behind them, alone or beside a nodata value, and with bands that were chosen: what a build
    /// takes, the footprint, the range and the copy in tiles are of one mind.
    @Test(arguments: maskedFiles) func masksAreOneDecision(roles: [String], noData: Int?, chosen: [Int]?)
        throws
    {
        let pixels = 32
        // The alpha band leaves out pixels 0 to 9, whose values are far off; pixel 20 is nodata in all channels, 21 in one.
        let planes: [[UInt16]] = roles.enumerated().map { band, role in
            (0..<pixels).map { pixel in
                if role == "Alpha" { return pixel < 10 ? 0 : pixel == 10 ? 1 : 65535 }
                if pixel < 10 { return 60000 }
                if noData != nil, pixel == 20 || pixel == 21 && role == "Blue" { return 7 }
                return UInt16(1000 + 100 * band + pixel)
            }
        }
        let file = try TestRaster(planes, .uint16, columns: 8, rows: 4)
        let bands = roles.enumerated().map { index, role in
            """
            <VRTRasterBand dataType="UInt16" band="\(index + 1)"><ColorInterp>\(role)</ColorInterp>
            \(noData.map { "<NoDataValue>\($0)</NoDataValue>" } ?? "")
            <SimpleSource><SourceFilename relativeToVRT="0">\(file.path)</SourceFilename>
            <SourceBand>\(index + 1)</SourceBand></SimpleSource></VRTRasterBand>
            """
        }
        let path = try Scratch.folder().appendingPathComponent("alpha.vrt").path
        try """
        <VRTDataset rasterXSize="8" rasterYSize="4"><SRS>\(TestRaster.mars)</SRS>
        <GeoTransform>-180, 45, 0, 90, 0, -45</GeoTransform>\(bands.joined())</VRTDataset>
        """.write(toFile: path, atomically: true, encoding: .utf8)
        let source = try TestRaster.source(path, chosen.map(declaration) ?? SourceDeclaration())
        let isGrey = roles.contains("Gray")
        var expected = Set(10..<pixels)
        if noData != nil { expected.remove(20) }
        let copy = try source.spooled(into: Scratch.folder().path).source
        for source in [source, copy] {
            let taken: [Bool]
            if isGrey {
                taken = try source.all(Int32.self).map { $0 != nil }
            } else {
                let stretch = ByteStretch(low: 0, high: 65535)
                taken = try source.all(RGBA8.self, toBytes: stretch).map { $0 != nil }
            }
            #expect(Set(taken.indices.filter { taken[$0] }) == expected)
            var footprint: Set<Int> = []
            try source.pixelBlocks { block in
                for row in block.rows { for column in block.columns { footprint.insert(8 * row + column) } }
            }
            #expect(footprint == expected)
            let statistics = try #require(try source.statistics())
            #expect(statistics.maximum < 2000)
            // Of a colour that is data every channel counts.
            #expect(noData != nil && !isGrey ? statistics.minimum == 7 : statistics.minimum >= 1000)
        }
    }

    /// Filters and wavelengths in a label of ISIS 3, in a cube of PDS3 and on the third axis of a FITS file.
    @Test func labelsTellWhatBandsShow() throws {
        let cube = try RasterLabel(
            Array(
                """
                Object = IsisCube
                  Group = BandBin
                    FilterName = (BLUE, RED, IR)
                    Center = (0.43, 0.65, 0.98) <micrometers>
                  End_Group
                End_Object
                End
                """.utf8), kind: .isis3, columns: 4, rows: 4, path: "x.cub")
        #expect(
            cube.bandMeanings == ["0.43 micrometers, BLUE", "0.65 micrometers, RED", "0.98 micrometers, IR"])
        let qube = try RasterLabel(
            Array(
                """
                PDS_VERSION_ID = PDS3
                OBJECT = SPECTRAL_QUBE
                  GROUP = BAND_BIN
                    BAND_BIN_CENTER = (6.78, 7.93)
                    BAND_BIN_UNIT = MICROMETER
                  END_GROUP = BAND_BIN
                END_OBJECT = SPECTRAL_QUBE
                END
                """.utf8), kind: .pds3, columns: 4, rows: 4, path: "x.qub")
        #expect(qube.bandMeanings == ["6.78 micrometer", "7.93 micrometer"])
        var text = ""
        for card in [
            "SIMPLE  =                    T", "BITPIX  =                  -32",
            "NAXIS   =                    3",
            "NAXIS1  =                    4", "NAXIS2  =                    4",
            "NAXIS3  =                    2",
            "CTYPE3  = 'WAVE    '", "CRVAL3  =                  1.5", "CDELT3  =                 0.25",
            "CRPIX3  =                  1.0", "CUNIT3  = 'um      '", "END",
        ] {
            text += card.padding(toLength: 80, withPad: " ", startingAt: 0)
        }
        text = text.padding(toLength: 2880, withPad: " ", startingAt: 0)
        let fits = try RasterLabel(Array(text.utf8), kind: .fits, columns: 4, rows: 4, path: "x.fits")
        #expect(fits.bandMeanings == ["WAVE 1.5 um", "WAVE 1.75 um"])
    }

    @Test func aChoiceThatIsNone() throws {
        let cube = try Self.cube()
        #expect(
            cube.refusal(declaration([7])).contains(
                "the bands 7 were chosen of 5; expected one number or three"))
    }
}
