import Foundation
import GDAL
import HEALPix
import HiPS
import PlanetaryFrames
import Rasters
import Testing
import Tiler
import Tiles

/// Sources in map projections: a field on the sphere, written at places that Snyder's formulas for the sphere give
/// (USGS Professional Paper 1395), has to come out at every direction of the map.
@Suite struct ProjectedTests {
    private static let radius = 3_396_190.0
    private static let degree = 3_396_190.0 * Double.pi / 180

    /// A map: how it is written, and where its samples are.
    struct Map: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let crs: String
        let columns: Int
        let rows: Int
        let transform: [Double]
        /// Longitude and latitude in radians of x and y in radii; nil outside the map.
        let inverse: @Sendable (Double, Double) -> (Double, Double)?
        /// Whether the map surely shows a direction in degrees, away from its edge; nil where that is not sure.
        let shows: @Sendable (Double, Double) -> Bool?
        /// Degrees between neighbouring samples, at most, where it shows something. A step of one row in a sinusoidal
        /// map goes up to pi columns sideways as well.
        var widest = 1.5

        func value(_ column: Int, _ row: Int) -> Double {
            let (c, r) = (Double(column) + 0.5, Double(row) + 0.5)
            let x = transform[0] + transform[1] * c + transform[2] * r
            let y = transform[3] + transform[4] * c + transform[5] * r
            guard let (lon, lat) = inverse(x / radius, y / radius) else { return .nan }
            return Field.value(lon: lon * 180 / .pi, lat: lat * 180 / .pi)
        }

        func write(to path: String) throws {
            let writer = try RasterWriter(
                creating: path, driver: "GTiff", width: columns, height: rows, bands: 1, type: .float32,
                options: ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"], geoTransform: transform, crs: crs)
            try writer.setNoData(.nan, band: 1)
            let samples = (0..<(columns * rows)).map { value($0 % columns, $0 / columns) }
            try samples.withUnsafeBytes {
                try writer.write(
                    band: 1, window: PixelWindow(column: 0, row: 0, width: columns, height: rows), from: $0,
                    type: .float64)
            }
            try writer.close()
        }
    }

    /// The oblique azimuthal maps of Snyder's chapters 20, 22 and 24, by the angle from the centre for a distance.
    @Sendable private static func azimuthal(
        _ x: Double, _ y: Double, lon0: Double, lat0: Double, angle: (Double) -> Double?
    ) -> (Double, Double)? {
        let rho = (x * x + y * y).squareRoot()
        guard let c = angle(rho) else { return nil }
        guard rho > 0 else { return (lon0, lat0) }
        let lat = asin(cos(c) * sin(lat0) + y * sin(c) * cos(lat0) / rho)
        let lon = lon0 + atan2(x * sin(c), rho * cos(lat0) * cos(c) - y * sin(lat0) * sin(c))
        return (lon, lat)
    }

    private static func distance(_ lon: Double, _ lat: Double, _ lon0: Double, _ lat0: Double) -> Double {
        Direction(lonDeg: lon, latDeg: lat).angularDistance(to: Direction(lonDeg: lon0, latDeg: lat0)) * 180
            / .pi
    }

    private static func upright(_ west: Double, _ north: Double, _ step: Double) -> [Double] {
        [west, step, 0, north, 0, -step]
    }

    private static let proj = "+R=3396190 +units=m +no_defs +type=crs"

    static let maps: [Map] = [
        Map(
            testDescription: "north polar stereographic", crs: "IAU_2015:49930", columns: 180, rows: 180,
            transform: upright(-5_400_000, 5_400_000, 60_000),
            inverse: { azimuthal($0, $1, lon0: 0, lat0: .pi / 2) { 2 * atan($0 / 2) } },
            shows: { $1 > 16 ? ($1 > 24 ? true : nil) : $1 < -8 ? false : nil }),
        Map(
            testDescription: "south polar stereographic, turned by 30 degrees", crs: "IAU_2015:49935",
            columns: 160,
            rows: 160,
            transform: {
                let (c, s) = (cos(Double.pi / 6) * 40_000, sin(Double.pi / 6) * 40_000)
                // The centre of the raster is the pole.
                return [-80 * (c + s), c, s, -80 * (s - c), s, -c]
            }(),
            inverse: { azimuthal($0, $1, lon0: 0, lat0: -.pi / 2) { 2 * atan($0 / 2) } },
            shows: { $1 < -40 ? true : $1 > -20 ? false : nil }),
        Map(
            testDescription: "sinusoidal about 0", crs: "IAU_2015:49920", columns: 360, rows: 180,
            transform: upright(-180 * degree, 90 * degree, degree),
            inverse: { x, y in
                let lon = x / cos(y)
                return abs(lon) <= .pi ? (lon, y) : nil
            }, shows: { _, _ in true }, widest: 3.4),
        Map(
            testDescription: "sinusoidal about 180", crs: "IAU_2015:49925", columns: 360, rows: 180,
            transform: upright(-180 * degree, 90 * degree, degree),
            inverse: { x, y in
                let lon = x / cos(y)
                return abs(lon) <= .pi ? (lon + .pi, y) : nil
            }, shows: { _, _ in true }, widest: 3.4),
        Map(
            testDescription: "Mollweide", crs: "IAU_2015:49940", columns: 400, rows: 200,
            transform: upright(
                -2 * 2.0.squareRoot() * radius, 2.0.squareRoot() * radius, 2.0.squareRoot() * radius / 100),
            inverse: { x, y in
                guard abs(y) <= 2.0.squareRoot() else { return nil }
                let theta = asin(y / 2.0.squareRoot())
                let lat = asin((2 * theta + sin(2 * theta)) / .pi)
                let lon = .pi * x / (2 * 2.0.squareRoot() * cos(theta))
                return abs(lon) <= .pi ? (lon, lat) : nil
            }, shows: { _, _ in true }, widest: 4),
        Map(
            testDescription: "orthographic about 30 E 40 N", crs: "+proj=ortho +lat_0=40 +lon_0=30 " + proj,
            columns: 200, rows: 200, transform: upright(-radius, radius, radius / 100),
            inverse: { azimuthal($0, $1, lon0: .pi / 6, lat0: 40 * .pi / 180) { $0 <= 1 ? asin($0) : nil } },
            shows: { lon, lat in
                let angle = distance(lon, lat, 30, 40)
                return angle < 75 ? true : angle > 92 ? false : nil
            }, widest: 4),
        Map(
            testDescription: "Lambert azimuthal equal area about 350 E 70 S",
            crs: "+proj=laea +lat_0=-70 +lon_0=-10 " + proj, columns: 160, rows: 160,
            transform: upright(-80 * degree, 80 * degree, degree),
            inverse: {
                azimuthal($0, $1, lon0: -.pi / 18, lat0: -70 * .pi / 180) { $0 <= 2 ? 2 * asin($0 / 2) : nil }
            },
            shows: { lon, lat in
                let angle = distance(lon, lat, 350, -70)
                return angle < 70 ? true : angle > 165 ? false : nil
            }),
        Map(
            testDescription: "Mercator around the body", crs: "+proj=merc +lon_0=0 " + proj, columns: 360,
            rows: 200,
            transform: upright(-180 * degree, 100 * degree, degree),
            inverse: { ($0, 2 * atan(exp($1)) - .pi / 2) },
            shows: { abs($1) < 68 ? true : abs($1) > 72 ? false : nil }),
    ]

