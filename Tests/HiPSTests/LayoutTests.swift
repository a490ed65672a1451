import HEALPix
import HiPS
import Testing

@Suite struct LayoutTests {
    /// HiPS 1.0, section 4.3.2 gives 27 x 29 at order 3; the others follow from its rule.
    @Test(arguments: [(0, 3, 4), (1, 6, 8), (2, 13, 15), (3, 27, 29), (4, 55, 56), (6, 221, 223)])
    func columnsAndRows(_ order: Int, _ columns: Int, _ rows: Int) throws {
        let layout = AllskyLayout(order: try #require(Order(order)))
        #expect(layout.columns == columns)
        #expect(layout.rows == rows)
        #expect(layout.side == 64)
        #expect(layout.width == 64 * columns)
        #expect(layout.height == 64 * rows)
    }

    @Test func positions() throws {
        let layout = AllskyLayout(order: try #require(Order(3)), tileWidth: 32)
        #expect(layout.side == 32)
        #expect(layout.position(of: 0)! == (0, 0))
        #expect(layout.position(of: 26)! == (26, 0))
        #expect(layout.position(of: 27)! == (0, 1))
        #expect(layout.position(of: 767)! == (11, 28))
        #expect(layout.position(of: 768) == nil)
        #expect(layout.position(of: -1) == nil)
    }

    @Test func everyOrderHoldsAllItsTiles() throws {
        for number in 0...29 {
            let order = try #require(Order(number))
            let layout = AllskyLayout(order: order)
            let (columns, rows, count) = (layout.columns, layout.rows, Int(order.cellCount))
            #expect(columns * columns <= count && (columns + 1) * (columns + 1) > count)
            #expect(columns * rows >= count && columns * (rows - 1) < count)
        }
    }
}
