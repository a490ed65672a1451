import Foundation
import PlanetaryFrames
import HEALPix
import HiPS
import Maps
import Testing

/// Values of a field that is known everywhere, against the field at the place that PROJ's inverse gives for each pixel.
@Suite struct PlacementTests {
    private static let built = Result { try FieldMap(order: 2, plane) }
    private static let opened = Result { try built.get().layer(order: 2) }
    static var map: FieldMap { get throws { try built.get() } }
    static var layer: MapLayer { get throws { try opened.get() } }
    let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 26))

    /// The largest difference in pixels of the picture, and how many pixels are drawn.
    func check(_ window: MapWindow, _ layer: MapLayer, offsetDeg: Double = 0) throws -> (Double, Int) {
        let grid = try renderer.values(layer, window: window)
        var (worst, drawn) = (0.0, 0)
        for row in 0..<window.height {
            for column in 0..<window.width {
                let value = Double(grid.values[row * window.width + column])
                let place = try window.crs.direction(
                    x: window.x(column: Double(column)), y: window.y(row: Double(row)))
                guard let (lon, lat) = place else {
                    #expect(value.isNaN, "outside of the globe at \(column), \(row)")
                    continue
                }
                guard !value.isNaN else {
                    Issue.record("a hole at \(column), \(row) of \(window.crs.identifier)")
                    return (.infinity, drawn)
                }
                drawn += 1
                worst = max(
                    worst, abs(value - plane(Direction(lonDeg: lon - offsetDeg, latDeg: lat))))
            }
        }
        // The field changes by at most 949 in a radian. Between samples that are farther apart than pixels, and not on a
        // straight lattice where faces meet, interpolation bends it by a part of their distance.
        let metres = max(window.pixelWidth, window.pixelHeight) * window.crs.metresPerUnit
        let pixel = max(metres / window.crs.frame.radiusMetres, layer.pixelScaleDegrees * .pi / 180)
        return (worst / 949 / pixel, drawn)
    }

    @Test(arguments: try Mars.systems.advertised.map(\.identifier.description))
    func wholeGlobe(_ identifier: String) throws {
        let crs = try Mars.systems.parse(identifier).crs
        let box = crs.domain
        let width = 120
        let height = max(1, Int((Double(width) * box.height / box.width).rounded()))
        let window = try MapWindow(crs: crs, box: box, width: width, height: height)
        let (worst, drawn) = try check(window, Self.layer)
        #expect(worst < 0.25)
        #expect(drawn > width * height / 2)
    }

    /// Several turns, whose quarters are whole turns again.
    @Test(arguments: [4.0, 8.0])
    func turns(_ turns: Double) throws {
        let window = try Mars.window("IAU_2015:49900", (-180 * turns, -1, 180 * turns, 1), 256, 16)
        let (worst, drawn) = try check(window, Self.layer)
        #expect(worst < 0.25 && drawn == 256 * 16)
    }

    /// Systems and boxes where something can go wrong.
    static let closeWindows: [(String, Double, Double, Double, Double)] = [
        // The seam, both ways of writing it.
        ("IAU_2015:49900", 170.0, -10.0, 190.0, 10.0), ("IAU_2015:49900", 350, 35, 370, 55),
        ("IAU_2015:49901", -10, -80, 10, -60), ("IAU_2015:49902", 80, 60, 100, 90),
        // Poles, and corners where three faces meet.
        ("IAU_2015:49930", -300_000, -300_000, 300_000, 300_000),
        ("IAU_2015:49935", -1_000_000, -900_000, 900_000, 1_000_000),
        ("IAU_2015:49900", 85, 36, 95, 46), ("IAU_2015:49900", -5, -47, 5, -37),
        ("IAU_2015:49910", 2_600_000, 2_400_000, 2_700_000, 2_500_000),
    ]

    @Test(arguments: closeWindows)
    func windows(_ crs: String, _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) throws {
        let window = try Mars.window(crs, (x0, y0, x1, y1), 90, 90)
        let (worst, drawn) = try check(window, Self.layer)
        // A quarter for where it is looked for (`PlacementGridTests`); the rest is what lies between samples.
        #expect(worst < 0.35)
        #expect(drawn == 8100)
    }

    /// Maps of others may begin their longitudes elsewhere.
    @Test func longitudeOffset() throws {
        let note = AdoptionNote(
            source: "test", root: nil, body: "mars", lonOffsetDegrees: 180, date: "2026-01-01T00:00Z")
        let layer = try Self.map.layer(order: 2, note: note)
        let window = try Mars.window("IAU_2015:49900", (-60, -50, 60, 50), 60, 50)
        let (worst, _) = try check(window, layer, offsetDeg: 180)
        #expect(worst < 0.25)
    }

    /// A picture of the whole globe in a few pixels is a mean, not a sample.
    @Test func averagedBelowOrderZero() throws {
        var flip = false
        let map = try FieldMap(order: 0) { d in
            flip.toggle()
            return plane(d) + (flip ? 500 : -500)
        }
        let window = try Mars.window("IAU_2015:49900", (-180, -90, 180, 90), 24, 12)
        let grid = try renderer.values(try map.layer(order: 0), window: window)
        for row in 2..<10 {
            for column in 0..<24 {
                let (lon, lat) = try #require(
                    try window.crs.direction(
                        x: window.x(column: Double(column)), y: window.y(row: Double(row))))
                let truth = plane(Direction(lonDeg: lon, latDeg: lat))
                #expect(abs(Double(grid.values[row * 24 + column]) - truth) < 60)
            }
        }
    }

    @Test func stopsWhenNobodyWaits() throws {
        let window = try Mars.window("IAU_2015:49900", (-180, -90, 180, 90), 50, 50)
        #expect(throws: MapsError.self) {
            _ = try renderer.values(Self.layer, window: window, cancelled: { true })
        }
    }
}
