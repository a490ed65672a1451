import Foundation
import GDAL
import HEALPix
import HiPS
import Pixels
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// Places at the seam of a projected map, whose samples lie at both sides of the file, and at its poles: a field on the
/// sphere has to come out there as it does in the middle of the map.
@Suite struct SeamTests {
    struct Map: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let crs: String
        /// Half the extent of the map in x and y, in radii of 3396190 m.
        let extent: (Double, Double)
        var resampling: Resampling = .at(.bilinear)
        /// The file is turned by this angle.
        var turnDegrees = 0.0
        /// Samples in half the turn: 0.25 degrees, where not said.
        var halfColumns = 720
        /// What the file holds beside the map; it may be anything.
        var outside = Double.nan
    }

    private static let radius = 3_396_190.0
    private static let sphere = "+R=3396190 +units=m +no_defs +type=crs"
    private static let ellipsoid = "+a=3396190 +b=3376200 +units=m +no_defs +type=crs"
    private static let root = 2.0.squareRoot()

    static let maps: [Map] = [
        Map(
            testDescription: "sinusoidal", crs: "+proj=sinu +lon_0=0 \(sphere)", extent: (.pi, .pi / 2)),
        Map(
            testDescription: "sinusoidal on an ellipsoid, bicubic, with a value outside of the map",
            crs: "+proj=sinu +lon_0=0 \(ellipsoid)", extent: (.pi, .pi / 2), resampling: .at(.bicubic),
            outside: -30000),
        Map(
            testDescription: "sinusoidal, the file turned by 30 degrees",
            crs: "+proj=sinu +lon_0=0 \(sphere)",
            extent: (3.6, 3.6), turnDegrees: 30),
        Map(
            testDescription: "Mollweide", crs: "+proj=moll +lon_0=0 \(sphere)", extent: (2 * root, root)),
        Map(
            testDescription: "Mollweide, bicubic", crs: "+proj=moll +lon_0=0 \(sphere)",
            extent: (2 * root, root), resampling: .at(.bicubic)),
        Map(
            testDescription: "Robinson, bicubic", crs: "+proj=robin +lon_0=0 \(sphere)",
            extent: (2.67, 1.36), resampling: .at(.bicubic)),
    ]

    /// Writes the values of a function of longitude and latitude in degrees.
    private func write(_ map: Map, to path: String, _ value: (Double, Double) -> Double) throws {
        let catalogue = try BodyCatalogue.iau2015()
        let frame = try MapFrame(
            definition: map.crs, declaredBody: try catalogue.body(named: "mars"), catalogue: catalogue,
            source: "map")
        let transformer = try frame.makeTransformer()
        let step = map.extent.0 / Double(map.halfColumns) * Self.radius
        let (columns, rows) = (
            2 * map.halfColumns, 2 * Int((map.extent.1 * Self.radius / step).rounded(.up))
        )
        let (c, s) = (cos(map.turnDegrees * .pi / 180) * step, sin(map.turnDegrees * .pi / 180) * step)
        let (halfColumns, halfRows) = (Double(columns / 2), Double(rows / 2))
        let transform = [
            -halfColumns * c - halfRows * s, c, s, -halfColumns * s + halfRows * c, s, -c,
        ]
        var samples = [Double](repeating: map.outside, count: columns * rows)
        var (lon, lat) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
        for row in 0..<rows {
            let r = Double(row) + 0.5
            let x = (0..<columns).map { transform[0] + transform[1] * (Double($0) + 0.5) + transform[2] * r }
            let y = (0..<columns).map { transform[3] + transform[4] * (Double($0) + 0.5) + transform[5] * r }
            var lonSpan = lon.mutableSpan
            var latSpan = lat.mutableSpan
            transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
            for column in 0..<columns where !lon[column].isNaN {
                samples[row * columns + column] = value(lon[column] * 180 / .pi, lat[column] * 180 / .pi)
            }
        }
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: columns, height: rows, bands: 1, type: .float64,
            options: ["TILED=YES"], geoTransform: transform, crs: map.crs)
        try writer.setNoData(.nan, band: 1)
        try samples.withUnsafeBytes {
            try writer.write(
                band: 1, window: PixelWindow(column: 0, row: 0, width: columns, height: rows), from: $0,
                type: .float64)
        }
        try writer.close()
    }

    private func sampler(
        _ path: String, _ resampling: Resampling
    ) throws -> (ProjectedLeafSampler<Double>, pixelDegrees: Double) {
        var request = BuildRequest(source: path)
        request.declaration.body = try BodyCatalogue.iau2015().body(named: "mars")
        request.formats = [.fits]
        request.order = 1
        request.cut = (-1000, 1000)
        request.resampling = resampling
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        guard case .projected(let placement) = plan.source.placement else {
            throw GDALError(operation: "open", path: path, message: "not a projected map")
        }
        return (try ProjectedLeafSampler(plan.tiles, placement), placement.resolutionDegrees)
    }

    @Test(arguments: maps) func seamIsAsTheMiddle(_ map: Map) throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        try write(map, to: path) { Field.value(lon: $0, lat: $1) }
        let (sampler, pixel) = try sampler(path, map.resampling)
        let out = UnsafeMutablePointer<Double>.allocate(capacity: tileWidth * tileWidth)
        defer { out.deallocate() }
        // Tiles of order 0 along the seam and around both poles.
        var worst: [String: Double] = [:]
        var seen = 0
        for npix in [Int64(1), 2, 6, 9, 10] {
            let cell = try #require(Cell(order: 0, npix: npix))
            #expect(try sampler.sample(cell, into: out) == tileWidth * tileWidth)
            let geometry = try #require(TileGeometry(tile: cell, widthOrder: tileWidthOrder))
            for index in 0..<(tileWidth * tileWidth) {
                let direction = geometry.direction(x: index / tileWidth, y: index % tileWidth)
                let (lon, lat) = (direction.lonDeg, direction.latDeg)
                let fromPole = (90 - abs(lat)) / pixel
                let fromSeam = abs(remainder(lon - 180, 360)) * cos(direction.latRad) / pixel
                guard fromPole < 6 || fromSeam < 4 else { continue }
                seen += 1
                let gradient = max(Field.gradient(lon: lon, lat: lat), 1340.0 / 3)
                let error = abs(out[index] - Field.value(lon: lon, lat: lat)) / (gradient * pixel * .pi / 180)
                let zone = fromPole < 6 ? "pole" : abs(lat) > 70 ? "70-90" : abs(lat) > 30 ? "30-70" : "0-30"
                worst[zone] = max(worst[zone] ?? 0, error.isNaN ? .infinity : error)
            }
        }
        #expect(seen > 5000)
        for (zone, error) in worst {
            #expect(error < 0.1, "\(zone): \(error) pixels")
        }
    }

    /// Means of samples that are smaller than pixels.
    @Test func meansOverTheSeam() throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        // From 10 S to 10 N, samples of 0.05625 degrees; pixels of order 1 have 0.0573.
        let map = Map(
            testDescription: "sinusoidal", crs: "+proj=sinu +lon_0=0 \(Self.sphere)",
            extent: (.pi, .pi / 18), halfColumns: 3200)
        try write(map, to: path) { Field.value(lon: $0, lat: $1) }
        let (sampler, pixel) = try sampler(path, .average)
        // The tile north of the equator, half of it on each side of 180 degrees.
        let cell = try #require(Cell(order: 1, npix: 27))
        let geometry = try #require(TileGeometry(tile: cell, widthOrder: tileWidthOrder))
        let out = UnsafeMutablePointer<Double>.allocate(capacity: tileWidth * tileWidth)
        defer { out.deallocate() }
        _ = try sampler.sample(cell, into: out)
        var (seen, worst) = (0, 0.0)
        for index in 0..<(tileWidth * tileWidth) {
            let direction = geometry.direction(x: index / tileWidth, y: index % tileWidth)
            let (lon, lat) = (direction.lonDeg, direction.latDeg)
            guard abs(lon - 180) < 6 * pixel, lat < 9.5 else { continue }
            seen += 1
            let error = abs(out[index] - Field.value(lon: lon, lat: lat))
            worst = max(worst, error.isNaN ? .infinity : error)
        }
        #expect(seen > 500 && worst < 0.1 * 1340 / 3 * pixel * .pi / 180, "\(seen) places, off by \(worst)")
    }

    /// Classes are never mixed, and samples without data leave their weight, but do not reach far beyond the seam.
    @Test func classesAndMissingSamples() throws {
        let scratch = try Scratch()
        let map = Map(
            testDescription: "sinusoidal", crs: "+proj=sinu +lon_0=0 \(Self.sphere)",
            extent: (.pi, .pi / 2))
        let cell = try #require(Cell(order: 0, npix: 6))
        let geometry = try #require(TileGeometry(tile: cell, widthOrder: tileWidthOrder))
        let out = UnsafeMutablePointer<Double>.allocate(capacity: tileWidth * tileWidth)
        defer { out.deallocate() }
        for (resampling, west) in [(Resampling.at(.nearest), 2.0), (.at(.bilinear), .nan)] {
            let path = scratch.file("\(west).tif")
            try write(map, to: path) { lon, _ in lon < 180 ? 1 : west }
            let (sampler, pixel) = try sampler(path, resampling)
            let count = try sampler.sample(cell, into: out)
            var (valid, seen) = (0, 0)
            for index in 0..<(tileWidth * tileWidth) {
                let direction = geometry.direction(x: index / tileWidth, y: index % tileWidth)
                let beyond = (direction.lonDeg - 180) * cos(direction.latRad) / pixel
                let value = out[index]
                if !value.isNaN { valid += 1 }
                // Weights add up to 1 but for rounding.
                if west == 2 {
                    #expect(value == 1 || value == 2)
                } else {
                    #expect(value.isNaN || abs(value - 1) < 1e-9)
                }
                guard abs(beyond) < 6, abs(beyond) > 1.3 else { continue }
                seen += 1
                #expect(beyond < 0 ? abs(value - 1) < 1e-9 : west == 2 ? value == 2 : value.isNaN)
            }
            #expect(valid == count && seen > 1000)
        }
    }

    /// A field that is linear is reproduced from any samples that do not lie on a line; those that do give their mean.
    @Test func planesAreReproduced() {
        var fit = ScatteredFit()
        for seed in 0..<UInt64(200) {
            // All of them within the radius.
            let count = 8 + Int(seed % 20)
            let places = (0..<count).map {
                SIMD2(3 * noise($0, 1, seed: seed) - 1.5, 3 * noise($0, 2, seed: seed) - 1.5)
            }
            guard fit.solve(places) else { continue }
            let weights = fit.weights
            #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
            let around = places.map { atan2($0.y, $0.x) }.sorted()
            let gaps = zip(around, around.dropFirst() + [around[0] + 2 * .pi]).map { $1 - $0 }
            // Where the samples lie all around, nothing is extrapolated.
            guard gaps.max()! < 2 else { continue }
            var value = 0.0
            for (place, weight) in zip(places, weights) { value += (3 + 5 * place.x - 7 * place.y) * weight }
            #expect(abs(value - 3) < 1e-6, "\(seed): \(value)")
        }
        let isNear = fit.solve([SIMD2(-1, 0.5), SIMD2(0, 0.5), SIMD2(1, 0.5)])
        #expect(isNear && abs(fit.weights.reduce(0, +) - 1) < 1e-12 && fit.weights.allSatisfy { $0 > 0 })
        let isMet = fit.solve([SIMD2(1, 0), SIMD2(0, 0), SIMD2(0, 1), SIMD2(-1, -1)])
        #expect(isMet && abs(fit.weights[1] - 1) < 1e-9)
        let isFar = fit.solve([SIMD2(3, 0)])
        let isNone = fit.solve([])
        #expect(!isFar && !isNone)
    }
}
