import HEALPix
import HiPS
import MOC
import PlanetaryFrames
import Testing
import Tiler
import Tiles

/// Where samples go: an analytic field has to come out at every direction, seam and poles included.
@Suite struct PlacementTests {
    struct Placement: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let columns: Int
        let rows: Int
        let west: Double
        let north: Double
        var lonStep = 1.0
        var latStep = 1.0
        /// The widest distance between neighbours, in degrees.
        var widest = 1.0

        var raster: TestRaster {
            TestRaster(
                columns: columns, rows: rows, west: west, north: north, lonStep: lonStep, latStep: latStep)
        }
    }

    static let global = [
        Placement(testDescription: "exact, from 37.5", columns: 360, rows: 180, west: 37.5, north: 90),
        Placement(
            testDescription: "0.46 pixel short at seam and south pole, as HRSC-MOLA", columns: 360, rows: 180,
            west: -180, north: 90, lonStep: 360 / 360.46, latStep: 180 / 180.46, widest: 1.92),
        Placement(
            testDescription: "grid-registered: a repeated column, rows on the poles", columns: 361, rows: 181,
            west: -0.5, north: 90.5),
        Placement(
            testDescription: "two pixels short", columns: 358, rows: 178, west: 1, north: 89, widest: 3),
    ]

    @Test(arguments: global) func everyDirectionHasItsValue(_ placement: Placement) async throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        let raster = placement.raster
        try raster.write(to: path) { Field.value(lon: raster.lon($0), lat: raster.lat($1)) }
        var request = BuildRequest(source: path)
        request.formats = [.fits]
        request.cut = (-1000, 1000)
        let map = try await BuiltMap(request, in: scratch)
        #expect(map.report.statistics?.tiles == [12, 48])
        #expect(try map.moc().coverageFraction == 1)
        let leaf = Field.bilinearError(lonStep: placement.widest, latStep: placement.widest)
        // The centres of four pixels surround their parent's, but not evenly near the poles: the field changes
        // by at most 1340 a radian, so a quarter of a pixel matters by this much.
        let parent = leaf + 1340 / 4 * TilePlan.pixelDegrees(order: 0) * Double.pi / 180
        for order in 0...1 {
            for npix in map.tiles(order: order) {
                let tile = try map.fits(order: order, npix: npix)
                #expect(tile.validCount == 512 * 512)
                for pixel in Tables.pixels where pixel.order == order && pixel.npix == npix {
                    let error = tile[pixel.row, pixel.column] - Field.value(lon: pixel.lon, lat: pixel.lat)
                    #expect(abs(error) < (order == 1 ? leaf : parent), "\(pixel)")
                }
            }
        }
    }

    @Test(arguments: Tables.regions) func regionsEndWhereTheyEnd(_ region: Tables.Region) async throws {
        let scratch = try Scratch()
        let path = scratch.file("region.tif")
        let raster = region.raster
        try raster.write(to: path) { Field.value(lon: raster.lon($0), lat: raster.lat($1)) }
        var request = BuildRequest(source: path)
        request.order = 1
        request.formats = [.fits]
        let map = try await BuiltMap(request, in: scratch)
        #expect(map.tiles(order: 1) == region.pixels.keys.sorted())
        #expect(map.tiles(order: 0) == Set(region.pixels.keys.map { $0 >> 2 }).sorted())
        // Up to half a pixel beyond the outermost centres the nearest sample stands in.
        let tolerance =
            Field.bilinearError(lonStep: region.step, latStep: region.step)
            + 2000 * region.step / 2 * Double.pi / 180
        for (npix, count) in region.pixels {
            let tile = try map.fits(order: 1, npix: npix)
            #expect(tile.validCount == count)
            for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
                let value = tile[pixel.row, pixel.column]
                #expect(value.isNaN != region.contains(pixel), "\(pixel)")
                if !value.isNaN {
                    #expect(abs(value - Field.value(lon: pixel.lon, lat: pixel.lat)) < tolerance, "\(pixel)")
                }
            }
        }
        let moc = try map.moc()
        #expect(moc.order.value == 4)
        let covered = moc.ranges.flatMap { ($0.lowerBound >> 50)..<($0.upperBound >> 50) }
        #expect(covered.map { Int64($0) } == region.coverage.sorted())
    }

    @Test func tilesDoNotDependOnTheLeftEdge() async throws {
        let scratch = try Scratch()
        var first: [String: [UInt8]]?
        for west in [-180, 0, 211] {
            // The same samples on the sphere, cut at another whole column: a cap and a band across the equator.
            for (name, north, rows) in [("cap", 90, 12), ("band", 3, 6)] {
                let path = scratch.file("\(name).tif")
                let raster = TestRaster(columns: 360, rows: rows, west: Double(west), north: Double(north))
                try raster.write(to: path) { noise(($0 + west + 360) % 360, $1) }
                var request = BuildRequest(source: path)
                request.name = name
                request.formats = [.fits]
                request.order = 1
                _ = try await BuiltMap(request, in: scratch, data: "\(west)", jobs: 2)
            }
            var files: [String: [UInt8]] = [:]
            for name in Scratch.files(below: scratch.file("\(west)")) where name.hasSuffix(".fits") {
                files[name] = try Scratch.bytes(scratch.file("\(west)/\(name)"))
            }
            #expect(files.count > 20)
            let isSame = files == first ?? files
            #expect(isSame)
            first = files
        }
    }
}
