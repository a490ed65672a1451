import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct MapFrameTests {
    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.standard() }

    func frame(_ definition: String, _ body: String? = nil, _ overrides: FrameOverrides = FrameOverrides())
        throws -> MapFrame
    {
        try MapFrame(
            definition: definition, declaredBody: body.map { try catalogue.body(named: $0) },
            catalogue: catalogue, overrides: overrides, source: "map.tif")
    }

    /// x and y of one direction in degrees.
    func project(_ frame: MapFrame, _ lon: Double, _ lat: Double) throws -> (x: Double, y: Double) {
        let transformer = try frame.makeTransformer()
        var (x, y) = ([0.0], [0.0])
        var xs = x.mutableSpan
        var ys = y.mutableSpan
        let (lons, lats) = ([lon * .pi / 180], [lat * .pi / 180])
        transformer.project(lonRad: lons.span, latRad: lats.span, x: &xs, y: &ys)
        return (xs[0], ys[0])
    }

    /// The direction in degrees of one place.
    func unproject(_ frame: MapFrame, _ x: Double, _ y: Double) throws -> (lon: Double, lat: Double) {
        let transformer = try frame.makeTransformer()
        var (lon, lat) = ([0.0], [0.0])
        var lons = lon.mutableSpan
        var lats = lat.mutableSpan
        let (xs, ys) = ([x], [y])
        transformer.unproject(x: xs.span, y: ys.span, lonRad: &lons, latRad: &lats)
        return (lons[0] * 180 / .pi, lats[0] * 180 / .pi)
    }

    /// As flat as no body is, where PROJ's formulas lose all digits.
    @Test func needlesAreNoBodies() throws {
        let text = "+proj=laea +lat_0=-90 +lon_0=0 +a=3396190 +b="
        #expect(throws: FrameError.self) { try frame(text + "3", "Mars") }
        let flat = try frame(text + "1700000", "Mars")
        let place = try project(flat, 20, -70)
        let back = try unproject(flat, place.x, place.y)
        #expect(abs(back.lon - 20) < 1e-9 && abs(back.lat + 70) < 1e-9)
    }

    @Test func projectionsAgreeWithTheirFormulas() throws {
        var frames: [String: MapFrame] = [:]
        var seen: [MapProjection: Int] = [:]
        for row in try Table.rows("projections.txt") {
            let frame = try frames[row[0]] ?? self.frame(row[0], row[1])
            frames[row[0]] = frame
            let numbers = row.dropFirst(2).compactMap { Double($0) }
            try #require(numbers.count == 4, "\(row)")
            let (x, y) = try project(frame, numbers[0], numbers[1])
            guard numbers[2].isFinite else {
                #expect(x.isNaN && y.isNaN, "\(row): \(x) \(y)")
                continue
            }
            // A nanodegree of the body's circumference; where a map magnifies, of the map's size.
            let size = max(
                frame.projection == .geographic ? 1 : frame.radiusMetres, abs(numbers[2]), abs(numbers[3]))
            let tolerance = frame.projection == .geographic ? 1e-11 : 1e-11 * size
            var gap = abs(x - numbers[2])
            if let period = frame.periodX { gap = abs(remainder(x - numbers[2], period)) }
            #expect(gap <= tolerance && abs(y - numbers[3]) <= tolerance, "\(row): \(x) \(y)")
            seen[frame.projection, default: 0] += 1
        }
        #expect(Set(seen.keys).union([.stereographic]) == Set(MapProjection.allCases))
    }

    @Test func theInverseGoesBack() throws {
        var frames: [String: MapFrame] = [:]
        for row in try Table.rows("projections.txt") {
            let frame = try frames[row[0]] ?? self.frame(row[0], row[1])
            frames[row[0]] = frame
            let numbers = row.dropFirst(2).compactMap { Double($0) }
            guard numbers[2].isFinite else { continue }
            let (lon, lat) = try unproject(frame, numbers[2], numbers[3])
            // What matters is the place: longitudes near a pole are worth little, and horizons are tangents.
            let (x, y) = try project(frame, lon, lat)
            let size = max(
                frame.projection == .geographic ? 360 : frame.radiusMetres, abs(numbers[2]), abs(numbers[3]))
            var gap = abs(x - numbers[2])
            if let period = frame.periodX { gap = abs(remainder(x - numbers[2], period)) }
            #expect(gap <= 3e-8 * size && abs(y - numbers[3]) <= 3e-8 * size, "\(row): \(lon) \(lat)")
            #expect((0...360).contains(lon), "\(row)")
            let isTangent = [.orthographic, .pointPerspective, .mollweide, .gnomonic].contains(
                frame.projection)
            if !isTangent, abs(numbers[1]) < 89 {
                #expect(abs(lat - numbers[1]) < 2e-7, "\(row): \(lat)")
                #expect(abs(remainder(lon - numbers[0], 360)) < 1e-6, "\(row): \(lon)")
            }
        }
    }

    @Test func placesOutsideOfTheMapAreNowhere() throws {
        for row in try Table.rows("projections_outside.txt") {
            let numbers = row.dropFirst(2).compactMap { Double($0) }
            let (lon, lat) = try unproject(frame(row[0], row[1]), numbers[0], numbers[1])
            #expect(lon.isNaN && lat.isNaN, "\(row): \(lon) \(lat)")
        }
    }

    @Test func directionsThatAreNoneAreNowhere() throws {
        for code in [
            "IAU_2015:49900", "IAU_2015:49910", "IAU_2015:49920", "IAU_2015:49930", "IAU_2015:49950",
        ] {
            let frame = try frame(code)
            for (lon, lat) in [(0, 90.001), (0, -91), (0, .nan), (.nan, 0), (.infinity, 0), (0, .infinity)] {
                let (x, y) = try project(frame, lon, lat)
                #expect(x.isNaN && y.isNaN, "\(code) \(lon) \(lat): \(x) \(y)")
            }
            for (x, y) in [(Double.nan, 0.0), (0, .nan), (.infinity, 0), (0, -.infinity)] {
                let (lon, lat) = try unproject(frame, x, y)
                #expect(lon.isNaN && lat.isNaN, "\(code) \(x) \(y): \(lon) \(lat)")
            }
        }
    }
}
