import GridCoverages
import Maps
import Testing

@Suite("Coverage grids")
struct GridTests {
    /// Ten by four pixels of two units, from (-10, 4) on.
    private let grid = CoverageGrid(
        originX: -10, originY: 4, pixelWidth: 2, pixelHeight: 2, width: 10, height: 4)

    @Test("Boxes along edges of pixels give these pixels, in spite of rounding")
    func edges() throws {
        let found = try #require(
            grid.pixels(of: MapBox(minX: -4.0000001, minY: 0.0000001, maxX: 2.0000001, maxY: 4)))
        #expect(found == CoveragePixels(columns: 3..<6, rows: 0..<2))
        #expect(grid.box(of: found) == MapBox(minX: -4, minY: 0, maxX: 2, maxY: 4))
    }

    @Test("Pixels count whose centres lie inside, and one at least")
    func centres() {
        // The centres of columns 3 and 4 are -3 and -1.
        #expect(
            grid.pixels(of: MapBox(minX: -3.5, minY: -4, maxX: -0.5, maxY: 4))?.columns == 3..<5)
        #expect(grid.pixels(of: MapBox(minX: -2.9, minY: -4, maxX: -1.1, maxY: 4))?.columns == 4..<5)
        #expect(grid.pixels(of: MapBox(minX: -2.7, minY: 3, maxX: -2.7, maxY: 3))?.columns == 3..<4)
    }

    @Test("What reaches beyond is cut, what lies outside is none")
    func beyond() {
        #expect(grid.pixels(of: MapBox(minX: -100, minY: -100, maxX: 100, maxY: 100)) == grid.pixels)
        #expect(grid.pixels(of: MapBox(minX: 11, minY: -4, maxX: 20, maxY: 4)) == nil)
        #expect(grid.pixels(of: MapBox(minX: 0, minY: -9, maxX: 1, maxY: -5)) == nil)
        #expect(grid.pixels(of: MapBox(minX: .nan, minY: -9, maxX: 1, maxY: 5)) == nil)
    }
}
