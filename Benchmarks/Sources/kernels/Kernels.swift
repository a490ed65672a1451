import FITS
import HEALPix
import Pixels
import Tiles

/// Prints what the hot loops take for a pixel: `kernels [--json] [--quick]`.
@main
struct Kernels {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let known = ["--json", "--quick"]
        guard arguments.allSatisfy(known.contains) else {
            print("usage: kernels [--json] [--quick]")
            return
        }
        var timing = Timing(budget: arguments.contains("--quick") ? .milliseconds(20) : .milliseconds(300))
        try Suite().run(&timing)
        print(arguments.contains("--json") ? Report.json(timing.results) : Report.table(timing.results))
    }
}

/// Everything that is measured, on tiles of 512 x 512.
private struct Suite {
    private static let width = TileTables.width
    private static let side = 1024
    private let pixels = width * width
    private let source = Terrain(width: side, height: side)
    private let tile = Terrain(width: width, height: width)

    func run(_ timing: inout Timing) throws {
        geometry(&timing)
        sampling(&timing)
        pyramid(&timing)
        levels(&timing)
        try encoding(&timing)
    }

    // A tile astride the equator and one at the north pole, both of order 3.
    private let equatorial = Cell(order: 3, npix: 4 * 64 + 21)!
    private let polar = Cell(order: 3, npix: 63)!

    private func geometry(_ timing: inout Timing) {
        for (name, cell) in [("equatorial", equatorial), ("polar", polar)] {
            timing.measure("tile geometry, \(name)", pixels: pixels) {
                blackHole(TileGeometry(tile: cell, widthOrder: 9)!.latRad[7])
            }
        }
        let tables = TileTables(cell: polar, side: Self.side)
        timing.measure("columns of polar rows", pixels: pixels) {
            tables.forEachRow { _, request in blackHole(request.columnFraction[9]) }
        }
    }

    private func sampling(_ timing: inout Timing) {
        sample(&timing, "Int16", source.metres, blank: .min)
        sample(&timing, "RGBA8", source.colours, blank: .defaultBlank)
        sample(&timing, "Float32", source.heights, blank: .nan)
    }

    private func sample<Sample: Pixel>(
        _ timing: inout Timing, _ kind: String, _ window: [Sample], blank: Sample
    ) {
        let mask = source.mask
        var out = [Sample](repeating: blank, count: pixels)
        for (name, cell) in [("equatorial", equatorial), ("polar", polar)] {
            let tables = TileTables(cell: cell, side: Self.side)
            out.withUnsafeMutableBufferPointer { out in
                let target = out.baseAddress!
                timing.measure("bilinear \(kind), \(name)", pixels: pixels) {
                    tables.forEachRow { x, request in
                        Sample.bilinearRow(request, window: window, into: target + x * Self.width)
                    }
                }
            }
        }
        let tables = TileTables(cell: equatorial, side: Self.side)
        let interpolations: [(String, Interpolation)] = [
            ("bilinear", .bilinear), ("nearest", .nearest), ("bicubic", .bicubic), ("lanczos", .lanczos),
        ]
        for (name, interpolation) in interpolations {
            out.withUnsafeMutableBufferPointer { out in
                let target = out.baseAddress!
                timing.measure("masked \(name) \(kind)", pixels: pixels, note: "about a tenth is missing") {
                    tables.forEachRow { x, request in
                        _ = Sample.maskedRow(
                            request, interpolation, window: window, mask: mask, blank: blank,
                            into: target + x * Self.width)
                    }
                }
            }
        }
        blackHole(out[77])
    }

    private func pyramid(_ timing: inout Timing) {
        let metres = tile.metres
        let heights = tile.heights
        let holes = tile.mask
        shrink(&timing, "UInt8", tile.bytes, blank: nil)
        shrink(&timing, "Int16", metres, blank: nil)
        shrink(
            &timing, "Int16 with blanks", metres.indices.map { holes[$0] == 0 ? .min : metres[$0] },
            blank: .min)
        shrink(&timing, "Int32", metres.map { Int32($0) * 1000 }, blank: .min)
        shrink(&timing, "Float32", heights.indices.map { holes[$0] == 0 ? .nan : heights[$0] }, blank: .nan)
        shrink(&timing, "Float64", heights.map { Double($0) }, blank: .nan)
        shrink(&timing, "RGBA8", tile.colours, blank: nil)
        let colours = tile.colours
        shrink(
            &timing, "RGBA8 with blanks",
            colours.indices.map { holes[$0] == 0 ? .defaultBlank : colours[$0] },
            blank: .defaultBlank)
    }

