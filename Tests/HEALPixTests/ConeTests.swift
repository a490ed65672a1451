import HEALPix
import Testing

@Suite("Cells of cones")
struct ConeTests {
    private func cone(_ row: Table.Row) throws -> Cone {
        try #require(Cone(centre: try row.direction(1), radiusRad: try row.double(3)), "\(row.line)")
    }

    @Test("cells whose centre is in the cone are those of healpy")
    func centreMode() throws {
        for row in try Table("cones", least: 200).rows {
            let found = try cone(row).ranges(order: try row.order(0), mode: .centre)
            #expect(found == (try row.ranges(4)), "\(row.line)")
        }
    }

    @Test("every cell that touches the cone is found, and no other")
    func inclusiveMode() throws {
        for row in try Table("cones", least: 200).rows {
            let found = Set(try cone(row).cells(order: try row.order(0), mode: .inclusive).map(\.npix))
            let touching = Set(try row.ranges(5).flatMap { Array($0) })
            let undecided = Set(try row.ranges(6).flatMap { Array($0) })
            #expect(touching.subtracting(found).isEmpty, "missing in \(row.line)")
            #expect(found.subtracting(touching).subtracting(undecided).isEmpty, "too many in \(row.line)")
        }
    }

    @Test("cells are sorted and the ranges are apart")
    func sorted() throws {
        let order = try #require(Order(6))
        let found = cells(
            inConeAt: Direction(lonDeg: 359, latDeg: 41), radiusRad: 0.4, order: order, mode: .inclusive)
        #expect(found.count > 100)
        #expect(found == found.sorted())
        let cone = try #require(Cone(centre: Direction(lonDeg: 359, latDeg: 41), radiusRad: 0.4))
        let ranges = cone.ranges(order: order, mode: .inclusive)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    }

    @Test("a cone of radius 0 holds the cell of its centre, at all orders", arguments: Order.all)
    func point(order: Order) throws {
        for (lon, lat) in [(12.3, 45.6), (200, -80.1), (359.99, 0.01), (0.5, 89.9999)] {
            let place = Direction(lonDeg: lon, latDeg: lat)
            let home = try #require(Cell(containing: place, order: order))
            #expect(cells(inConeAt: place, radiusRad: 0, order: order, mode: .inclusive) == [home])
        }
    }

    @Test("a cone around a corner touches all cells that meet there")
    func corner() throws {
        let order = try #require(Order(5))
        // Where three faces meet there are three cells, at a pole and elsewhere four.
        let three = Direction(lonRad: .pi / 2, latRad: 0x1.759edd04f68dep-1)
        #expect(cells(inConeAt: three, radiusRad: 1e-12, order: order, mode: .inclusive).count == 3)
        let pole = Direction(lonRad: 1, latRad: .pi / 2)
        #expect(cells(inConeAt: pole, radiusRad: 0, order: order, mode: .inclusive).count == 4)
        let inside = try #require(Cell(order: 5, npix: 3)).corners.north
        #expect(cells(inConeAt: inside, radiusRad: 0, order: order, mode: .inclusive).count == 4)
    }

    @Test("a cone of radius pi or more is the whole sphere")
    func everything() throws {
        for radius in [Double.pi, 7, .infinity] {
            let cone = try #require(Cone(centre: Direction(lonRad: 2, latRad: 0.3), radiusRad: radius))
            for mode in [ConeMode.inclusive, .centre] {
                #expect(cone.ranges(order: .maximum, mode: mode) == [0..<Order.maximum.cellCount])
            }
        }
    }

    @Test("a cone and its complement leave no cell out")
    func complement() throws {
        let order = try #require(Order(7))
        for radius in [0.01, 0.8, 1.5707, 1.5708, 2.4] {
            let here = Direction(lonRad: 5.9, latRad: 0.9)
            let there = Direction(lonRad: 5.9 - .pi, latRad: -0.9)
            let inner = try #require(Cone(centre: here, radiusRad: radius)).cells(
                order: order, mode: .inclusive)
            let outer = try #require(Cone(centre: there, radiusRad: .pi - radius)).cells(
                order: order, mode: .inclusive)
            let both = Set(inner).union(outer)
            #expect(Int64(both.count) == order.cellCount)
            // Only the cells along the circle are in both: a strip a few cells wide.
            let shared = Double(inner.count + outer.count - both.count)
            #expect(shared > 0)
            #expect(shared < 3 * 2 * .pi * Double(order.nside) + 8)
        }
    }

    @Test("what is no cone is refused")
    func refused() throws {
        let place = Direction(lonRad: 1, latRad: 0.5)
        #expect(Cone(centre: place, radiusRad: -1e-9) == nil)
        #expect(Cone(centre: place, radiusRad: .nan) == nil)
        #expect(Cone(centre: Direction(lonRad: .nan, latRad: 0), radiusRad: 1) == nil)
        #expect(Cone(centre: Direction(lonRad: 0, latRad: 2), radiusRad: 1) == nil)
        #expect(cells(inConeAt: place, radiusRad: .nan, order: .zero, mode: .centre).isEmpty)
    }
}
