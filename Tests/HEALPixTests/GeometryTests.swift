import HEALPix
import Testing

@Suite("Places of cells")
struct GeometryTests {
    /// Largest allowed distance from the nearest double to the true value.
    static let tolerance: Int64 = 2

    @Test("centres are within 2 ulp of the truth at all orders")
    func centres() throws {
        var worst: (lon: Int64, lat: Int64) = (0, 0)
        for row in try Table("centres", least: 8000).rows {
            let centre = try row.cell(0).centre
            worst.lon = max(worst.lon, ulps(centre.lonRad, try row.double(6)))
            worst.lat = max(worst.lat, ulps(centre.latRad, try row.double(7)))
            #expect(centre.lonRad >= 0 && centre.lonRad < 2 * .pi, "\(row.line)")
        }
        #expect(worst.lon <= Self.tolerance && worst.lat <= Self.tolerance, "\(worst)")
    }

    @Test("corners are within 2 ulp of the truth at all orders")
    func corners() throws {
        var worst: (lon: Int64, lat: Int64) = (0, 0)
        for row in try Table("corners", least: 3000).rows {
            let corners = try row.cell(0).corners.all
            for (i, corner) in corners.enumerated() {
                worst.lon = max(worst.lon, ulps(corner.lonRad, try row.double(2 + 2 * i)))
                worst.lat = max(worst.lat, ulps(corner.latRad, try row.double(3 + 2 * i)))
            }
        }
        #expect(worst.lon <= Self.tolerance && worst.lat <= Self.tolerance, "\(worst)")
    }

    @Test("bounds are the corners, unwrapped around the middle of the face")
    func bounds() throws {
        for row in try Table("corners", least: 3000).rows {
            let cell = try row.cell(0)
            let bounds = cell.bounds
            #expect(ulps(bounds.southRad, try row.double(3)) <= 2, "\(row.line)")
            #expect(ulps(bounds.northRad, try row.double(7)) <= 2, "\(row.line)")
            #expect(bounds.westRad < bounds.eastRad, "\(row.line)")
            #expect(bounds.westRad >= cell.faceLonRad - .pi / 4 - 1e-15, "\(row.line)")
            #expect(bounds.eastRad <= cell.faceLonRad + .pi / 4 + 1e-15, "\(row.line)")
            for (edge, column) in [(bounds.westRad, 8), (bounds.eastRad, 4)] {
                let turn = (edge - (try row.double(column))) / (2 * .pi)
                #expect(abs(turn - turn.rounded()) < 3e-16, "\(row.line)")
            }
        }
    }

