import HEALPix
import MOC
import Regions
import Testing

@Suite struct OutlineTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private func random(_ order: Order, _ density: Double, _ seed: UInt64) -> MOC {
        var generator = Generator(state: seed)
        let coarse = Order(min(order.value, 4)) ?? .zero
        let cells = (0..<coarse.cellCount).filter { _ in Double.random(in: 0..<1, using: &generator) < density
        }
        return MOC(order: order, cells: cells.compactMap { Cell(order: coarse, npix: $0) })
    }

    private func back(_ text: String, _ order: Order, _ options: ShapeOptions) throws -> MOC {
        var regions: [Region] = []
        _ = try GeoJSONReader.read(Array(text.utf8), options: options) { regions.append($0) }
        return try MOC(order: order, regions: regions, mode: .centre)
    }

    @Test(arguments: 0..<8, [0.02, 0.3, 0.5, 0.8, 1])
    func outlinesGiveTheCoverageBack(_ level: Int, _ density: Double) throws {
        let order = try #require(Order(level))
        let moc = random(order, density, UInt64(level) * 100 + UInt64(density * 10))
        let outline = Outline(moc)
        let text = outline.geoJSON()
        #expect(try back(text, order, ShapeOptions(edges: .geographic)) == moc)
        #expect(try back(text, order, ShapeOptions(interior: .left)) == moc)
        var regions: [Region] = []
        _ = try WKTReader.read(Array(outline.wkt().utf8), options: ShapeOptions(edges: .geographic)) {
            regions.append($0)
        }
        #expect(try MOC(order: order, regions: regions, mode: .centre) == moc)
    }

    @Test func ringsTurnAsTheyShould() throws {
        let order = try #require(Order(4))
        let outline = Outline(random(order, 0.6, 7))
        var holes = 0
        for polygon in outline.polygons {
            for (number, ring) in polygon.rings.enumerated() {
                let area = zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0.0) {
                    $0 + $1.0.lonRad * $1.1.latRad - $1.1.lonRad * $1.0.latRad
                }
                #expect((area > 0) == (number == 0))
                #expect(
                    ring.allSatisfy { abs($0.lonRad) <= .pi + 1e-12 && abs($0.latRad) <= .pi / 2 + 1e-12 })
                #expect(Set(ring).count == ring.count)
                holes += number == 0 ? 0 : 1
            }
        }
        #expect(holes > 0)
        #expect(throws: RegionError.self) { try outline.regionStrings() }
        var filled = outline
        filled.fillHoles()
        #expect(try filled.regionStrings().count == outline.polygons.count)
    }

    @Test func regionStringsGiveTheCoverageBack() throws {
        let order = try #require(Order(6))
        for (lon, lat, radius) in [(0.0, 90.0, 0.2), (180, 0, 0.3), (77.5, 18.4, 0.05), (20, -85, 0.3)] {
            let cone = try #require(Cone(centre: Direction(lonDeg: lon, latDeg: lat), radiusRad: radius))
            let moc = try MOC(order: order, region: .cone(cone))
            let text = try Outline(moc).regionStrings().joined(separator: "\n")
            var regions: [Region] = []
            _ = try RegionStringReader.read(Array(text.utf8)) { regions.append($0) }
            #expect(try MOC(order: order, regions: regions, mode: .centre) == moc, "\(lon) \(lat)")
        }
    }

    @Test(arguments: 0..<7, [0.02, 0.3, 0.5, 0.8, 1])
    func continuousOutlinesGiveTheCoverageBack(_ level: Int, _ density: Double) throws {
        let order = try #require(Order(level))
        let moc = random(order, density, UInt64(level) * 100 + UInt64(density * 10))
        let outline = Outline(continuous: moc)
        for polygon in outline.polygons {
            for ring in polygon.rings {
                for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1)) where abs(a.latRad) < 1.57 {
                    #expect(abs(a.lonRad - b.lonRad) < 1.6)
                }
            }
        }
        #expect(try back(outline.geoJSON(), order, ShapeOptions(edges: .geographic)) == moc)
        #expect(try back(outline.geoJSON(), order, ShapeOptions(interior: .left)) == moc)
    }

    @Test func continuousOutlinesGoThroughTheSeam() throws {
        let order = try #require(Order(7))
        func ring(_ lat: Double) throws -> MOC {
            try MOC(
                order: order,
                region: .ring(centre: Direction(lonDeg: 179, latDeg: lat), innerRad: 0.05, outerRad: 0.2))
        }
        for lat in [0.0, 30, -60] {
            let moc = try ring(lat)
            #expect(Outline(moc).polygons.count == 2)
            let outline = Outline(continuous: moc)
            #expect(outline.polygons.count == 1 && outline.polygons[0].rings.count == 2)
            let lons = outline.polygons[0].rings.map { $0.map(\.lonDeg) }
            for lons in lons { #expect(lons.min()! > 150 && lons.max()! > 181 && lons.max()! < 210) }
        }
        // What holds a pole, or runs around the body, stays divided.
        let cap = try MOC(
            order: order,
            region: .cone(try #require(Cone(centre: Direction(lonDeg: 0, latDeg: -90), radiusRad: 0.3))))
        #expect(Outline(continuous: cap).geoJSON() == Outline(cap).geoJSON())
    }

    /// A band that winds around the body for more than a turn, with holes in each turn, some at the same longitudes.
    @Test(arguments: [0.0, 100, 179.5, 270], [false, true])
    func holesOfLongPartsAreInTheirTurn(_ start: Double, long: Bool) throws {
        let order = try #require(Order(6))
        func zone(_ along: Double, _ width: Double, _ south: Double, _ north: Double) -> Region {
            let base = -45 + along / 360 * 30
            func rad(_ degrees: Double) -> Double { degrees * .pi / 180 }
            return .zone(
                LonLatBounds(
                    westRad: rad(start + along), eastRad: rad(start + along + width),
                    southRad: rad(base + south), northRad: rad(base + north)))
        }
        let band = stride(from: 0.0, to: long ? 1040 : 520, by: 4).map { zone($0, 5, 0, 15) }
        let places = [20.0, 100, 170, 330, 380, 460, 510]
        let holes = places.map { zone($0, 4, 5, 10) }
        let moc = try MOC(order: order, regions: band, mode: .centre).difference(
            try MOC(order: order, regions: holes, mode: .centre))
        let outline = Outline(continuous: moc)
        #expect(try back(outline.geoJSON(), order, ShapeOptions(edges: .geographic)) == moc)
        guard !long else {
            // Longitudes beyond 720 are not written.
            #expect(outline.geoJSON() == Outline(moc).geoJSON())
            return
        }
        try #require(outline.polygons.count == 1)
        let rings = outline.polygons[0].rings
        #expect(rings.count == 1 + places.count)
        let lons = rings[0].map(\.lonDeg)
        let west = try #require(lons.min())
        #expect(west >= -180 && west < 180 && lons.max()! - west > 500)
        for (ring, place) in zip(rings.dropFirst().sorted { $0[0].lonRad < $1[0].lonRad }, places) {
            for vertex in ring { #expect(abs(vertex.lonDeg - west - place - 2) < 5, "\(place)") }
            #expect(isIn(rings[0], ring[0]))
        }
    }

    /// The even-odd rule on the map.
    private func isIn(_ ring: [Direction], _ place: Direction) -> Bool {
        var isIn = false
        for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1))
        where (a.latRad > place.latRad) != (b.latRad > place.latRad) {
            let share = (place.latRad - a.latRad) / (b.latRad - a.latRad)
            if place.lonRad < a.lonRad + share * (b.lonRad - a.lonRad) { isIn.toggle() }
        }
        return isIn
    }

    @Test func partsAroundBothPolesKeepTheirHole() throws {
        let order = try #require(Order(5))
        let patch = try #require(Cone(centre: Direction(lonDeg: 180, latDeg: 20), radiusRad: 0.1))
        let moc = try MOC(order: order, region: .cone(patch)).complement
        for outline in [Outline(moc), Outline(continuous: moc)] {
            #expect(try back(outline.geoJSON(), order, ShapeOptions(edges: .geographic)) == moc)
        }
    }

    @Test func holesAreDivided() throws {
        let order = try #require(Order(6))
        var mocs = [random(Order(4)!, 0.6, 7), random(Order(4)!, 0.9, 3)]
        mocs.append(
            try MOC(
                order: order,
                region: .ring(centre: Direction(lonDeg: 180, latDeg: 89), innerRad: 0.05, outerRad: 0.2)))
        for moc in mocs {
            for isContinuous in [false, true] {
                let outline = try Outline(withoutHoles: moc, isContinuous: isContinuous)
                #expect(outline.polygons.allSatisfy { $0.rings.count == 1 })
                let text = try outline.regionStrings().joined(separator: "\n")
                var regions: [Region] = []
                _ = try RegionStringReader.read(
                    Array(text.utf8), options: ShapeOptions(interior: .left)
                ) { regions.append($0) }
                #expect(try MOC(order: moc.order, regions: regions, mode: .centre) == moc)
            }
        }
    }

    @Test func simplifiedOutlinesStayNear() throws {
        let order = try #require(Order(7))
        let cone = try #require(Cone(centre: Direction(lonDeg: 30, latDeg: 50), radiusRad: 0.2))
        let moc = try MOC(order: order, region: .cone(cone))
        let full = Outline(moc)
        let simple = full.simplified(toleranceRad: 0.02)
        #expect(simple.polygons[0].rings[0].count * 4 < full.polygons[0].rings[0].count)
        let polygon = try SphericalPolygon(rings: simple.polygons[0].rings)
        let covered = try MOC(order: order, region: .polygon(polygon), mode: .centre)
        let grown = try #require(Cone(centre: cone.centre, radiusRad: 0.2 + 0.03))
        let shrunk = try #require(Cone(centre: cone.centre, radiusRad: 0.2 - 0.03))
        #expect(try MOC(order: order, region: .cone(grown)).contains(covered))
        #expect(covered.contains(try MOC(order: order, region: .cone(shrunk), mode: .centre)))
        #expect(Outline(MOC(order: order)).polygons.isEmpty)
        #expect(Outline(MOC(order: order)).wkt() == "MULTIPOLYGON EMPTY")
    }
}
