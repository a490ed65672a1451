import HEALPix
import MOC
import Maps
import PlanetaryFrames
import Testing

@Suite struct SystemsTests {
    @Test(arguments: [
        "IAU_2015:49910", "IAU:49910", "IAU:2015:49910", "urn:ogc:def:crs:IAU_2015::49910",
        "urn:ogc:def:crs:IAU:2015:49910", "http://www.opengis.net/def/crs/IAU_2015/0/49910",
        "https://www.opengis.net/def/crs/IAU/2015/49910",
    ])
    func spellings(_ text: String) throws {
        let (crs, warnings) = try Mars.systems.parse(text)
        #expect(crs.identifier.description == "IAU_2015:49910")
        #expect(crs.axisOrder == .eastNorth)
        #expect(abs(crs.domain.maxX - 10_669_445.554195119) < 1e-3)
        #expect(warnings.isEmpty)
    }

    @Test func axes() throws {
        #expect(try Mars.systems.parse("IAU_2015:49900").crs.axisOrder == .northEast)
        #expect(try Mars.systems.parse("IAU_2015:49901").crs.axisOrder == .northWest)
        #expect(try Mars.systems.parse("IAU_2015:49911").crs.axisOrder == .westNorth)
        #expect(try !Mars.systems.parse("IAU_2015:49911").warnings.isEmpty)
        #expect(try !Mars.systems.parse("IAU_2015:49912").warnings.isEmpty)
    }

