import Foundation
import GDAL
import HiPS
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// One field on the sphere, written as five files that mean their numbers in five ways: each of the five HiPS equals
/// the field within a tenth of a source pixel, at the seam of the sinusoidal map and at its poles too.
///
/// An error of place shows in the value by the gradient of the field. Where the gradient is small a misplaced pixel
/// would not show, so places are judged where it is steep, and the worst value everywhere.
@Suite struct FilesOfOneFieldTests {
    struct File: CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let crs: String
        let columns: Int
        let rows: Int
        /// GDAL's six numbers in the file's own units.
        let transform: [Double]
        /// East longitude and planetocentric latitude in degrees of the file's x and y; nil beside the map.
        let place: @Sendable (_ x: Double, _ y: Double) -> (lon: Double, lat: Double)?
        var declare: @Sendable (inout SourceDeclaration) -> Void = { _ in }
        /// Degrees of a pixel.
        var pixel: Double { 360 / Double(columns) }
    }

    /// tan g = (a/b)^2 tan c (Snyder 1987, equation 3-28), not by the code that is tested.
    @Sendable private static func centric(_ graphic: Double, _ equatorial: Double, _ polar: Double) -> Double
    {
        let square = (polar / equatorial) * (polar / equatorial)
        return atan2(square * sin(graphic * .pi / 180), cos(graphic * .pi / 180)) * 180 / .pi
    }

    private static let count = 1440
    private static let step = 0.25
    /// The radius of Mars' ellipsoid at 22.5 S, as HiRISE's maps have it.
    private static let local = 3_393_240.328

    static let files: [File] = [
        File(
            testDescription: "Mars, planetographic and west-positive (49901)", body: "mars",
            crs: "IAU_2015:49901", columns: count, rows: count / 2,
            transform: [-180, step, 0, 90, 0, -step],
            place: { (-$0, centric($1, 3_396_190, 3_376_200)) },
            // A GeoTIFF keeps the ellipsoid of 49901 and loses the sense of its axes.
            declare: { $0.crs = "IAU_2015:49901" }),
        File(
            testDescription: "Mars, sinusoidal on R = 3396.0 km", body: "mars",
            crs: "+proj=sinu +lon_0=0 +R=3396000 +units=m +no_defs +type=crs", columns: count,
            rows: count / 2,
            transform: metres(3_396_000, west: -180, north: 90),
            place: { x, y in
                let lat = y / 3_396_000
                let lon = x / 3_396_000 / cos(lat)
                return abs(lon) <= .pi ? (lon * 180 / .pi, lat * 180 / .pi) : nil
            }),
        File(
            testDescription: "Mars, equirectangular on a local radius, true at 22.5 S", body: "mars",
            crs: "+proj=eqc +lat_ts=-22.5 +lon_0=0 +R=\(local) +units=m +no_defs +type=crs", columns: count,
            rows: count / 2,
            transform: {
                var t = metres(local, west: -180, north: 90)
                (t[0], t[1]) = (t[0] * cos(22.5 * .pi / 180), t[1] * cos(22.5 * .pi / 180))
                return t
            }(),
            place: { x, y in
                (x / local / cos(22.5 * .pi / 180) * 180 / .pi, y / local * 180 / .pi)
            }),
        File(
            testDescription: "Mars, 0 to 360 centred on 180", body: "mars", crs: "IAU_2015:49915",
            columns: count, rows: count / 2, transform: metres(3_396_190, west: -180, north: 90),
            place: { x, y in (x / 3_396_190 * 180 / .pi + 180, y / 3_396_190 * 180 / .pi) }),
        File(
            testDescription: "Jupiter, System III, columns from 360 to 0 W", body: "jupiter",
            crs: "IAU_2015:59900", columns: count, rows: count / 2,
            transform: [0, step, 0, 90, 0, -step],
            place: { x, y in (x, y) },
            declare: {
                $0.longitudeSystem = LongitudeSystem(name: "System III", offsetToIAUDegrees: nil, source: "")
                $0.longitudeSense = .west
                $0.extent = .init(west: 360, south: -90, east: 0, north: 90)
            }),
    ]

    private static func metres(_ radius: Double, west: Double, north: Double) -> [Double] {
        let degree = radius * .pi / 180
        return [west * degree, step * degree, 0, north * degree, 0, -step * degree]
    }

    @Test(arguments: files) func allFiveAreTheField(_ file: File) async throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: file.columns, height: file.rows, bands: 1, type: .float64,
            options: ["TILED=YES"], geoTransform: file.transform, crs: file.crs)
        try writer.setNoData(.nan, band: 1)
        var samples = [Double](repeating: .nan, count: file.columns * file.rows)
        for row in 0..<file.rows {
            let y = file.transform[3] + (Double(row) + 0.5) * file.transform[5]
            for column in 0..<file.columns {
                let x = file.transform[0] + (Double(column) + 0.5) * file.transform[1]
                guard let (lon, lat) = file.place(x, y) else { continue }
                samples[row * file.columns + column] = Field.value(lon: lon, lat: lat)
            }
        }
        try samples.withUnsafeBytes {
            try writer.write(
                band: 1, window: PixelWindow(column: 0, row: 0, width: file.columns, height: file.rows),
                from: $0, type: .float64)
        }
        try writer.close()
        var declaration = SourceDeclaration(body: try BodyCatalogue.iau2015().body(named: file.body))
        file.declare(&declaration)
        var request = BuildRequest(source: path, declaration: declaration)
        request.formats = [.fits]
        request.order = 1
        request.cut = (-1000, 1000)
        let map = try await BuiltMap(request, in: scratch)
        var steep = 0
        var worst = 0.0
        for npix in Int64(0)..<48 {
            let tile = try map.fits(order: 1, npix: npix)
            #expect(tile.validCount == 512 * 512, "\(npix)")
            for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
                let error = abs(tile[pixel.row, pixel.column] - Field.value(lon: pixel.lon, lat: pixel.lat))
                // The most that values change over a pixel, and here.
                let most = 1340 * file.pixel * .pi / 180
                #expect(error < 0.1 * most, "\(pixel): \(error)")
                let gradient = Field.gradient(lon: pixel.lon, lat: pixel.lat) * file.pixel * .pi / 180
                guard gradient > most / 3 else { continue }
                steep += 1
                worst = max(worst, error / gradient)
            }
        }
        #expect(steep > 60, "\(steep) pixels say little")
        #expect(worst < 0.1, "off by \(worst) pixels")
    }
}
