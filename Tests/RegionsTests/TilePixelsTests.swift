import HEALPix
import MOC
import Regions
import Testing

@Suite struct TilePixelsTests {
    /// Pixels that look random, the same in each run.
    private func counts(_ x: Int, _ y: Int, _ share: UInt32) -> Bool {
        var hash = UInt32(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663)
        hash = (hash ^ hash >> 15) &* 0x2C1B_3C6D
        hash = (hash ^ hash >> 12) &* 0x297A_2D39
        return (hash ^ hash >> 15) % 100 < share
    }

    @Test(arguments: [0, 1, 4, 6, 8, 9, 12], [1, 30, 97] as [UInt32])
    func cellsAreThoseOfThePixels(_ level: Int, _ share: UInt32) throws {
        let order = try #require(Order(level))
        let (tileOrder, width) = (Order(3)!, 32)
        let pixelOrder = Order(8)!
        let tile = try #require(Cell(order: tileOrder, npix: 397))
        var pixels: [Cell] = []
        for x in 0..<width {
            for y in 0..<width where counts(x, y, share) {
                pixels.append(
                    try #require(
                        Cell(
                            order: pixelOrder, face: tile.face, x: tile.x * Int64(width) + Int64(x),
                            y: tile.y * Int64(width) + Int64(y))))
            }
        }
        let exact = MOC(order: pixelOrder, cells: pixels)
        func ranges(_ mode: CellMode) throws -> [Range<Int64>] {
            try #require(TilePixels(tileOrder: tileOrder, width: width, order: order, mode: mode))
                .ranges(of: tile) { counts($0, $1, share) }
        }
        let wide = try ranges(.inclusive)
        #expect(MOC(order: .maximum, covering: wide).ranges == exact.degraded(to: order).ranges)
        for (one, next) in zip(wide, wide.dropFirst()) { #expect(one.upperBound < next.lowerBound) }
        // Memory goes by cells.
        let cellsOfTile = max(1, 1 << (2 * (level - tileOrder.value)))
        #expect(wide.count <= (min(cellsOfTile, width * width) + 1) / 2)
        let centred = try ranges(.centre)
        guard level < pixelOrder.value else {
            #expect(centred == wide)
            return
        }
        // The four pixels around the centre of a cell are the last of its first quarter, and so on inwards.
        let cells = exact.degraded(to: order).flatCells.filter { number in
            let cell = Cell(order: order, npix: number)!
            let half = Int64(1) << Int64(pixelOrder.value - level - 1)
            return [(half - 1, half - 1), (half, half - 1), (half - 1, half), (half, half)].contains {
                let pixel = Cell(
                    order: pixelOrder, face: cell.face, x: 2 * half * cell.x + $0.0,
                    y: 2 * half * cell.y + $0.1)
                return pixel.map { exact.contains($0) } ?? false
            }
        }
        #expect(
            MOC(order: .maximum, covering: centred).ranges
                == MOC(order: order, cells: cells.compactMap { Cell(order: order, npix: $0) }).ranges)
    }

    @Test func aChessboardIsOneRange() throws {
        let pixels = try #require(
            TilePixels(tileOrder: Order(5)!, width: 512, order: Order(8)!, mode: .inclusive))
        let tile = try #require(Cell(order: 5, npix: 7000))
        var asked = 0
        let ranges = pixels.ranges(of: tile) { x, y in
            asked += 1
            return (x + y) % 2 == 1
        }
        #expect(ranges == [tile.range])
        // Of a cell that is covered no other pixel is looked at.
        #expect(asked == 2 * 64)
    }

    @Test func widthsArePowersOf2() {
        let maximum = Order.maximum
        #expect(TilePixels(tileOrder: .zero, width: 0, order: maximum, mode: .centre) == nil)
        #expect(TilePixels(tileOrder: .zero, width: 96, order: maximum, mode: .centre) == nil)
        #expect(TilePixels(tileOrder: Order(20)!, width: 512, order: .zero, mode: .centre) != nil)
        #expect(TilePixels(tileOrder: Order(21)!, width: 512, order: .zero, mode: .centre) == nil)
    }
}
