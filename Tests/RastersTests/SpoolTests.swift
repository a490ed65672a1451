import Foundation
import GDAL
import Pixels
import Testing

@testable import Rasters

@Suite("Copies in tiles, and what needs one")
struct SpoolTests {
    /// 1100 x 550 samples, so that tiles of 512 are cut at both edges.
    private static let columns = 1100
    private static let rows = 550
    private static let transform = [-180, 360.0 / 1100, 0, 90, 0, -180.0 / 550]

    private static func value(_ column: Int, _ row: Int) -> Int {
        (column * 7919 + row * 104_729) % 30011 - 15000
    }

    private static func samples<Sample>(_ make: (Int) -> Sample) -> [Sample] {
        (0..<(columns * rows)).map { make(value($0 % columns, $0 / columns)) }
    }

    private func raster<Sample>(
        _ bands: [[Sample]], _ type: SampleType, _ options: [String] = [], noData: Double? = nil
    ) throws -> RasterSource {
        try TestRaster(
            bands, type, columns: Self.columns, rows: Self.rows, options: options, transform: Self.transform,
            noData: noData
        ).source()
    }

    private func files(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("A copy has the samples, the nodata value and the range of its source")
    func values() throws {
        let samples = Self.samples { Int16($0) }
        let source = try raster([samples], .int16, ["COMPRESS=DEFLATE"], noData: 123)
        let folder = try Scratch.folder()
        let copy = try source.spooled(into: folder.path, quantiles: (0.005, 0.995))
        #expect(copy.source.path == source.path && copy.source.readPath != source.path)
        #expect(copy.source.storage.blockColumns == 512 && copy.source.storage.blockRows == 512)
        #expect(copy.source.layout(for: ReadingLimits(cacheBytes: 1 << 20, readers: 9)) == .direct)
        #expect(try copy.source.all(Int16.self) == samples.map { $0 == 123 ? nil : $0 })
        // Found on the way, they are those of a pass of their own.
        let statistics = try #require(copy.statistics)
        #expect(try statistics == source.statistics())
        #expect(statistics.minimum == Double(samples.min()!) && statistics.maximum == Double(samples.max()!))

        // Left whole, it is used again, with what was found.
        let path = copy.source.readPath
        let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        let again = try source.spooled(into: folder.path, quantiles: (0.005, 0.995))
        #expect(again.source.readPath == path && again.statistics == statistics)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
        again.source.removeSpool()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("An unfinished copy is no copy, and a source that changed has another")
    func unfinished() throws {
        let samples = Self.samples { Int16($0) }
        let source = try raster([samples], .int16, ["COMPRESS=DEFLATE"])
        let folder = try Scratch.folder()
        let first = try source.spooled(into: folder.path).source.readPath
        try Data(count: 100).write(to: URL(fileURLWithPath: first + ".77.tmp"))
        try FileManager.default.removeItem(atPath: first)
        let second = try source.spooled(into: folder.path).source
        #expect(second.readPath == first)
        #expect(try second.all(Int16.self) == samples)

        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: source.path)
        let changed = try TestRaster.source(source.path)
        #expect(changed.identity != source.identity)
        #expect(try changed.spooled(into: folder.path).source.readPath != first)
    }

    @Test(
        "Copies of other states and unfinished ones go, unless somebody uses the folder; a fresh copy is another file"
    )
    func sweeping() throws {
        let samples = Self.samples { Int16($0) }
        let source = try raster([samples], .int16, ["COMPRESS=DEFLATE"])
        let folder = try Scratch.folder()
        let strays = ["spool-1.tif", "spool-1.tif.range", "spool-2.tif.77.tmp"]
        func leaveStrays() throws {
            for name in strays { try Data(count: 9).write(to: folder.appendingPathComponent(name)) }
        }
        func number(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        }
        try leaveStrays()
        let first = try source.spooled(into: folder.path).source
        let own = URL(fileURLWithPath: first.readPath).lastPathComponent
        #expect(try files(in: folder) == [own])

        // The first one still reads from the folder.
        try leaveStrays()
        let before = try number(first.readPath)
        let second = try source.spooled(into: folder.path, fresh: true).source
        #expect(second.readPath == first.readPath)
        #expect(try number(second.readPath) != before)
        #expect(try files(in: folder) == (strays + [own]).sorted())
        #expect(try second.all(Int16.self) == samples)
    }

    @Test("Floats, wide integers, colours and alpha keep their samples")
    func kinds() throws {
        let folder = try Scratch.folder()
        let floats = Self.samples { Float($0) / 7 }
        #expect(
            try raster([floats], .float32, ["COMPRESS=LZW"]).spooled(into: folder.path).source.all(Float.self)
                == floats)
        let wide = Self.samples { UInt16($0 + 20000) }
        #expect(
            try raster([wide], .uint16, ["COMPRESS=LZW"]).spooled(into: folder.path).source.all(Int32.self)
                == wide.map { Int32($0) })
        let planes = [3, 5, 7, 1].map { factor in Self.samples { UInt8(truncatingIfNeeded: $0 / factor) } }
        let pixel = ["COMPRESS=DEFLATE", "PHOTOMETRIC=RGB", "INTERLEAVE=PIXEL"]
        for options in [pixel, ["COMPRESS=DEFLATE", "PHOTOMETRIC=RGB", "INTERLEAVE=BAND"]] {
            let source = try raster(Array(planes.prefix(3)), .uint8, options)
            let expected = try source.all(RGBA8.self)
            #expect(
                expected[4711]?.channels.x == planes[0][4711] && expected[4711]?.channels.z == planes[2][4711]
            )
            #expect(try source.spooled(into: folder.path).source.all(RGBA8.self) == expected)
        }
        let alpha = try raster(planes, .uint8, pixel + ["ALPHA=YES"])
        let seen = try alpha.all(RGBA8.self)
        #expect(try alpha.spooled(into: folder.path).source.all(RGBA8.self) == seen)
        #expect(zip(seen, planes[3]).allSatisfy { ($0 == nil) == ($1 == 0) })
    }

    @Test("A mask is copied, and decides")
    func masks() throws {
        let source = try TestRaster.source(Tables.path("mask_of_dataset.tif"))
        let copy = try source.spooled(into: try Scratch.folder().path, quantiles: (0, 1))
        #expect(try copy.source.all(Int16.self) == source.all(Int16.self))
        #expect(copy.statistics?.minimum == -900 && copy.statistics?.maximum == 2000)
        #expect(try copy.source.statistics(quantiles: (0, 1)) == copy.statistics)
    }

    @Test("Rows of uncompressed files are read by themselves, in every arrangement")
    func rowsOfFiles() throws {
        let samples = Self.samples { Int16($0) }
        for rows in [1, 7, 550] {
            let source = try raster([samples], .int16, ["BLOCKYSIZE=\(rows)"])
            #expect(source.rowLayout != nil)
            #expect(try source.all(Int16.self) == samples)
            let part = try source.window(Int16.self, columns: 1050..<1160, rows: 500..<550)
            #expect(part[0] == samples[500 * 1100 + 1050] && part[109] == samples[500 * 1100 + 59])
        }
        // The other byte order is GDAL's affair.
        let other = try raster([samples], .int16, ["ENDIANNESS=BIG"])
        #expect(other.rowLayout == nil)
        #expect(try other.all(Int16.self) == samples)
        let planes = [3, 5, 7].map { factor in Self.samples { UInt8(truncatingIfNeeded: $0 / factor) } }
        for interleave in ["PIXEL", "BAND"] {
            let source = try raster(planes, .uint8, ["PHOTOMETRIC=RGB", "INTERLEAVE=\(interleave)"])
            let layout = try #require(source.rowLayout)
            #expect(layout.strips.count == (interleave == "BAND" ? 3 : 1))
            for (i, colour) in try source.all(RGBA8.self).enumerated() {
                let c = try #require(colour).channels
                guard c.x == planes[0][i], c.y == planes[1][i], c.z == planes[2][i], c.w == 255 else {
                    Issue.record("sample \(i) of \(interleave) is \(c)")
                    break
                }
            }
        }
        let wide = Self.samples { UInt16($0 + 20000) }
        #expect(try raster([wide], .uint16).all(Int32.self) == wide.map { Int32($0) })
        let floats = Self.samples { Double($0) / 3 }
        #expect(try raster([floats], .float64).all(Double.self) == floats)
    }

    @Test("What can be read in pieces is, and the rest is copied")
    func layouts() throws {
        // 4096 x 2048 samples of 2 bytes: 16 MB, of which caches hold half or all.
        func layout(_ options: [String], cache: Int, readers: Int) throws -> SourceLayout {
            let source = try TestRaster(
                [[Int16](repeating: 5, count: 4096 * 2048)], .int16, columns: 4096, rows: 2048,
                options: options,
                transform: [-180, 360.0 / 4096, 0, 90, 0, -180.0 / 2048]
            ).source()
            #expect(source.decodedBytes == 4096 * 2048 * 2)
            return source.layout(for: ReadingLimits(cacheBytes: cache, readers: readers))
        }
        func isCopied(_ options: [String], cache: Int, readers: Int) throws -> Bool {
            try layout(options, cache: cache, readers: readers) != .direct
        }
        #expect(try !isCopied([], cache: 16 << 20, readers: 8))
        #expect(try !isCopied(["BLOCKYSIZE=2048"], cache: 16 << 20, readers: 8))
        #expect(try !isCopied(["TILED=YES"], cache: 16 << 20, readers: 2))
        #expect(try !isCopied(["TILED=YES", "COMPRESS=DEFLATE"], cache: 16 << 20, readers: 2))
        #expect(try isCopied(["COMPRESS=DEFLATE"], cache: 16 << 20, readers: 2))
        #expect(try !isCopied(["COMPRESS=DEFLATE"], cache: 128 << 20, readers: 2))
        // Each reader would decode it, and one more pass.
        #expect(try isCopied(["COMPRESS=DEFLATE"], cache: 1 << 30, readers: 3))
        #expect(try isCopied(["COMPRESS=DEFLATE", "BLOCKYSIZE=2048"], cache: 16 << 20, readers: 1))
        let large = ["TILED=YES", "BLOCKXSIZE=2048", "BLOCKYSIZE=2048", "COMPRESS=DEFLATE"]
        #expect(try isCopied(large, cache: 32 << 20, readers: 2))
        guard case .spool(let reason, let bytes) = try layout(["COMPRESS=LZW"], cache: 1 << 20, readers: 1)
        else {
            Issue.record("compressed strips were to be copied")
            return
        }
        #expect(reason.contains("striped and compressed") && bytes == 4096 * 2048 * 2)
    }
}
