import Foundation
import GDAL
import Pixels
import Testing

@testable import Rasters

@Suite("Windows of a source")
struct RasterReaderTests {
    @Test("Across the seam, beyond the poles, around the edges; by true longitudes")
    func windows() throws {
        for row in try Tables.rows("windows.txt", least: 18) {
            let values = try row[6].split(separator: ",").map { Int32(try $0.integer()) }
            let columns = try row[0].integer()
            let rows = try row[1].integer()
            let step = try row[2].number()
            let latStep = try row[5].number()
            let west = try row[3].number() - step / 2
            let north = try row[4].number() + latStep / 2
            let first = try row[7].integer()
            let last = try row[8].integer()
            let top = try row[9].integer()
            let bottom = try row[10].integer()
            let file = try TestRaster(
                [values], .int32, columns: columns, rows: rows,
                transform: [west, step, 0, north, 0, -latStep], noData: values.contains(-9999) ? -9999 : nil)
            let source = try file.source()
            let found = try source.window(Int32.self, columns: first..<last, rows: top..<bottom)
            let expected = try row[11].split(separator: ",").map { $0 == "-" ? nil : Int32(try $0.integer()) }
            try #require(found.count == expected.count)
            for i in found.indices {
                let place = "row \(top + i / (last - first)), column \(first + i % (last - first))"
                #expect(found[i] == expected[i], "\(columns) x \(rows) of \(step), \(place)")
            }
        }
    }