    /// Numbers of `docs/frames.md`: x00 and x02 count the same angles, x01 planetographic latitudes to the west.
    @Test func angles() throws {
        let graphic = try #require(try Mars.systems.parse("IAU_2015:49901").crs.direction(x: 30, y: 45))
        #expect(abs(graphic.lonDeg - 330) < 1e-9)
        #expect(abs(graphic.latDeg - 44.66176805) < 1e-7)
        let ocentric = try #require(try Mars.systems.parse("IAU_2015:49902").crs.direction(x: 30, y: 45))
        #expect(abs(ocentric.latDeg - 45) < 1e-12)
        let polar = try #require(
            try Mars.systems.parse("IAU_2015:49930").crs.direction(x: 297128.124, y: -514641.007))
        #expect(abs(polar.lonDeg - 30) < 1e-6)
        #expect(abs(polar.latDeg - 80) < 1e-6)
    }

    @Test func refusals() throws {
        #expect {
            try Mars.systems.parse("IAU_2015:30100")
        } throws: {
            if case MapsError.otherBody(_, "Moon", "Mars") = $0 { true } else { false }
        }
        #expect(throws: MapsError.self) {
            try Mars.window("IAU_2015:49900", (-1e9, -90, 1e9, 90), 8192, 4096)
        }
        #expect(throws: Never.self) { try Mars.window("IAU_2015:49900", (-540, -90, 540, 90), 300, 50) }
        for text in ["EPSG:4326", "", "IAU_2015:49999", "nonsense", String(repeating: "x", count: 10000)] {
            #expect(throws: MapsError.self) { try Mars.systems.parse(text) }
        }
    }

    @Test func earthAliases() throws {
        let (crs, warnings) = try Mars.aliased.parse("EPSG:3857")
        #expect(crs.isAlias && !warnings.isEmpty)
        #expect(abs(crs.domain.maxX - 20_037_508.342789244) < 1e-3)
        let place = try #require(try crs.direction(x: 10_018_754.171394622, y: 0))
        #expect(abs(place.lonDeg - 90) < 1e-9)
        #expect(try Mars.aliased.parse("EPSG:4326").crs.axisOrder == .northEast)
        #expect(try Mars.aliased.parse("CRS:84").crs.axisOrder == .eastNorth)
    }

    /// Systems of a keeper's own with false eastings, other units and other centres; numbers of `cs2cs` of PROJ 9.
    @Test(
        arguments: [
            (
                "+proj=eqc +lon_0=137 +x_0=1000000 +y_0=-500000 +R=3396190 +units=km",
                (-9669.445554, -5834.722777, 11669.445554, 4834.722777)
            ),
            (
                "+proj=merc +x_0=2000 +y_0=1000 +R=3396190 +units=m",
                (-10667445.554, -10668445.554, 10671445.554, 10670445.554)
            ),
            (
                "+proj=ortho +lon_0=10 +x_0=100000 +R=3396190 +units=km",
                (-3296.19, -3396.19, 3496.19, 3396.19)
            ),
            (
                "+proj=stere +lat_0=90 +x_0=2000000 +y_0=2000000 +R=3396190 +units=m",
                (-4792380, -4792380, 8792380, 8792380)
            ),
            (
                "+proj=sinu +lon_0=137.4 +x_0=500 +R=3396190 +units=m",
                (-10668945.554, -5334722.777, 10669945.554, 5334722.777)
            ),
        ] as [(String, (Double, Double, Double, Double))])
    func domains(_ definition: String, _ wanted: (Double, Double, Double, Double)) throws {
        let catalogue = try Mars.catalogue
        let systems = try MapSystems(
            body: catalogue.body(named: "Mars"), catalogue: catalogue,
            options: .init(definitions: [("SITE:1", definition)]))
        #expect(systems.refused.isEmpty, "\(systems.refused)")
        let crs = try systems.parse("SITE:1").crs
        let domain = crs.domain
        let tolerance = 1e-8 * domain.width
        #expect(
            abs(domain.minX - wanted.0) < tolerance && abs(domain.minY - wanted.1) < tolerance, "\(domain)")
        #expect(
            abs(domain.maxX - wanted.2) < tolerance && abs(domain.maxY - wanted.3) < tolerance, "\(domain)")
        #expect(crs.metresPerUnit == (definition.contains("km") ? 1000 : 1))
        #expect(crs.unit == (definition.contains("km") ? .kilometre : .metre))
        // Nothing of the whole map is left out, and it lies where it should: the middle of the field is its centre.
        let layer = try FieldMap(order: 1, plane).layer(order: 1)
        let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 24))
        let window = try MapWindow(crs: crs, box: domain, width: 101, height: 101)
        let grid = try renderer.values(layer, window: window)
        var wrong = 0
        for row in 0..<101 {
            for column in 0..<101 {
                let place = try crs.direction(
                    x: window.x(column: Double(column)), y: window.y(row: Double(row)))
                let found = grid.values[row * 101 + column]
                guard let place else {
                    wrong += found.isNaN ? 0 : 1
                    continue
                }
                let direction = Direction(
                    lonRad: place.lonDeg * .pi / 180, latRad: place.latDeg * .pi / 180)
                if !(abs(Double(found) - plane(direction)) < 20) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    @Test func boxes() throws {
        let crs = try Mars.systems.parse("IAU_2015:49900").crs
        // Face 4 lies around longitude 0 between latitudes -41.8 and 41.8.
        let box = try #require(
            try crs.boundingBox(of: MOC(order: .zero, cells: [Cell(order: 0, npix: 5)!])))
        #expect(abs(box.minX - 45) < 1e-6 && abs(box.maxX - 135) < 1e-6)
        #expect(abs(box.maxY - 41.8103149) < 1e-5)
        // A cap has the whole width, and so has what lies on both sides of the seam.
        for (order, cells) in [(3, [63, 127, 191, 255]), (0, [0, 1, 2, 3]), (0, [6])] {
            let moc = MOC(
                order: Order(order)!, cells: cells.map { Cell(order: order, npix: Int64($0))! })
            for code in ["49900", "49910", "49920"] {
                let crs = try Mars.systems.parse("IAU_2015:" + code).crs
                let box = try #require(try crs.boundingBox(of: moc))
                // The sinusoidal map is narrower away from the equator.
                guard code != "49920" || cells == [6] else { continue }
                #expect(box.minX == crs.domain.minX && box.maxX == crs.domain.maxX, "\(code) \(cells) \(box)")
            }
        }
        // What ends at the seam reaches it from its own side: face 1 of the north lies between 90 and 180 degrees.
        let east = try #require(
            try crs.boundingBox(of: MOC(order: .zero, cells: [Cell(order: 0, npix: 1)!])))
        #expect(abs(east.minX - 90) < 1e-6 && east.maxX == 180)
        let west = try #require(
            try crs.boundingBox(of: MOC(order: .zero, cells: [Cell(order: 0, npix: 2)!])))
        #expect(west.minX == -180 && abs(west.maxX + 90) < 1e-6)
        let north = MOC(order: .zero, cells: (0..<4).map { Cell(order: 0, npix: $0)! })
        #expect(try Mars.systems.parse("IAU_2015:49935").crs.boundingBox(of: north) != nil)
        for reversed in [(10.0, 0.0, 0.0, 10.0), (.nan, 0, 1, 1), (0, 0, .infinity, 1)] {
            #expect(throws: MapsError.self) { try Mars.window("IAU_2015:49900", reversed, 10, 10) }
        }
        #expect(throws: MapsError.self) { try Mars.window("IAU_2015:49900", (0, 0, 1, 1), 0, 10) }
    }
}
