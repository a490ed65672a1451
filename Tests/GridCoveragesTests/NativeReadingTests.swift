import FITS
import GDAL
import Synchronization
import Testing

@testable import GridCoverages

/// What answers take out of files, and what they may not.
@Suite("Reading native coverages")
struct NativeReadingTests {
    private static let tiles = ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"]

    private static func value(_ column: Int, _ row: Int) -> Int16 {
        Int16(truncatingIfNeeded: (column &* 7919 &+ row &* 104_729) % 32749)
    }

    @Test("Strips are whole rows of blocks where these fit, and hold the samples of the file")
    func strips() throws {
        let folder = try SourceFolder()
        let file = try folder.write("a.tif", width: 300, height: 500, options: Self.tiles, Self.value)
        for (memory, isWhole) in [(200_000, true), (60_000, true), (20_000, false)] {
            let maker = maker(limits: CoverageLimits(memoryBytes: memory))
            let coverage = try folder.native(file, maker)
            for rows in [0..<500, 70..<401, 130..<140, 499..<500] {
                let pixels = CoveragePixels(columns: 13..<290, rows: rows)
                let request = CoverageRequest(area: .pixels(pixels))
                let layout = try maker.plan(request, of: coverage).layout
                let strips = Array(layout.strips)
                #expect(strips.first?.lowerBound == 0 && strips.last?.upperBound == rows.count)
                #expect(zip(strips, strips.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
                for strip in strips {
                    #expect(strip.count * 277 * 2 <= memory)
                    #expect(strip.allSatisfy { layout.strip(of: $0) == strip })
                    let edge = rows.lowerBound + strip.upperBound
                    if isWhole, strip.upperBound < rows.count { #expect(edge % 64 == 0, "\(strip) \(edge)") }
                }
                let truth = rows.map { row in
                    (13..<290).map { Self.value($0, row) }
                }
                let samples = try Answer(maker.product(request, of: coverage)).samples()
                #expect(samples == truth.joined().map { Double($0) }, "\(rows) \(memory)")
                var upward = request
                upward.format = CoverageFormat(.fits)
                let image = try FITSImage.decode(maker.product(upward, of: coverage).all())
                guard case .int16(let found) = image.samples else {
                    Issue.record("BITPIX is \(image.bitpix)")
                    continue
                }
                #expect(found == Array(truth.reversed().joined()), "\(rows) \(memory)")
            }
        }
    }

    @Test("Strips end at the edges of blocks also where the rows of the file run north")
    func edges() {
        for (first, count) in [(0, 500), (70, 331), (130, 10), (499, 1), (52, 128)] {
            for wanted in [64, 100, 128, 300] {
                let layout = StripLayout(
                    rows: count, from: first, of: 500, rowsRunNorth: true, block: 64, wanted: wanted)
                for strip in layout.strips {
                    #expect(strip.count <= wanted && !strip.isEmpty)
                    let edge = 500 - first - strip.upperBound
                    if strip.upperBound < count { #expect(edge % 64 == 0, "\(strip) \(edge)") }
                }
                #expect(layout.strips.reduce(0) { $0 + $1.count } == count)
            }
        }
    }

    /// 2 GB, none of which was ever written.
    private static func large(_ folder: SourceFolder) throws -> String {
        try folder.write(
            "large.tif", width: 30000, height: 30000,
            options: ["TILED=YES", "COMPRESS=DEFLATE", "SPARSE_OK=TRUE"], nil)
    }

    @Test("What GDAL would take gigabytes for is refused, with what to ask for")
    func memory() throws {
        let folder = try SourceFolder()
        let maker = maker()
        let coverage = try folder.native(try Self.large(folder), maker)
        for (width, height) in [(1, 1), (10, 10), (25, 25)] {
            for way in [CoverageInterpolation.linear, .cubic] {
                let error = #expect(throws: CoverageError.self) {
                    try maker.plan(
                        CoverageRequest(width: width, height: height, interpolation: way), of: coverage)
                }
                guard case .tooMuchRead(let found, let limit, _, _) = error else {
                    Issue.record("\(width) x \(height)")
                    continue
                }
                #expect(found > limit && limit == 64 << 20)
            }
            _ = try maker.plan(CoverageRequest(width: width, height: height), of: coverage)
        }
        // Few columns, each of which becomes many.
        let column = CoveragePixels(columns: 0..<10, rows: 0..<30000)
        #expect(throws: CoverageError.self) {
            try maker.plan(
                CoverageRequest(area: .pixels(column), width: 1_000_000, height: 1, interpolation: .linear),
                of: coverage)
        }
        let text = "\(CoverageError.tooMuchRead(found: 2, limit: 1, unit: "u", remedy: "r"))"
        #expect(text.contains("2 u") && text.contains("at most 1") && text.hasSuffix("r."))
        for (width, height) in [(100, 100), (1000, 1000), (29000, 29000), (1, 30000), (30000, 1)] {
            let request = CoverageRequest(width: width, height: height, interpolation: .linear)
            let reading = try #require(ScaledReading(maker.plan(request, of: coverage)))
            #expect(reading.workBytes < 64 << 20 && reading.samples == 30000 * 30000, "\(width)")
        }
        _ = try maker.product(CoverageRequest(width: 10, height: 10), of: coverage).all()
        let nearest = try #require(
            ScaledReading(maker.plan(CoverageRequest(width: 10, height: 10), of: coverage)))
        #expect(nearest.samples == 2560 * 2560)
    }

    @Test("Smaller copies in the file count in its place")
    func overviews() throws {
        let folder = try SourceFolder()
        let file = try folder.write("a.tif", width: 2048, height: 1024, Self.value)
        let copy = folder.path + "/cog.tif"
        try RasterWriter.copy(file, to: copy, driver: "COG", options: ["BLOCKSIZE=128"])
        let maker = maker()
        let coverage = try folder.native(copy, maker)
        func samples(_ width: Int, _ height: Int) throws -> Int {
            let request = CoverageRequest(width: width, height: height, interpolation: .linear)
            return try #require(ScaledReading(maker.plan(request, of: coverage))).samples
        }
        #expect(try samples(2000, 1000) == 2048 * 1024)
        #expect(try samples(1024, 512) == 1024 * 512)
        #expect(try samples(300, 150) == 512 * 256)
        #expect(try samples(16, 8) == 128 * 64)
        // The columns of the file itself.
        #expect(try samples(16, 1024) == 2048 * 1024)
    }

    @Test("Making a large file small ends when nobody waits for it")
    func cancelled() throws {
        let folder = try SourceFolder()
        let maker = maker()
        let coverage = try folder.native(try Self.large(folder), maker)
        for way in [CoverageInterpolation.nearest, .linear] {
            let asked = Atomic(0)
            let product = try maker.product(
                CoverageRequest(width: 400, height: 400, interpolation: way), of: coverage
            ) {
                // In the middle of the one call of GDAL's.
                asked.add(1, ordering: .relaxed).newValue > 20
            }
            #expect(throws: CoverageError.self) { while try product.next() != nil {} }
            #expect(
                (21...23).contains(asked.load(ordering: .relaxed)), "\(way) \(asked.load(ordering: .relaxed))"
            )
        }
    }
}