    @Test("A window of one pixel, anywhere", arguments: [-9, -8, -1, 0, 7, 8, 17])
    func onePixel(column: Int) throws {
        let file = try TestRaster([(0..<32).map { Int16($0) }], .int16, columns: 8, rows: 4)
        let source = try file.source()
        let wrapped = ((column % 8) + 8) % 8
        #expect(
            try source.window(Int16.self, columns: column..<(column + 1), rows: 2..<3) == [
                Int16(16 + wrapped)
            ])
        // Over the pole: half a turn away in the first row.
        #expect(
            try source.window(Int16.self, columns: column..<(column + 1), rows: -1..<0)
                == [Int16((wrapped + 4) % 8)])
        #expect(
            try source.window(Int16.self, columns: column..<(column + 1), rows: 5..<6)
                == [Int16(16 + (wrapped + 4) % 8)])
    }

    @Test("A window used again forgets what it held")
    func reuse() throws {
        let samples: [Int16] = (0..<32).map { $0 == 9 ? -9999 : Int16($0) }
        let source = try TestRaster([samples], .int16, columns: 8, rows: 4, noData: -9999)
        let raster = try source.source()
        let reader = try RasterReader<Int16>(raster)
        let window = SourceWindow<Int16>()
        try reader.load(window, columns: 0..<8, rows: 0..<4)
        #expect(!window.isFullyValid && !window.isEmpty)
        try reader.load(window, columns: 4..<8, rows: 2..<4)
        #expect(window.isFullyValid && window.validity == nil)
        #expect(window.contents() == [20, 21, 22, 23, 28, 29, 30, 31])
        try reader.load(window, columns: 1..<2, rows: 1..<2)
        #expect(window.isEmpty && window.contents() == [nil])
        try reader.load(window, columns: -20..<40, rows: -2..<6)
        #expect(window.contents().filter { $0 == nil }.count == 15)
    }

    // MARK: - Types

    private func roundTrip<Stored: BinaryInteger, Sample: SourcePixel & Equatable>(
        _ values: [Stored], _ type: SampleType, _ expected: [Sample?], options: [String] = [],
        noData: Double? = nil, scale: (Double, Double)? = nil
    ) throws {
        let file = try TestRaster(
            [values], type, columns: 8, rows: 1, options: options, transform: [-180, 45, 0, 90, 0, -180],
            noData: noData, scale: scale)
        #expect(try file.source().all(Sample.self) == expected, "\(type)")
    }

    @Test("Integers of every width at their limits")
    func integers() throws {
        let bytes: [UInt8] = [0, 1, 127, 128, 254, 255, 3, 4]
        try roundTrip(bytes, .uint8, bytes.map { Optional($0) })
        let signed: [Int8] = [-128, -127, -1, 0, 1, 126, 127, 5]
        try roundTrip(signed, .int8, signed.map { Int16($0) }, options: ["PIXELTYPE=SIGNEDBYTE"])
        try roundTrip(
            signed, .int8, [nil, -127, -1, 0, 1, 126, 127, 5] as [Int16?], options: ["PIXELTYPE=SIGNEDBYTE"],
            noData: -128)
        let words: [UInt16] = [0, 1, 32767, 32768, 65534, 65535, 7, 8]
        try roundTrip(words, .uint16, words.map { Int32($0) })
        try roundTrip(words, .uint16, words.map { $0 == 65535 ? nil : Int32($0) }, noData: 65535)
        let shorts: [Int16] = [-32768, -32767, -1, 0, 1, 32766, 32767, 9]
        try roundTrip(shorts, .int16, shorts.map { Optional($0) })
        try roundTrip(shorts, .int16, shorts.map { $0 == -32768 ? nil : $0 }, noData: -32768)
        let wide: [UInt32] = [0, 1, 2_147_483_647, 2_147_483_648, 4_294_967_294, 4_294_967_295, 7, 8]
        try roundTrip(wide, .uint32, wide.map { Double($0) })
        try roundTrip(wide, .uint32, wide.map { $0 == .max ? nil : Double($0) }, noData: 4_294_967_295)
        let whole: [Int32] = [.min, -1, 0, 1, .max, 16_777_217, 7, 8]
        try roundTrip(whole, .int32, whole.map { Optional($0) })
        // A nodata value in the middle of bytes needs a wider kind.
        try roundTrip(bytes, .uint8, bytes.map { $0 == 128 ? nil : Int16($0) }, noData: 128)
        // One that no sample can have changes nothing.
        try roundTrip(bytes, .uint8, bytes.map { Int16($0) }, noData: -1)
        try roundTrip(bytes, .uint8, bytes.map { Int16($0) }, noData: 127.5)
    }

    @Test("Signed bytes in every row of a window")
    func signedRows() throws {
        let signed = (0..<32).map { Int8($0 * 8 - 128) }
        let file = try TestRaster([signed], .int8, columns: 8, rows: 4, options: ["PIXELTYPE=SIGNEDBYTE"])
        #expect(try file.source().all(Int16.self) == signed.map { Int16($0) })
        let scaled = try TestRaster(
            [signed], .int8, columns: 8, rows: 4, options: ["PIXELTYPE=SIGNEDBYTE"], scale: (0.5, 1))
        #expect(try scaled.source().all(Float.self) == signed.map { Float($0) * 0.5 + 1 })
    }

    @Test("Scaled integers are physical values; nodata is compared as stored")
    func scaled() throws {
        let shorts: [Int16] = [-32768, -100, -1, 0, 1, 100, 32767, 9]
        let physical: [Float?] = shorts.map { $0 == 9 ? nil : Float(Double($0) * 0.25 + 1000) }
        try roundTrip(shorts, .int16, physical, noData: 9, scale: (0.25, 1000))
        let signed: [Int8] = [-128, -127, -1, 0, 1, 126, 127, 5]
        try roundTrip(
            signed, .int8, signed.map { Float($0) * -2 + 7 }, options: ["PIXELTYPE=SIGNEDBYTE"],
            scale: (-2, 7))
        try roundTrip(
            signed, .int8, signed.map { $0 == -128 ? nil : Float($0) * -2 + 7 },
            options: ["PIXELTYPE=SIGNEDBYTE"], noData: -128, scale: (-2, 7))
        let wide: [Int32] = [.min, -1, 0, 1, .max, 16_777_217, 7, 8]
        try roundTrip(wide, .int32, wide.map { Double($0) * 0.001 }, scale: (0.001, 0))
    }

    @Test("Floats: nodata in more digits than a float holds, not-a-number, infinities")
    func floats() throws {
        let lowest: Float = -.greatestFiniteMagnitude
        let values: [Float] = [lowest, .nan, .infinity, -.infinity, 0, -1.5, 3e38, 7]
        let file = try TestRaster(
            [values], .float32, columns: 8, rows: 1, transform: [-180, 45, 0, 90, 0, -180],
            noData: -3.402823466e38)
        #expect(try file.source().all(Float.self) == [nil, nil, nil, nil, 0, -1.5, 3e38, 7])
        let doubles: [Double] = [1e300, .nan, 0.1, -.infinity, 0, 1e-300, -9999, 7]
        let other = try TestRaster(
            [doubles], .float64, columns: 8, rows: 1, transform: [-180, 45, 0, 90, 0, -180], noData: -9999)
        #expect(try other.source().all(Double.self) == [1e300, nil, 0.1, nil, 0, 1e-300, nil, 7])
    }

    // MARK: - Masks

    @Test(
        "Masks: of the dataset, of one band, an alpha band", arguments: ["mask_of_dataset", "mask_of_band"])
    func masks(name: String) throws {
        let source = try TestRaster.source(Tables.path(name + ".tif"))
        #expect(source.plan.usesMask)
        let holes = [0, 10, 31]
        let expected: [Int16?] = (0..<32).map { holes.contains($0) ? nil : Int16($0 * 100 - 1000) }
        #expect(try source.all(Int16.self) == expected)
        // Beyond the seam and the pole the mask goes with its samples.
        let beyond = try source.window(Int16.self, columns: 8..<16, rows: -1..<1)
        let first = Array(expected[0..<8])
        #expect(beyond == Array(first[4...] + first[..<4]) + first)
    }

    @Test("Grey with an alpha band")
    func greyAlpha() throws {
        let grey: [UInt16] = (0..<32).map { UInt16($0) * 1000 }
        let alpha: [UInt16] = (0..<32).map { ([0, 1, 65535] as [UInt16])[$0 % 3] }
        let file = try TestRaster(
            [grey, alpha], .uint16, columns: 8, rows: 4, options: ["ALPHA=YES", "PHOTOMETRIC=MINISBLACK"])
        let source = try file.source()
        #expect(source.plan.usesMask && source.plan.kind == .int32)
        let expected = (0..<32).map { (i: Int) -> Int32? in i % 3 == 0 ? nil : Int32(i) * 1000 }
        #expect(try source.all(Int32.self) == expected)
    }

    // MARK: - Colour

    private func planes() -> [[UInt8]] {
        (1...3).map { (factor: Int) -> [UInt8] in (0..<32).map { UInt8($0 * factor) } }
    }

    private func colour(_ i: Int) -> RGBA8 {
        RGBA8(red: UInt8(i), green: UInt8(2 * i), blue: UInt8(3 * i))
    }

    @Test("RGB, whole and with nodata: only where all channels have it")
    func rgb() throws {
        let whole = try TestRaster(planes(), .uint8, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB"])
            .source()
        #expect(try whole.all(RGBA8.self) == (0..<32).map { colour($0) })
        #expect(!whole.plan.mayBeInvalid)
        let file = try TestRaster(
            planes(), .uint8, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB"], noData: 0)
        #expect(try file.source().all(RGBA8.self) == (0..<32).map { $0 == 0 ? nil : colour($0) })
        let six = try TestRaster(
            planes(), .uint8, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB"], noData: 6)
        #expect(try six.source().all(RGBA8.self) == (0..<32).map { colour($0) })
    }

    @Test("RGB with alpha: half-transparent is data, transparent is none")
    func rgba() throws {
        let alpha = (0..<32).map { (i: Int) -> UInt8 in i % 4 == 0 ? 0 : UInt8(i * 8 + 1) }
        let file = try TestRaster(
            planes() + [alpha], .uint8, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB", "ALPHA=YES"])
        let source = try file.source()
        #expect(source.plan.bands.count == 4)
        #expect(try source.all(RGBA8.self) == (0..<32).map { $0 % 4 == 0 ? nil : colour($0) })
        // Beyond the pole half a turn away; none stays none.
        let beyond = try source.window(RGBA8.self, columns: 0..<8, rows: -1..<0)
        let opposite = [4, 5, 6, 7, 0, 1, 2, 3]
        #expect(beyond == opposite.map { $0 % 4 == 0 ? nil : colour($0) })
    }

    @Test("RGB with a mask of the dataset")
    func maskedColours() throws {
        let source = try TestRaster.source(Tables.path("mask_of_colours.tif"))
        let holes = [0, 10, 31]
        #expect(try source.all(RGBA8.self) == (0..<32).map { holes.contains($0) ? nil : colour($0) })
    }

    @Test("RGB with nodata values of its own for each band")
    func noDataValues() throws {
        let source = try TestRaster.source(Tables.path("nodata_values.tif"))
        #expect(source.plan.usesMask)
        #expect(try source.all(RGBA8.self) == (0..<32).map { $0 == 5 ? nil : colour($0) })
    }

    @Test("Palettes, with a transparent entry", arguments: ["palette.png", "palette.tif"])
    func palettes(name: String) throws {
        let source = try TestRaster.source(
            Tables.path(name), SourceDeclaration(crs: TestRaster.mars))
        #expect(source.plan.kind == .colour && source.plan.palette.count >= 4)
        let isTIFF = name.hasSuffix("tif")
        // The colour table of a TIFF has no transparency.
        let table: [RGBA8?] = [
            RGBA8(red: 10, green: 20, blue: 30), RGBA8(red: 40, green: 50, blue: 60),
            isTIFF ? RGBA8(red: 0, green: 0, blue: 0) : nil, RGBA8(red: 250, green: 128, blue: 1),
        ]
        #expect(try source.all(RGBA8.self) == (0..<32).map { table[$0 % 4] })
        let declared = try TestRaster.source(
            Tables.path(name), SourceDeclaration(crs: TestRaster.mars, noData: 1))
        #expect(try declared.all(RGBA8.self)[1] == nil)
    }

    @Test("Colours of 16 bits through a stretch, nodata, and floats that are no numbers")
    func wideColours() throws {
        let planes = (1...3).map { (factor: Int) -> [UInt16] in (0..<32).map { UInt16($0 * factor * 500) } }
        let stretch = ByteStretch(low: 1000, high: 11000)
        func level(_ value: Double) -> UInt8 {
            let level = (value - 1000) / 10000 * 255
            return UInt8((level < 0 ? 0 : level > 255 ? 255 : level) + 0.5)
        }
        func wide(_ i: Int) -> RGBA8 {
            RGBA8(
                red: level(Double(i) * 500), green: level(Double(i) * 1000), blue: level(Double(i) * 1500))
        }
        let file = try TestRaster(
            planes, .uint16, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB"], noData: 0)
        let source = try file.source()
        #expect(try source.all(RGBA8.self, toBytes: stretch) == (0..<32).map { $0 == 0 ? nil : wide($0) })

        var floats = planes.map { $0.map { Float($0) } }
        floats[1][3] = .nan
        floats[2][4] = .infinity
        let other = try TestRaster(floats, .float32, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB"])
            .source()
        let found = try other.all(RGBA8.self, toBytes: stretch)
        #expect(found == (0..<32).map { $0 == 3 || $0 == 4 ? nil : wide($0) })

        let alpha = (0..<32).map { (i: Int) -> UInt16 in i == 6 ? 0 : 65535 }
        let transparent = try TestRaster(
            planes + [alpha], .uint16, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB", "ALPHA=YES"]
        ).source()
        #expect(
            try transparent.all(RGBA8.self, toBytes: stretch) == (0..<32).map { $0 == 6 ? nil : wide($0) })
    }

    @Test("Blanks of the kinds")
    func blanks() throws {
        let bytes: [UInt8] = (0..<32).map { $0 }
        let plain = try TestRaster([bytes], .uint8, columns: 8, rows: 4).source().plan
        #expect(UInt8.blank(plain) == nil && RGBA8.blank(plain) == nil)
        let high = try TestRaster([bytes], .uint8, columns: 8, rows: 4, noData: 255).source().plan
        #expect(UInt8.blank(high) == 255)
        #expect(Float.blank(plain)?.isNaN == true && Double.blank(plain)?.isNaN == true)
        let shorts = try TestRaster([bytes.map { Int16($0) }], .int16, columns: 8, rows: 4, noData: 5)
        #expect(try Int16.blank(shorts.source().plan) == .min)
    }

    // MARK: - Faults

    @Test("A file that shrank, and one that is cut off, are reported with their names")
    func faults() throws {
        let file = try TestRaster([(0..<32).map { Int16($0) }], .int16, columns: 8, rows: 4)
        let source = try file.source()
        let smaller = try TestRaster(
            [(0..<8).map { Int16($0) }], .int16, columns: 4, rows: 2, transform: [-180, 90, 0, 90, 0, -90])
        try smaller.replace(file.path)
        let changed = #expect(throws: RasterError.self) { try RasterReader<Int16>(source) }
        #expect(changed?.description.contains("\(file.path): its size changed to 4 x 2") == true)

        let large = try TestRaster(
            [[Int16](repeating: 3, count: 64 * 4096)], .int16, columns: 4096, rows: 64,
            transform: [-180, 360.0 / 4096, 0, 90, 0, -180.0 / 64])
        let whole = try large.source()
        try large.truncate(to: 4096)
        #expect(throws: RasterError.self) { try whole.all(Int16.self) }
        #expect(throws: RasterError.self) { try whole.statistics() }
        try large.remove()
        let gone = #expect(throws: RasterError.self) { try RasterReader<Int16>(whole) }
        #expect(gone?.description.contains(large.path) == true)
    }
}

extension TestRaster {
    /// Puts a copy of this file in the place of another.
    func replace(_ other: String) throws {
        try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: other))
    }

    /// Cuts the file off.
    func truncate(to count: Int) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(count).write(to: URL(fileURLWithPath: path))
    }

    func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