    @Test(arguments: maps) func everyDirectionHasItsValue(_ map: Map) async throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        try map.write(to: path)
        var request = BuildRequest(source: path)
        request.declaration.body = try BodyCatalogue.iau2015().body(named: "Mars")
        request.formats = [.fits]
        request.order = 1
        request.cut = (-1000, 1000)
        let built = try await BuiltMap(request, in: scratch)
        // Besides, places may be off by 0.05 pixels; here they are not, by a third of that.
        let tolerance =
            Field.bilinearError(lonStep: map.widest, latStep: map.widest) + 1340 * 0.017 * .pi / 180
        var seen = 0
        for npix in 0..<Int64(48) {
            let isThere = built.tiles(order: 1).contains(npix)
            let tile = isThere ? try built.fits(order: 1, npix: npix) : nil
            for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
                let value = tile?[pixel.row, pixel.column] ?? .nan
                guard let shown = map.shows(pixel.lon, pixel.lat) else { continue }
                #expect(value.isNaN != shown, "\(pixel)")
                guard shown, !value.isNaN else { continue }
                seen += 1
                let error = abs(value - Field.value(lon: pixel.lon, lat: pixel.lat))
                #expect(error < tolerance, "\(pixel): off by \(error), at most \(tolerance)")
            }
        }
        #expect(seen > 100, "\(seen) pixels say little")
    }

    /// The field in the plane of HEALPix, as a FITS file that astropy and healpy wrote (`tools/truth/label_fixtures.py`).
    @Test func healpixPlaneOfAFITSFileHasItsValues() async throws {
        let scratch = try Scratch()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("RastersTests/Samples/made/fits_hpx_turned.fits").path
        var request = BuildRequest(source: file)
        request.formats = [.fits]
        request.order = 1
        request.cut = (-1000, 1000)
        let built = try await BuiltMap(request, in: scratch)
        // A pixel is the root of the area of 12 x 32 x 32.
        let pixel = (Double.pi / 3).squareRoot() / 32
        var (seen, apart) = (0, 0)
        for npix in built.tiles(order: 1) {
            let tile = try built.fits(order: 1, npix: npix)
            #expect(tile.validCount == 512 * 512, "\(npix)")
            for place in Tables.pixels where place.order == 1 && place.npix == npix {
                let error = abs(tile[place.row, place.column] - Field.value(lon: place.lon, lat: place.lat))
                // Between two facets at a pole samples of both are taken; their edges are the quarter meridians.
                let fromGap = abs(remainder(place.lon, 90)) * cos(place.lat * .pi / 180) * .pi / 180
                let fromEnd = abs(remainder(place.lon - 180, 360)) * cos(place.lat * .pi / 180) * .pi / 180
                let isGap =
                    abs(place.lat) > 40 && fromGap < 2 * pixel || fromEnd < 2 * pixel || abs(place.lat) > 86
                #expect(error < (isGap ? 0.3 : 0.1) * 1340 * pixel, "\(place): off by \(error)")
                seen += 1
                if !isGap { apart += 1 }
            }
        }
        #expect(seen > 300 && apart > 200, "\(seen) and \(apart)")
    }

    @Test func tilesDoNotDependOnWorkers() async throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        try Self.maps[2].write(to: path)
        var files: [String: [UInt8]]?
        for (jobs, name) in [(1, "one"), (3, "three")] {
            var request = BuildRequest(source: path)
            request.formats = [.fits, .png]
            request.order = 1
            let found = try await BuiltMap(request, in: scratch, data: name, jobs: jobs).timelessFiles()
            #expect(found.count > 60)
            let isSame = found == files ?? found
            #expect(isSame)
            files = found
        }
    }
}
