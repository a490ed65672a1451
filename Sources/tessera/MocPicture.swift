import Glibc
import HEALPix
import MOC
import Tiles

/// A picture of a coverage on a map.
struct MocPicture {
    let coverage: MOC
    let map: MapProjection
    let background: HiPSBackground?
    /// 0xRRGGBB.
    let colour: UInt32
    let opacity: Double

    /// Where a pixel of the map is.
    private struct Spot {
        var isCovered = false
        /// The number of the square of 30 x 30 degrees.
        var square = -1
    }

    /// Draws the body, the coverage with its border, and a graticule of 30 degrees; outside the map it is transparent.
    func drawn() throws -> Picture {
        // Cells are drawn at least as large as a pixel.
        var level = 0
        while level < 29, 1.02 / Double(Int64(1) << Int64(level)) > map.pixelRad { level += 1 }
        let shown = Order(level).map { coverage.degraded(to: $0) } ?? coverage
        var spots = [Spot](repeating: Spot(), count: map.width * map.height)
        var samples = [UInt8](repeating: 0, count: 4 * spots.count)
        for row in 0..<map.height {
            for column in 0..<map.width {
                guard let direction = map.direction(column, row) else { continue }
                let place = row * map.width + column
                var spot = Spot()
                spot.isCovered =
                    Cell(containing: direction, order: .maximum).map { shown.contains($0) } ?? false
                let turned = direction.normalised ?? direction
                spot.square = Int(turned.lonDeg / 30) * 8 + Int((turned.latDeg + 90) / 30)
                spots[place] = spot
                let grey: UInt8 = background == nil ? 214 : 40
                let below = try background?.colour(direction) ?? (grey, grey, grey)
                put(&samples, place, below, alpha: 255)
            }
        }
        paint(spots, &samples)
        return Picture(width: map.width, height: map.height, channels: 4, samples: samples)
    }

    private func paint(_ spots: [Spot], _ samples: inout [UInt8]) {
        let ink = (UInt8(colour >> 16 & 255), UInt8(colour >> 8 & 255), UInt8(colour & 255))
        for row in 0..<map.height {
            for column in 0..<map.width {
                let place = row * map.width + column
                let spot = spots[place]
                guard spot.square >= 0 else { continue }
                let right = column + 1 < map.width ? spots[place + 1] : spot
                let lower = row + 1 < map.height ? spots[place + map.width] : spot
                let isLine = [right, lower].contains { $0.square >= 0 && $0.square != spot.square }
                let isBorder = [right, lower].contains { $0.square >= 0 && $0.isCovered != spot.isCovered }
                if isBorder {
                    put(&samples, place, ink, alpha: 255)
                    continue
                }
                if spot.isCovered { blend(&samples, place, ink, opacity) }
                if isLine { blend(&samples, place, (255, 255, 255), 0.45) }
            }
        }
    }

    private func put(_ samples: inout [UInt8], _ place: Int, _ colour: (UInt8, UInt8, UInt8), alpha: UInt8) {
        samples[4 * place] = colour.0
        samples[4 * place + 1] = colour.1
        samples[4 * place + 2] = colour.2
        samples[4 * place + 3] = alpha
    }

    private func blend(
        _ samples: inout [UInt8], _ place: Int, _ colour: (UInt8, UInt8, UInt8), _ share: Double
    ) {
        func mixed(_ below: UInt8, _ above: UInt8) -> UInt8 {
            UInt8((Double(below) * (1 - share) + Double(above) * share).rounded())
        }
        put(
            &samples, place,
            (
                mixed(samples[4 * place], colour.0), mixed(samples[4 * place + 1], colour.1),
                mixed(samples[4 * place + 2], colour.2)
            ), alpha: 255)
    }
}
