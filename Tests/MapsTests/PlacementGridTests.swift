import Foundation
import HEALPix
import PlanetaryFrames
import Testing

@testable import Maps

/// The places that are interpolated over patches, against the direction that PROJ's inverse gives for each pixel: where a
/// pixel is looked for, whatever is found there.
@Suite struct PlacementGridTests {
    /// Unit vector of a place in a face, both coordinates from 0 to 1 (Górski et al. 2005, section 5, solved for the place).
    private func vector(_ face: Int, _ x: Double, _ y: Double) -> SIMD3<Double> {
        let (ring, quarter) = (
            [2.0, 3, 4][face / 4], Double([2 * face + 1, 2 * face, 2 * face + 1][face / 4] % 8)
        )
        let down = ring - x - y
        let (cap, z): (Double, Double)
        if down < 1 {
            (cap, z) = (down, 1 - down * down / 3)
        } else if down > 3 {
            (cap, z) = (4 - down, (4 - down) * (4 - down) / 3 - 1)
        } else {
            (cap, z) = (1, (2 - down) * 2 / 3)
        }
        let lon = .pi / 4 * (cap > 0 ? (quarter * cap + x - y) / cap : 0)
        let across = max(0, 1 - z * z).squareRoot()
        return SIMD3(across * cos(lon), across * sin(lon), z)
    }

    private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

    /// The largest distance in pixels between where a pixel is looked for and where it lies, and how many were looked for.
    private func worst(_ window: MapWindow) throws -> (Double, Int) {
        let layer = try PlacementTests.layer
        let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 20))
        let placement = try renderer.place(layer, window, averages: false) { false }
        var sampler = LayerSampler<Float>(
            source: TileSource(layer: layer, cache: renderer.tiles), order: 2, longestRow: window.width,
            parts: 1)
        func exact(_ column: Double, _ row: Double) throws -> SIMD3<Double>? {
            let found = try window.crs.direction(x: window.x(column: column), y: window.y(row: row))
            return found.map { (lon, lat) in
                let (l, b) = (lon * .pi / 180, lat * .pi / 180)
                return SIMD3(cos(b) * cos(l), cos(b) * sin(l), sin(b))
            }
        }
        var (worst, looked) = (0.0, 0)
        for patch in placement.patches {
            for row in patch.rows {
                guard let chart = sampler.prepare(patch, row) else { continue }
                for (i, column) in patch.columns.enumerated() {
                    let place = sampler.place(i, chart)
                    guard place.face >= 0, let truth = try exact(Double(column), Double(row)) else {
                        continue
                    }
                    looked += 1
                    let found = vector(place.face, place.x / sampler.side, place.y / sampler.side)
                    let beside = try (
                        exact(Double(column) + 0.5, Double(row)), exact(Double(column) - 0.5, Double(row))
                    )
                    let below = try (
                        exact(Double(column), Double(row) + 0.5), exact(Double(column), Double(row) - 0.5)
                    )
                    guard let east = beside.0, let west = beside.1, let south = below.0, let north = below.1
                    else {
                        continue
                    }
                    // Where a map is drawn apart, as at the poles of cylindrical ones, there is less to be seen along it.
                    let (across, down) = (length(east - west), length(south - north))
                    let pixel = min(max(across, down / 4), max(down, across / 4))
                    worst = max(worst, length(found - truth) / pixel)
                }
            }
        }
        return (worst, looked)
    }

    @Test(arguments: try Mars.systems.advertised.map(\.identifier.description))
    func wholeGlobe(_ identifier: String) throws {
        let crs = try Mars.systems.parse(identifier).crs
        let height = max(1, Int((300 * crs.domain.height / crs.domain.width).rounded()))
        let window = try MapWindow(crs: crs, box: crs.domain, width: 300, height: height)
        let (worst, looked) = try worst(window)
        #expect(worst < 0.25)
        #expect(looked > 150 * height)
    }

    @Test(arguments: PlacementTests.closeWindows)
    func windows(_ crs: String, _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) throws {
        for side in [90, 256, 517] {
            let (worst, looked) = try worst(Mars.window(crs, (x0, y0, x1, y1), side, side))
            #expect(worst < 0.25)
            #expect(looked == side * side)
        }
    }
}
