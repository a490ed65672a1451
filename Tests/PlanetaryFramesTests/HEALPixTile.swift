import Foundation

@testable import PlanetaryFrames

/// A tile of HEALPix pixels: Gorski et al. 2005, section 5, as the tests' own source of directions.
struct HEALPixTile: CustomStringConvertible {
    static let size = 512

    let order: Int
    let face: Int
    let x: Int
    let y: Int

    var description: String { "tile \(order)/\(face)/\(x),\(y)" }

    /// Pixels along a side of a face.
    var side: Double { Double((1 << order) * Self.size) }
    /// The side of a pixel in radians.
    var pixelRad: Double { (4 * Double.pi / 12).squareRoot() / side }

    /// Longitude and latitude in radians of a place in pixels of the tile.
    func direction(_ i: Double, _ j: Double) -> (lon: Double, lat: Double) {
        let rings = [2.0, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]
        let meridians = [1.0, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7]
        let (px, py) = (Double(x * Self.size) + i, Double(y * Self.size) + j)
        let ring = rings[face] * side - px - py
        let isNorth = ring < side
        let isSouth = ring > 3 * side
        let count = isNorth ? ring : isSouth ? 4 * side - ring : side
        let lat: Double
        if isNorth || isSouth {
            let colatitude = 2 * asin(count / (side * 6.0.squareRoot()))
            lat = isNorth ? .pi / 2 - colatitude : colatitude - .pi / 2
        } else {
            lat = asin((2 * side - ring) * 2 / (3 * side))
        }
        return ((meridians[face] * count + px - py) * .pi / (4 * count), lat)
    }

    /// Centres of pixels, as a grid asks for them.
    func directions(
        _ i: Span<Int32>, _ j: Span<Int32>, _ lonRad: inout MutableSpan<Double>,
        _ latRad: inout MutableSpan<Double>
    ) {
        for index in 0..<i.count {
            (lonRad[index], latRad[index]) = direction(Double(i[index]) + 0.5, Double(j[index]) + 0.5)
        }
    }

    /// The tile of an order whose middle is nearest to a direction in degrees.
    static func nearest(order: Int, lon: Double, lat: Double) -> HEALPixTile {
        let target = Direction(lonRad: lon * .pi / 180, latRad: lat * .pi / 180)
        let side = 1 << order
        var best = (angle: Double.infinity, tile: HEALPixTile(order: order, face: 0, x: 0, y: 0))
        for face in 0..<12 {
            for x in 0..<side {
                for y in 0..<side {
                    let tile = HEALPixTile(order: order, face: face, x: x, y: y)
                    let (lon, lat) = tile.direction(256, 256)
                    let angle = Direction(lonRad: lon, latRad: lat).angle(to: target)
                    if angle < best.angle { best = (angle, tile) }
                }
            }
        }
        return best.tile
    }
}
