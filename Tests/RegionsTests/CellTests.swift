import HEALPix
import MOC
import Regions
import Testing

@Suite struct CellTests {
    private func regions(_ text: String) throws -> [Region] {
        var regions: [Region] = []
        if text.hasPrefix("POLYGON") {
            _ = try WKTReader.read(Array(text.utf8)) { regions.append($0) }
        } else {
            _ = try RegionStringReader.read(Array(text.utf8)) { regions.append($0) }
        }
        return regions
    }

    @Test func cellsAreThoseOfIndependentGeometry() throws {
        let rows = try Tables.rows("cells.txt")
        #expect(rows.count == 123)
        for row in rows {
            let order = try #require(Int(row[2]).flatMap { Order($0) })
            let regions = try regions(row[1])
            #expect(
                try MOC(order: order, regions: regions) == (try MOC(ascii: row[3])), "\(row[0]) \(row[1])")
            #expect(
                try MOC(order: order, regions: regions, mode: .centre) == (try MOC(ascii: row[4])),
                "\(row[0]) \(row[1])")
        }
    }

    /// The cells of cones are also found by another way, from the sides of cells.
    @Test(arguments: [1e-5, 0.01, 0.3, 1.2, 1.7, 3.1])
    func conesAgreeWithHEALPix(_ radius: Double) throws {
        let order = try #require(Order(min(22, max(3, Int(3 - 1.44 * radius.logarithm)))))
        let shift = Int64(2 * (29 - order.value))
        for (lon, lat) in [
            (0.0, 0.0), (45, 0), (90, 90), (180, -90), (135, 41.8103148958), (359.999, 67), (200, -30),
        ] {
            let cone = try #require(Cone(centre: Direction(lonDeg: lon, latDeg: lat), radiusRad: radius))
            for (mode, other) in [(CellMode.inclusive, ConeMode.inclusive), (.centre, .centre)] {
                let found = try Region.cone(cone).ranges(order: order, mode: mode)
                let expected = cone.ranges(order: order, mode: other).map {
                    $0.lowerBound << shift..<$0.upperBound << shift
                }
                #expect(found == expected, "\(lon) \(lat) \(radius) \(mode)")
            }
        }
    }

    /// Shapes that are the same set of places in two forms.
    @Test func zonesAreBoxesOfParallelsAndMeridians() throws {
        let order = try #require(Order(6))
        func moc(_ region: Region) throws -> MOC { try MOC(order: order, region: region) }
        func zone(_ west: Double, _ east: Double, _ south: Double, _ north: Double) -> Region {
            .zone(
                LonLatBounds(
                    westRad: west * .pi / 180, eastRad: east * .pi / 180, southRad: south * .pi / 180,
                    northRad: north * .pi / 180))
        }
        // A polar cap is a cone around the pole; an octant is a triangle of great circles.
        for lat in [12.0, 41.8103148958, 60, 89] {
            let cone = try #require(
                Cone(centre: Direction(lonDeg: 0, latDeg: 90), radiusRad: (90 - lat) * .pi / 180))
            #expect(try moc(zone(-180, 180, lat, 90)) == moc(.cone(cone)), "\(lat)")
        }
        let corners = [(90.0, 0.0), (180, 0), (0, 90)].map { Direction(lonDeg: $0.0, latDeg: $0.1) }
        #expect(try moc(zone(90, 180, 0, 90)) == moc(.polygon(SphericalPolygon(corners))))
        #expect(try moc(zone(350, 370, -5, 5)) == moc(zone(-10, 10, -5, 5)))
        #expect(try moc(zone(0, 360, -90, 90)).coverageFraction == 1)
        // Touching counts: the border of a quarter of the sphere lies on sides of cells, or cuts them in two.
        let touched = try moc(zone(0, 90, 0, 90))
        for cell in [Cell(order: order, npix: 0)].compactMap({ $0 }) { #expect(touched.intersects(cell)) }
    }

    @Test func sidesOfRingsAreChosen() throws {
        let order = try #require(Order(5))
        let ring = [(10.0, 10.0), (40, 10), (40, 40), (10, 40)].map { Direction(lonDeg: $0.0, latDeg: $0.1) }
        func moc(_ ring: [Direction], _ interior: Interior) throws -> MOC {
            try MOC(order: order, region: .polygon(SphericalPolygon(ring, interior: interior)), mode: .centre)
        }
        let small = try moc(ring, .smaller)
        #expect(try moc(Array(ring.reversed()), .smaller) == small)
        #expect(try moc(ring, .left) == small)
        let large = try moc(ring, .larger)
        #expect(try moc(Array(ring.reversed()), .left) == large)
        #expect(small.intersection(large).isEmpty)
        #expect(small.union(large).coverageFraction == 1)
        // A ring that fits no hemisphere: around the equator, a little north of it.
        let belt = (0..<12).map { Direction(lonDeg: 30 * Double($0), latDeg: $0 % 2 == 0 ? 12 : -3) }
        let cap = try moc(belt, .smaller)
        #expect(cap.coverageFraction < 0.5 && cap.coverageFraction > 0.4)
        #expect(try moc(belt, .larger).union(cap).coverageFraction == 1)
        #expect(try moc(belt, .left) == cap)
    }

    /// A ring of two vertices touches cells and encloses none.
    @Test func linesHaveNoInside() throws {
        for (from, to) in [((10.0, 10.0), (50.0, 30.0)), ((45, 72.5), (225, 72.5)), ((300, -5), (10, 80))] {
            let ring = [Direction(lonDeg: from.0, latDeg: from.1), Direction(lonDeg: to.0, latDeg: to.1)]
            let line = try Region.polygon(SphericalPolygon(ring))
            let touched = try MOC(order: #require(Order(9)), region: line)
            // Cells of 0.11 degrees along lines of 36 to 90 degrees, 1.4 of them for each side at the most.
            #expect(
                touched.cellCount > 200
                    && touched.coverageFraction < 2000 * touched.order.cellAreaSr / (4 * .pi))
            let centres = try MOC(order: touched.order, region: line, mode: .centre)
            #expect(touched.contains(centres) && centres.coverageFraction < 0.6 * touched.coverageFraction)
        }
    }

    @Test func manyRegionsAreTheUnionOfEach() throws {
        let order = try #require(Order(9))
        let cones: [Cone] = (0..<300).compactMap { (index: Int) -> Cone? in
            let centre = Direction(lonDeg: Double(index * 37 % 360), latDeg: Double(index * 13 % 170 - 85))
            return Cone(centre: centre, radiusRad: 0.001 * Double(1 + index % 20))
        }
        let each = try cones.map { try MOC(order: order, region: .cone($0)) }
        #expect(
            try MOC(order: order, regions: cones.map { .cone($0) })
                == each.reduce(MOC(order: order)) { $0.union($1) })
    }

    @Test func boxesHaveTheirSizeAndAngle() throws {
        let order = try #require(Order(12))
        let centre = Direction(lonDeg: 77.5, latDeg: 18.4)
        func fraction(_ angle: Double) throws -> Double {
            try MOC(
                order: order,
                region: .box(
                    centre: centre, halfWidthRad: 0.02, halfHeightRad: 0.01, positionAngleRad: angle),
                mode: .centre
            ).coverageFraction
        }
        // Nearly flat: the area is that of the rectangle, whatever the angle.
        for angle in [0, 0.3, 1.5707963, 4.0] {
            #expect(abs(try fraction(angle) - 0.04 * 0.02 / (4 * .pi)) < 3e-7)
        }
        let upright = try MOC(
            order: order,
            region: .box(centre: centre, halfWidthRad: 0.02, halfHeightRad: 0.01, positionAngleRad: .pi / 2))
        let above = Direction(lonRad: centre.lonRad, latRad: centre.latRad + 0.019)
        #expect(upright.contains(try #require(Cell(containing: above, order: .maximum))))
    }

    @Test func wrongRegionsAreRefused() throws {
        let place = Direction(lonDeg: 0, latDeg: 0)
        #expect(throws: RegionError.self) { try SphericalPolygon([]) }
        #expect(throws: RegionError.self) { try SphericalPolygon(rings: []) }
        #expect(throws: RegionError.self) { try SphericalPolygon([place, Direction(lonDeg: 0, latDeg: 91)]) }
        #expect(throws: RegionError.self) {
            try SphericalPolygon([place, Direction(lonDeg: .nan, latDeg: 1)])
        }
        #expect(throws: RegionError.self) {
            try SphericalPolygon([
                place, Direction(lonDeg: 180, latDeg: 0), Direction(lonDeg: 90, latDeg: 10),
            ])
        }
        #expect(throws: RegionError.self) {
            try Region.ring(centre: place, innerRad: 0.2, outerRad: 0.1).ranges(order: .zero, mode: .centre)
        }
        #expect(throws: RegionError.self) { try Region.box(centre: place, halfWidthRad: 0, halfHeightRad: 1) }
        #expect(throws: RegionError.self) {
            let bounds = LonLatBounds(westRad: 1e300, eastRad: 1e300, southRad: 0, northRad: 1)
            return try Region.zone(bounds).ranges(order: .zero, mode: .centre)
        }
        #expect(throws: RegionError.self) {
            try SphericalPolygon([place, Direction(lonRad: 1e300, latRad: 0), place], edges: .geographic)
        }
        let huge = try #require(Cone(centre: place, radiusRad: 1))
        #expect(throws: RegionError.self) { try Region.cone(huge).ranges(order: .maximum, mode: .inclusive) }
    }
}

extension Double {
    /// The natural logarithm, to a tenth: for choices of orders.
    fileprivate var logarithm: Double { Double(exponent) * 0.693 + (significand - 1) * 0.693 }
}
