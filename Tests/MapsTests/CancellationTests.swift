import HEALPix
import HiPS
import PlanetaryFrames
import Synchronization
import Testing
import Tiles

@testable import Maps

/// Work that nobody waits for any more ends soon.
@Suite struct CancellationTests {
    private let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 26))

    private static func isCancellation(_ error: any Error) -> Bool {
        if case MapsError.cancelled = error { true } else { false }
    }

    /// After sampling there are slopes, light and colours: whenever the client goes, the rest is not done.
    @Test(arguments: ["default", "hillshade", "relief"])
    func drawing(_ style: String) throws {
        let layer = try FieldMap(order: 0, plane).layer(order: 0)
        let window = try Mars.window("IAU_2015:49900", (-10, -10, 10, 10), 40, 40)
        let drawing = LayerDrawing(layer: layer, style: try MapStyle.parse(style, layer: layer))
        let asked = Atomic(0)
        _ = try renderer.draw([drawing], window: window) {
            asked.add(1, ordering: .relaxed)
            return false
        }
        let all = asked.load(ordering: .relaxed)
        let sampling = Atomic(0)
        _ = try renderer.values(layer, window: style == "default" ? window : window.widened) {
            sampling.add(1, ordering: .relaxed)
            return false
        }
        #expect(all > sampling.load(ordering: .relaxed))
        for moment in 0..<all {
            asked.store(0, ordering: .relaxed)
            #expect {
                _ = try renderer.draw([drawing], window: window) {
                    asked.add(1, ordering: .relaxed).oldValue >= moment
                }
            } throws: {
                Self.isCancellation($0)
            }
        }
    }

    @Test(arguments: [MapFormat.png, .png8, .jpeg, .webp])
    func encoding(_ format: MapFormat) throws {
        let samples = (0..<64 * 64 * 4).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 5) }
        let picture = Picture(width: 64, height: 64, channels: 4, samples: samples)
        let asked = Atomic(0)
        let bytes = try MapEncoder().encode(picture, as: format) {
            asked.add(1, ordering: .relaxed)
            return false
        }
        #expect(try bytes == MapEncoder().encode(picture, as: format))
        let all = asked.load(ordering: .relaxed)
        #expect(all >= (format == .png8 ? 4 : 2))
        for moment in 0..<all {
            asked.store(0, ordering: .relaxed)
            #expect {
                _ = try MapEncoder().encode(picture, as: format) {
                    asked.add(1, ordering: .relaxed).oldValue >= moment
                }
            } throws: {
                Self.isCancellation($0)
            }
        }
    }

    /// The first map of the whole globe from a HiPS without tiles of low orders reads all of its tiles.
    @Test func tilesOfDeepOrders() throws {
        let whole = try FieldMap(order: 3, plane)
        let map = FieldMap(
            files: whole.files.filter { file, _ in
                if case .tile(let cell, _) = file { cell.order.value == 3 } else { false }
            })
        let layer = try map.layer(order: 3, more: ["hips_order_min": "3"])
        let window = try Mars.window("IAU_2015:49900", (-180, -90, 180, 90), 8, 4)
        func reads() -> Int { map.reads.withLock { $0.values.reduce(0, +) } }
        let before = reads()
        #expect {
            _ = try renderer.values(layer, window: window) { reads() >= before + 10 }
        } throws: {
            Self.isCancellation($0)
        }
        #expect(reads() <= before + 11)
        // What was given up is drawn for the next one.
        let grid = try renderer.values(layer, window: window)
        #expect(grid.values.allSatisfy { !$0.isNaN } && reads() >= before + 768)
    }
}
