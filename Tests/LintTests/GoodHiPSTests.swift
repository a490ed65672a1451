import Foundation
import GDAL
import HEALPix
import HiPS
import PlanetaryFrames
import Testing
import Tiler
import Tiles

@testable import Lint

/// What is correct is passed without a word.
@Suite struct GoodHiPSTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable () -> SmallHiPS

        init(_ name: String, _ make: @escaping @Sendable () -> SmallHiPS) {
            testDescription = name
            self.make = make
        }
    }

    static let seam = SmallHiPS.Region(west: 170, east: 200, south: -20, north: 25)
    static let pole = SmallHiPS.Region(west: 0, east: 360, south: 80, north: 90)
    static let small = SmallHiPS.Region(west: 40, east: 41.5, south: -1, north: 0.7)

    static let cases = [
        Case("heights, order 1, sphere") { SmallHiPS() },
        Case("heights, order 3, sphere") { SmallHiPS(order: 3, width: 16) },
        Case("floats, order 2, seam") { SmallHiPS(kind: .floats, order: 2, region: seam, width: 16) },
        Case("heights, order 3, pole, three formats") {
            SmallHiPS(order: 3, formats: [.fits, .png, .jpeg], region: pole)
        },
        Case("heights, order 6, region") { SmallHiPS(order: 6, region: small, width: 16) },
        Case("heights as PNG alone, order 2, region") {
            SmallHiPS(order: 2, formats: [.png], region: seam, width: 16)
        },
        Case("colours, order 1, sphere") { SmallHiPS(kind: .colours, formats: [.png, .jpeg]) },
        Case("colours, order 3, region") {
            SmallHiPS(kind: .colours, order: 3, formats: [.png, .jpeg, .webp], region: small)
        },
        Case("colours as JPEG alone, order 2, pole") {
            SmallHiPS(kind: .colours, order: 2, formats: [.jpeg], region: pole)
        },
        Case("a coverage of the order of the leaves") {
            SmallHiPS(order: 2, region: seam, width: 16, coverageDepth: 0)
        },
        Case("a coverage coarser than the leaves") {
            SmallHiPS(order: 3, region: seam, width: 16, coverageDepth: -1)
        },
        Case("the sky") { SmallHiPS(width: 16, frame: "galactic") },
    ]

    @Test(arguments: cases) func passes(_ good: Case) async throws {
        let scratch = try Scratch()
        try good.make().write(to: scratch)
        if good.testDescription == "the sky" {
            try scratch.write(
                scratch.text("properties").replacing("hips_body            = galactic\n", with: ""),
                to: "properties")
        }
        // At order 1 a sample is all there is.
        for all in good.make().order > 1 ? [true, false] : [true] {
            let report = try await Linter(scratch.path, options: LintOptions(all: all, jobs: 2)).run()
            let names = scratch.files().filter { $0.contains("Npix") }
            #expect(report.findings == [])
            #expect(report.tilesListed == names.count)
            #expect(report.isComplete == all)
            if all { #expect(report.tilesRead == names.count) }
            #expect(report.tilesRead > 0 && report.tilesRead <= names.count)
        }
    }

    /// Maps as the builder makes them.
    @Test(arguments: [
        (1, "int16", 0.0, 360.0, -90.0, 90.0), (1, "colour", 20, 80, -20, 30), (3, "float", 175, 195, -10, 5),
        (3, "colour", 0, 360, 84, 90), (6, "int16", 100, 101, 20, 20.5),
        (6, "colour", -0.5, 0.25, -0.5, 0.25),
    ])
    func passesWhatTheBuilderMakes(
        order: Int, kind: String, west: Double, east: Double, south: Double, north: Double
    ) async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/map.tif"
        try Self.writeRaster(path, kind, west: west, east: east, south: south, north: north)
        var request = BuildRequest(source: path)
        request.order = order
        request.formats = kind == "colour" ? [.png, .jpeg] : [.fits, .png]
        if order > 1 { request.formats?.append(kind == "colour" ? .webp : .jpeg) }
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        let builder = HiPSBuilder(plan, data: DataDirectory(path: scratch.path), version: "1.2.3")
        let built = try await builder.build(jobs: 2, force: false)
        let report = try await Linter(built.path, options: LintOptions(all: true, jobs: 2)).run()
        #expect(report.findings == [])
        #expect(report.tilesRead > 0)
    }

    /// A texture in degrees, as a GeoTIFF; colours have a channel that tells what is missing.
    private static func writeRaster(
        _ path: String, _ kind: String, west: Double, east: Double, south: Double, north: Double
    ) throws {
        let columns = 400
        let step = (east - west) / Double(columns)
        let rows = Int(((north - south) / step).rounded())
        let isColour = kind == "colour"
        let type: SampleType = isColour ? .uint8 : kind == "float" ? .float32 : .int16
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: columns, height: rows, bands: isColour ? 3 : 1,
            type: type,
            options: isColour ? ["PHOTOMETRIC=RGB"] : [], geoTransform: [west, step, 0, north, 0, -step],
            crs: "IAU_2015:49900")
        for band in 1...(isColour ? 3 : 1) {
            var samples: [Double] = []
            for row in 0..<rows {
                for column in 0..<columns {
                    let (x, y) = (Double(column) * .pi / 200, Double(row) * .pi / 200)
                    let value = sin(5 * x + Double(band)) * cos(7 * y) + 0.5 * sin(41 * x) * sin(29 * y + 1)
                    samples.append(isColour ? (128 + 80 * value).rounded() : (2000 * value).rounded())
                }
            }
            try samples.withUnsafeBytes {
                try writer.write(
                    band: band, window: PixelWindow(column: 0, row: 0, width: columns, height: rows),
                    from: $0,
                    type: .float64)
            }
        }
        try writer.close()
    }
}
