import Pixels
import Testing

@testable import Maps

/// Tiles against interpolation as it is defined, in doubles.
@Suite struct ColourTileTests {
    static let width = 16

    static func level(_ i: Int) -> UInt8 { UInt8(truncatingIfNeeded: (i &* 2_654_435_761) >> 13) }

    static let colours: [RGBA8] = (0..<width * width).map { i in
        RGBA8(red: level(3 * i), green: level(3 * i + 1), blue: level(3 * i + 2))
    }

    /// Places in the tile, in samples from its outer edge, 33 of them: an odd number, so that one is left over.
    static let places: [(x: Double, y: Double)] = (0..<33).map { i in
        let x = Double(i * 37 % 101) / 101
        let y = Double(i * 53 % 97) / 97
        return (x: 0.5 + 14.9 * x, y: 0.5 + 14.9 * y)
    }

    static func interpolated(_ place: (x: Double, y: Double), _ value: (Int) -> Double) -> Double {
        let (x, y) = (place.x - 0.5, place.y - 0.5)
        let (row, column) = (Int(x), Int(y))
        let (fx, fy) = (x - Double(row), y - Double(column))
        let at = row * width + column
        let upper: Double = value(at) * (1 - fy) + value(at + 1) * fy
        let lower: Double = value(at + width) * (1 - fy) + value(at + width + 1) * fy
        return upper * (1 - fx) + lower * fx
    }

    static func draw<Tile: SampleTile>(
        _ tile: Tile, _ places: [(x: Double, y: Double)], origin: Double
    ) -> [Tile.Sample.Drawn] {
        var out = [Tile.Sample.Drawn](repeating: Tile.Sample.nothing, count: places.count)
        tile.draw(
            x: places.map { $0.x + origin }, originX: origin, y: places.map { $0.y + origin },
            originY: origin, count: places.count, into: &out)
        return out
    }

    @Test func opaqueColoursAreInterpolated() {
        let bytes = Self.colours.flatMap { [$0.channels.x, $0.channels.y, $0.channels.z] }
        let tiles = [
            ColourTile(width: Self.width, opaque: bytes),
            ColourTile(width: Self.width, blank: .defaultBlank) {
                $0.update(from: Self.colours, count: Self.colours.count)
            },
        ]
        for tile in tiles {
            #expect(tile.blank == nil && tile.byteCount < 4 * Self.width * Self.width)
            #expect((0..<Self.width * Self.width).allSatisfy { tile.sample(at: $0) == Self.colours[$0] })
            for (found, place) in zip(Self.draw(tile, Self.places, origin: 512), Self.places) {
                #expect(found.channels.w == 255)
                for channel in 0..<3 {
                    let wanted = Self.interpolated(place) { Double(Self.colours[$0].channels[channel]) }
                    // Half a level of rounding, and places of 1/512 of a sample between levels 255 apart, twice.
                    #expect(abs(Double(found.channels[channel]) - wanted) <= 1.51)
                }
            }
            // In the middle of samples there is nothing to mix.
            let middles = (0..<15).map { i in (x: Double(i) + 0.5, y: Double(14 - i) + 0.5) }
            for (i, found) in Self.draw(tile, middles, origin: 0).enumerated() {
                #expect(found == Self.colours[i * Self.width + 14 - i])
            }
            var halved = [RGBA8](repeating: .defaultBlank, count: 64)
            var wanted = halved
            tile.halve(into: &halved, outStride: 8)
            RGBA8.halve(Self.colours, width: 8, height: 8, blank: nil, into: &wanted, outStride: 8)
            #expect(halved == wanted)
        }
    }

    @Test func transparentColoursKeepTheirFourthChannel() {
        var colours = Self.colours
        colours[5].channels.w = 128
        let veiled = ColourTile(width: Self.width, blank: .defaultBlank) {
            $0.update(from: colours, count: colours.count)
        }
        #expect(veiled.blank == nil && veiled.sample(at: 5) == colours[5])
        #expect(Self.draw(veiled, [(0.5, 5.5)], origin: 0)[0] == colours[5])
        colours[5] = .defaultBlank
        let holed = ColourTile(width: Self.width, blank: .defaultBlank) {
            $0.update(from: colours, count: colours.count)
        }
        #expect(holed.blank != nil)
        #expect(Self.draw(holed, [(0.5, 5.5), (0.5, 8.5)], origin: 0) == [.defaultBlank, colours[8]])
    }

    @Test func integersAreInterpolatedLikeDoubles() {
        let values = (0..<Self.width * Self.width).map { Int16(truncatingIfNeeded: $0 &* 40503) }
        let tile = DecodedTile<Int16>(width: Self.width, blank: .min) {
            $0.update(from: values, count: values.count)
        }
        for (found, place) in zip(Self.draw(tile, Self.places, origin: 1024), Self.places) {
            // Places count in 65536ths of a sample.
            #expect(abs(Double(found) - Self.interpolated(place) { Double(values[$0]) }) < 1.1)
        }
        let levels = values.indices.map { Self.level($0) }
        let bytes = DecodedTile<UInt8>(width: Self.width, blank: nil) {
            $0.update(from: levels, count: levels.count)
        }
        for (found, place) in zip(Self.draw(bytes, Self.places, origin: 0), Self.places) {
            #expect(abs(Double(found) - Self.interpolated(place) { Double(levels[$0]) }) < 0.01)
        }
    }
}