    @Test("bounds hold places all over the cell, also around the poles", arguments: 0...4)
    func boundsHold(order: Int) throws {
        let order = try #require(Order(order))
        for npix in 0..<order.cellCount {
            let cell = try #require(Cell(order: order, npix: npix))
            let bounds = cell.bounds
            let fine = try #require(Order(order.value + 4))
            for number in try #require(cell.descendants(at: fine)) {
                for place in try #require(Cell(order: fine, npix: number)).corners.all {
                    #expect(place.latRad >= bounds.southRad && place.latRad <= bounds.northRad)
                    guard abs(place.latRad) < 1.5707963267948 else { continue }
                    let inBox = [-2, 0, 2].contains { turns in
                        let lon = place.lonRad + turns * .pi
                        return lon >= bounds.westRad - 1e-15 && lon <= bounds.eastRad + 1e-15
                    }
                    #expect(inBox, "\(cell) \(place)")
                }
            }
        }
    }

    @Test("directions lie in the cell that the truth names")
    func directions() throws {
        for row in try Table("directions", least: 5000).rows {
            let cell = try #require(Cell(containing: try row.direction(1), order: try row.order(0)))
            let expected = try (3..<row.columns.count).map { try row.int($0) }
            #expect(expected.contains(cell.npix), "\(row.line) but \(cell)")
        }
    }

    @Test("the centre of every cell lies in the cell")
    func roundTrip() throws {
        for row in try Table("centres", least: 8000).rows {
            let cell = try row.cell(0)
            #expect(Cell(containing: try row.direction(6), order: cell.order) == cell, "\(row.line)")
            #expect(Cell(containing: cell.centre, order: cell.order) == cell, "\(row.line)")
        }
    }

    @Test("whole turns, signed zeros and the poles are the same place")
    func equivalents() throws {
        for order in Order.all {
            let zero = Cell(containing: Direction(lonRad: 0, latRad: 0), order: order)
            for lon in [-0.0, 2 * Double.pi, -2 * Double.pi, 8 * Double.pi, -Double.leastNonzeroMagnitude] {
                for lat in [0, -0.0] {
                    #expect(Cell(containing: Direction(lonRad: lon, latRad: lat), order: order) == zero)
                }
            }
            // The poles are in the innermost cell of the face of their longitude.
            let last = order.nside - 1
            for (lon, quarter) in [(0.1, 0), (2.0, 1), (4.0, 2), (6.2, 3)] {
                let half = Double.pi / 2
                for lat in [half, half + 9e-13] {
                    let north = Cell(containing: Direction(lonRad: lon, latRad: lat), order: order)
                    #expect(north == Cell(order: order, face: quarter, x: last, y: last))
                    let south = Cell(containing: Direction(lonRad: lon, latRad: -lat), order: order)
                    #expect(south == Cell(order: order, face: 8 + quarter, x: 0, y: 0))
                }
            }
        }
    }

    static let noDirections: [Direction] = [
        Direction(lonRad: .nan, latRad: 0), Direction(lonRad: .infinity, latRad: 0),
        Direction(lonRad: -.infinity, latRad: 0), Direction(lonRad: 0, latRad: .nan),
        Direction(lonRad: 0, latRad: .infinity), Direction(lonRad: 1, latRad: -.infinity),
        Direction(lonRad: 0, latRad: 1.5708), Direction(lonRad: 0, latRad: -1.5708),
        Direction(lonRad: 0, latRad: .pi / 2 + 2e-12),
    ]

    @Test("what is no direction is refused", arguments: noDirections)
    func refused(direction: Direction) {
        #expect(direction.normalised == nil)
        #expect(Cell(containing: direction, order: .zero) == nil)
        #expect(Cell(containing: direction, order: .maximum) == nil)
    }

    @Test("longitudes of any size are reduced to one turn")
    func manyTurns() throws {
        for lon in [
            1e300, -1e300, 1e15, -123456.789, Double.greatestFiniteMagnitude, -1e-300, .leastNonzeroMagnitude,
        ] {
            let reduced = try #require(Direction(lonRad: lon, latRad: 0.3).normalised)
            #expect(reduced.lonRad >= 0 && reduced.lonRad < 2 * .pi, "\(lon)")
            #expect(Cell(containing: Direction(lonRad: lon, latRad: 0.3), order: .maximum) != nil)
        }
        let degrees = Direction(lonDeg: -222.6, latDeg: -4.6)
        #expect(abs(try #require(degrees.normalised).lonDeg - 137.4) < 1e-12)
        #expect(abs(degrees.latDeg + 4.6) < 1e-14)
    }

    @Test("angles between directions agree with the truth from 1e-12 rad to pi")
    func distances() throws {
        for row in try Table("distances", least: 250).rows {
            let (a, b) = (try row.direction(0), try row.direction(2))
            let expected = try row.double(4)
            // Longitudes and their difference carry a rounding of up to half an ulp of 2 pi.
            let allowed = 1e-15 + 4e-16 * expected
            #expect(abs(a.angularDistance(to: b) - expected) <= allowed, "\(row.line)")
            #expect(abs(b.angularDistance(to: a) - expected) <= allowed, "\(row.line)")
        }
    }
}
