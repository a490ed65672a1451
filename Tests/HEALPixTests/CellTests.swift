import HEALPix
import Testing

@Suite("Cells and their numbers")
struct CellTests {
    @Test("orders have 12 * 4^k cells and refuse what is outside 0...29")
    func orders() throws {
        #expect(Order(-1) == nil)
        #expect(Order(30) == nil)
        #expect(Order(Int.max) == nil)
        let deepest = try #require(Order(29))
        #expect(deepest == .maximum)
        #expect(deepest.nside == 536_870_912)
        #expect(deepest.cellCount == 3_458_764_513_820_540_928)
        #expect(deepest.finer == nil)
        #expect(Order.zero.coarser == nil)
        #expect(Order.zero.cellCount == 12)
        #expect(Order.all.map(\.value) == Array(0...29))
        #expect(Order.zero < deepest)
        #expect(abs(Order.zero.cellAreaSr - Double.pi / 3) < 1e-15)
        #expect("\(deepest)" == "29")
    }

    @Test("numbers outside the sphere are refused")
    func outside() throws {
        #expect(Cell(order: 0, npix: -1) == nil)
        #expect(Cell(order: 0, npix: 12) == nil)
        #expect(Cell(order: 30, npix: 0) == nil)
        #expect(Cell(order: 29, npix: 3_458_764_513_820_540_928) == nil)
        #expect(Cell(order: 29, npix: 3_458_764_513_820_540_927) != nil)
        let order = try #require(Order(3))
        #expect(Cell(order: order, face: 12, x: 0, y: 0) == nil)
        #expect(Cell(order: order, face: -1, x: 0, y: 0) == nil)
        #expect(Cell(order: order, face: 0, x: 8, y: 0) == nil)
        #expect(Cell(order: order, face: 0, x: 0, y: -1) == nil)
        #expect(Cell(order: order, ringIndex: -1) == nil)
        #expect(Cell(order: order, ringIndex: 768) == nil)
        #expect(Cell(order: 3, npix: 245)?.description == "3/245")
    }

    @Test("face, x, y and the ring number agree with the bits and with healpy, both ways")
    func numbers() throws {
        for row in try Table("centres", least: 8000).rows {
            let cell = try row.cell(0)
            let face = try row.small(2)
            let (x, y, ring) = (try row.int(3), try row.int(4), try row.int(5))
            #expect(cell.face == face && cell.x == x && cell.y == y, "\(row.line)")
            #expect(Cell(order: cell.order, face: face, x: x, y: y) == cell, "\(row.line)")
            #expect(cell.ringIndex == ring, "\(row.line)")
            #expect(Cell(order: cell.order, ringIndex: ring) == cell, "\(row.line)")
        }
    }

    @Test("ring numbers at the ends of rings and zones agree with healpy")
    func rings() throws {
        for row in try Table("rings", least: 1500).rows {
            let order = try row.order(0)
            let nested = try row.int(2)
            let cell = try #require(Cell(order: order, ringIndex: try row.int(1)))
            #expect(cell.npix == nested, "\(row.line)")
            let back = Cell(order: order, npix: nested)?.ringIndex
            #expect(try back == row.int(1), "\(row.line)")
        }
    }

    @Test("the ring numbers of an order are a permutation", arguments: 0...6)
    func ringPermutation(order: Int) throws {
        let order = try #require(Order(order))
        var seen = [Bool](repeating: false, count: Int(order.cellCount))
        for npix in 0..<order.cellCount {
            let cell = try #require(Cell(order: order, npix: npix))
            seen[Int(cell.ringIndex)] = true
            #expect(Cell(order: order, ringIndex: cell.ringIndex) == cell)
        }
        #expect(seen.allSatisfy { $0 })
    }

    @Test("neighbours agree with healpy, with none beyond the corners of three faces")
    func neighbours() throws {
        var absent = 0
        for row in try Table("neighbours", least: 4000).rows {
            let expected: [Int64?] = try (2..<10).map {
                let npix = try row.int($0)
                return npix < 0 ? nil : npix
            }
            absent += expected.count { $0 == nil }
            #expect(try row.cell(0).neighbours.map { $0?.npix } == expected, "\(row.line)")
        }
        #expect(absent > 100)
    }

    @Test("each neighbour has the cell for a neighbour", arguments: [1, 4])
    func mutualNeighbours(order: Int) throws {
        let order = try #require(Order(order))
        for npix in 0..<order.cellCount {
            let cell = try #require(Cell(order: order, npix: npix))
            for other in cell.neighbours.compactMap({ $0 }) {
                #expect(other.neighbours.contains(cell), "\(cell) and \(other)")
            }
        }
    }

    @Test("parents, children and ancestors fit together")
    func hierarchy() throws {
        let cell = try #require(Cell(order: 3, npix: 245))
        #expect(cell.parent == Cell(order: 2, npix: 61))
        #expect(cell.children.map(\.npix) == [980, 981, 982, 983])
        #expect(cell.children.allSatisfy { $0.order.value == 4 && $0.parent == cell && cell.contains($0) })
        #expect(cell.child(3) == Cell(order: 4, npix: 983))
        #expect(cell.child(4) == nil)
        #expect(cell.child(-1) == nil)
        #expect(cell.ancestor(at: .zero) == Cell(order: 0, npix: 3))
        #expect(cell.ancestor(at: cell.order) == cell)
        #expect(cell.ancestor(at: .maximum) == nil)
        #expect(cell.descendants(at: try #require(Order(5))) == 3920..<3936)
        #expect(cell.descendants(at: .zero) == nil)
        #expect(!cell.contains(try #require(Cell(order: 4, npix: 984))))
        #expect(!cell.contains(try #require(cell.parent)))
        let deepest = try #require(Cell(order: 29, npix: 5))
        #expect(deepest.children.isEmpty)
        #expect(deepest.child(0) == nil)
        #expect(Cell.bases.map(\.npix) == Array(0..<12))
        #expect(Cell.bases.allSatisfy { $0.parent == nil })
        #expect(
            Cell(order: 2, npix: 100).flatMap { coarse in Cell(order: 3, npix: 0).map { coarse < $0 } }
                == true)
    }
}