    private func shrink<Sample: Pixel>(
        _ timing: inout Timing, _ kind: String, _ samples: [Sample], blank: Sample?
    ) {
        let half = Self.width / 2
        var out = [Sample](repeating: samples[0], count: half * half)
        timing.measure("halve \(kind)", pixels: half * half, note: "for a pixel of the result") {
            Sample.halve(samples, width: half, height: half, blank: blank, into: &out, outStride: half)
        }
        timing.measure("thumbnail \(kind)", pixels: pixels, note: "8 x 8 to 1, for a pixel of the tile") {
            Sample.thumbnail(samples, width: Self.width, side: 8, blank: blank, into: &out)
        }
        timing.measure("count \(kind)", pixels: pixels) {
            blackHole(Sample.countValid(samples, count: pixels, blank: blank))
        }
        timing.measure("blocks \(kind)", pixels: pixels, note: "8 x 8") {
            blackHole(Sample.validBlocks(samples, width: Self.width, side: 8, blank: blank).count)
        }
        blackHole(out[33])
    }

    private func levels(_ timing: inout Timing) {
        level(&timing, "UInt8", tile.bytes, ByteStretch(low: 10, high: 240), blank: 0)
        level(&timing, "Int16", tile.metres, ByteStretch(low: -6000, high: 7000), blank: .min)
        level(&timing, "Float32", tile.heights, ByteStretch(low: -0.7, high: 0.8), blank: .nan)
        level(
            &timing, "Float64", tile.heights.map { Double($0) }, ByteStretch(low: -0.7, high: 0.8),
            blank: .nan)
    }

    private func level<Sample: LevelPixel>(
        _ timing: inout Timing, _ kind: String, _ samples: [Sample], _ stretch: ByteStretch, blank: Sample
    ) {
        let table = LevelTable(stretch, for: Sample.self)
        var out = [UInt8](repeating: 0, count: pixels)
        timing.measure("levels \(kind)", pixels: pixels) {
            Sample.levels(samples, count: pixels, table, into: &out)
        }
        timing.measure("extremes \(kind)", pixels: pixels) {
            blackHole(Sample.extremes(samples, count: pixels, blank: blank)?.low ?? 0)
        }
        blackHole(out[21])
    }

    private func encoding(_ timing: inout Timing) throws {
        let png = PNGEncoder()
        let jpeg = JPEGEncoder()
        let fits = FITSImageEncoder()
        let grey = tile.bytes
        let width = Self.width
        var rgb = [UInt8](repeating: 0, count: 4 * pixels)
        let colours = tile.colours
        timing.measure("pack RGB", pixels: pixels) {
            RGBA8.packRGB(colours, count: pixels, into: &rgb)
        }
        rgb.removeLast(pixels)
        var size = 0
        try timing.measure("PNG grey", pixels: pixels) {
            size = try png.encode(grey.span, width: width, height: width, channels: 1).count
        }
        try timing.measure("PNG RGB", pixels: pixels) {
            size += try png.encode(rgb.span, width: width, height: width, channels: 3).count
        }
        try timing.measure("JPEG grey", pixels: pixels, note: "quality 90") {
            size += try jpeg.encode(grey.span, width: width, height: width, channels: 1).count
        }
        try timing.measure("JPEG RGB", pixels: pixels, note: "quality 90, 4:4:4") {
            size += try jpeg.encode(rgb.span, width: width, height: width, channels: 3).count
        }
        let metres = tile.metres
        try timing.measure("FITS Int16", pixels: pixels) {
            size += try fits.encode(metres.span, width: width, height: width).count
        }
        blackHole(size)
    }
}

/// Keeps a result from being optimised away.
@inline(never)
private func blackHole<T>(_ value: T) { withExtendedLifetime(value) {} }
