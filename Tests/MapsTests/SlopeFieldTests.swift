import Foundation
import PlanetaryFrames
import Testing

@testable import Maps

/// Slopes of values that are known everywhere, against those of the formula.
@Suite struct SlopeFieldTests {
    /// A field of longitude rises the more steeply the nearer it is to a pole, also where pixels are placed one by one: in
    /// narrow windows and along the edge of the globe.
    @Test(arguments: [
        (20, 59.8, 32, 60.2, 30, 4), (20, 88.8, 32, 89.2, 30, 4), (-180, 60, 180, 90, 360, 30),
        (-180, -90, 180, 90, 512, 256),
    ])
    func longitude(_ box: (Double, Double, Double, Double, Int, Int)) throws {
        let layer = try FieldMap(order: 0, plane).layer(order: 0)
        let window = try Mars.window("IAU_2015:49900", (box.0, box.1, box.2, box.3), box.4, box.5).widened
        let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 20))
        let placement = try renderer.place(layer, window, averages: false, wantsSteps: true) { false }
        #expect(
            placement.patches.contains { patch in
                if case .exact = patch.content { true } else { false }
            })
        var values = [Float](repeating: .nan, count: window.width * window.height)
        for row in 0..<window.height where abs(window.y(row: Double(row))) <= 90 {
            for column in 0..<window.width {
                values[row * window.width + column] = Float(
                    10_000 * window.x(column: Double(column)) * .pi / 180)
            }
        }
        let radius = layer.body.sphereRadiusMetres
        let found = try SlopeField(
            values, width: window.width, height: window.height, placement: placement, radiusMetres: radius,
            metresPerValue: 1
        ).steepness(exaggeration: 1)
        // Between their nodes places are interpolated, to a twentieth of a pixel.
        for row in 1..<window.height - 1 {
            let latitude = window.y(row: Double(row)) * .pi / 180
            let expected = atan(10_000 / (radius * cos(latitude))) * 180 / .pi
            for column in 1..<window.width - 1 {
                let slope = Double(found[row * window.width + column])
                #expect(abs(slope - expected) <= 0.02 * expected, "\(column), \(row)")
            }
        }
    }
}
