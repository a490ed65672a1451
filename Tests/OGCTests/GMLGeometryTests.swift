import Maps
import PlanetaryFrames
import Testing
import XML

@testable import Features
@testable import OGC

/// Geometries of requests in three generations of GML, and boxes, in any system of a body.
@Suite struct GMLGeometryTests {
    private let systems: MapSystems

    init() throws {
        let catalogue = try BodyCatalogue.standard()
        systems = try MapSystems(
            body: catalogue.body(named: "mars"), catalogue: catalogue,
            options: MapSystems.Options(earthAliases: true))
    }

    private func read(
        _ text: String, _ axes: GeometryAxes = .xy, crs: String? = nil
    ) throws -> GMLGeometryReader.Reading {
        let gml = "xmlns:gml=\"http://www.opengis.net/gml\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
        let first = text.firstIndex { $0 == " " || $0 == ">" || $0 == "/" }!
        let element = try XMLElement.parse(
            Array((text[..<first] + " " + gml + text[first...]).utf8))
        return try GMLGeometryReader(
            systems, defaultCRS: crs.map { try systems.parse($0).crs }, axes: axes
        ).read(element)
    }

    private static func ring(_ numbers: [Double]) -> [Position] {
        stride(from: 0, to: numbers.count, by: 2).map { Position(numbers[$0], numbers[$0 + 1]) }
    }

    private static let line = Geometry.multiLine([ring([10, 5, 20, 6, 30, 7])])
    private static let square = ring([10, 0, 20, 0, 20, 10, 10, 10, 10, 0])
    private static let posList = "<gml:posList>10 0 20 0 20 10 10 10 10 0</gml:posList>"

    private static let forms: [(String, Geometry)] = [
        ("<gml:Point><gml:pos>10 5</gml:pos></gml:Point>", .point(Position(10, 5))),
        ("<gml:Point><gml:pos srsDimension=\"3\">10 5 7</gml:pos></gml:Point>", .point(Position(10, 5))),
        (
            "<gml:Point><gml:name>x</gml:name><gml:coordinates>10,5</gml:coordinates></gml:Point>",
            .point(Position(10, 5))
        ),
        (
            "<gml:Point><gml:coordinates decimal=\",\" cs=\";\" ts=\"|\">10,25;5</gml:coordinates></gml:Point>",
            .point(Position(10.25, 5))
        ),
        (
            "<gml:Point><gml:coord><gml:X>10</gml:X><gml:Y>5</gml:Y></gml:coord></gml:Point>",
            .point(Position(10, 5))
        ),
        ("<gml:LineString><gml:posList>10 5 20 6\n30 7</gml:posList></gml:LineString>", line),
        (
            "<gml:LineString srsDimension=\"3\"><gml:posList>10 5 1 20 6 1 30 7 1</gml:posList></gml:LineString>",
            line
        ),
        (
            "<gml:LineString><gml:pos>10 5</gml:pos><gml:pos>20 6</gml:pos><gml:pos>30 7</gml:pos></gml:LineString>",
            line
        ),
        ("<gml:LineString><gml:coordinates>10,5 20,6,3\n 30,7</gml:coordinates></gml:LineString>", line),
        (
            "<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>10 5 20 6</gml:posList></gml:LineStringSegment><gml:LineStringSegment><gml:posList>20 6 30 7</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>",
            line
        ),
        (
            "<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>10 5 20 6 30 7</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>",
            line
        ),
        (
            "<gml:MultiLineString><gml:lineStringMember><gml:LineString><gml:coordinates>10,5 20,6 30,7</gml:coordinates></gml:LineString></gml:lineStringMember></gml:MultiLineString>",
            line
        ),
        (
            "<gml:Polygon><gml:exterior><gml:LinearRing>\(posList)</gml:LinearRing></gml:exterior></gml:Polygon>",
            .multiPolygon([[square]])
        ),
        (
            "<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>10,0 20,0 20,10 10,10 10,0</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>",
            .multiPolygon([[square]])
        ),
        (
            "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:LineString>\(posList)</gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>",
            .multiPolygon([[square]])
        ),
        (
            "<gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing>\(posList)</gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>",
            .multiPolygon([[square]])
        ),
        (
            "<gml:MultiSurface><gml:surfaceMembers><gml:Polygon><gml:exterior><gml:LinearRing>\(posList)</gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>12 2 12 4 14 4 14 2 12 2</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></gml:surfaceMembers></gml:MultiSurface>",
            .multiPolygon([[square, ring([12, 2, 12, 4, 14, 4, 14, 2, 12, 2])]])
        ),
        (
            "<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember><gml:pointMembers><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>",
            .multiPoint(ring([1, 2, 3, 4]))
        ),
        (
            "<gml:MultiGeometry><gml:geometryMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:geometryMember><gml:geometryMember><gml:LineString><gml:posList>10 5 20 6 30 7</gml:posList></gml:LineString></gml:geometryMember></gml:MultiGeometry>",
            .collection([.point(Position(1, 2)), line])
        ),
    ]

    @Test(arguments: Self.forms.indices) func geometries(index: Int) throws {
        #expect(try read(Self.forms[index].0) == .geometry(Self.forms[index].1))
    }

    @Test func boxesInGML() throws {
        let box = GMLGeometryReader.Reading.box(FeatureBox(minX: 350, minY: -5, maxX: 10, maxY: 5))
        #expect(
            try read(
                "<gml:Envelope><gml:lowerCorner>350 -5</gml:lowerCorner><gml:upperCorner>10 5</gml:upperCorner></gml:Envelope>"
            ) == box)
        #expect(try read("<gml:Box><gml:coordinates>350,-5 10,5</gml:coordinates></gml:Box>") == box)
        #expect(
            try read("<gml:Envelope><gml:pos>350 -5</gml:pos><gml:pos>10 5</gml:pos></gml:Envelope>") == box)
    }

    private func point(_ srs: String, _ a: Double, _ b: Double, _ axes: GeometryAxes = .xy) throws -> Position
    {
        let text = "<gml:Point srsName=\"\(srs)\"><gml:pos>\(a) \(b)</gml:pos></gml:Point>"
        guard case .geometry(.point(let place)) = try read(text, axes) else {
            throw GeometryIsNoPoint()
        }
        return place
    }

    private struct GeometryIsNoPoint: Error {}

    /// Numbers of PROJ 9.1.1, and the rule of the latitude.
    @Test func systemsOfTheBody() throws {
        let urn = "urn:ogc:def:crs:IAU_2015::"
        let near = { (a: Position, x: Double, y: Double) in abs(a.x - x) < 1e-7 && abs(a.y - y) < 1e-7 }
        #expect(try near(point(urn + "49910", 1778240.926, 2667361.389), 30, 45))
        let polar = try point("IAU_2015:49930", 297128.124, -514641.007)
        #expect(abs(polar.x - 30) < 1e-6 && abs(polar.y - 80) < 1e-7)
        // Planetographic latitudes, longitudes to the west.
        #expect(try near(point(urn + "49901", 30, 45), -30, 44.66176805))
        #expect(try near(point(urn + "49901", 45, 30, .authority), -30, 44.66176805))
        #expect(try near(point(urn + "49900", 30, 45), 30, 45))
        #expect(try near(point(urn + "49900", 45, 30, .authority), 30, 45))
        #expect(try near(point("http://www.opengis.net/def/crs/IAU/2015/49900", 45, 30, .authority), 30, 45))
        // A plain code has the longitude first in both.
        #expect(try near(point("IAU_2015:49900", 30, 45, .authority), 30, 45))
        // Where only one order gives latitudes, that one is meant.
        #expect(try near(point("IAU_2015:49900", 20, 100), 100, 20))
        #expect(try near(point(urn + "49900", 100, 20, .authority), 100, 20))
        // Every client knows this one.
        #expect(try near(point("urn:ogc:def:crs:EPSG::4326", 45, 30), 30, 45))
        #expect(try near(point("EPSG:4326", 30, 45), 30, 45))
        let metres = try read(
            "<gml:Point><gml:pos>1778240.926 2667361.389</gml:pos></gml:Point>", crs: "IAU_2015:49910")
        guard case .geometry(.point(let place)) = metres else { throw GeometryIsNoPoint() }
        #expect(near(place, 30, 45))
    }

    /// A square around the pole of a polar map holds the pole, though no corner is near it.
    @Test func squareAroundThePole() throws {
        let side = 500_000
        let text = """
            <gml:Polygon srsName="urn:ogc:def:crs:IAU_2015::49930"><gml:exterior><gml:LinearRing><gml:posList>\
            -\(side) -\(side) \(side) -\(side) \(side) \(side) -\(side) \(side) -\(side) -\(side)\
            </gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>
            """
        let polygon = try read(text).geometry
        let box = try BoxReader(systems).read("-\(side),-\(side),\(side),\(side),IAU_2015:49930")
        let shape = try #require(box.shape)
        #expect(box.box.maxY == 90)
        let crs = try systems.parse("IAU_2015:49930").crs
        for geometry in [polygon, shape] {
            let test = try SpatialTest(.intersects, geometry)
            for x in stride(from: -795_000.0, through: 800_000, by: 53_000) {
                for y in stride(from: -795_000.0, through: 800_000, by: 53_000) {
                    let place = try #require(try crs.direction(x: x, y: y))
                    let feature = Geometry.point(
                        Position(place.lonDeg > 180 ? place.lonDeg - 360 : place.lonDeg, place.latDeg))
                    let blob = GeoPackageGeometry.blob(feature, system: 0, box: nil)
                    #expect(
                        try test.holds(blob) == (abs(x) < Double(side) && abs(y) < Double(side)), "\(x) \(y)")
                }
            }
        }
    }

    private static let boxes: [(String, FeatureBox)] = [
        ("10,-5,20,5", FeatureBox(minX: 10, minY: -5, maxX: 20, maxY: 5)),
        ("10,-5,20,5,", FeatureBox(minX: 10, minY: -5, maxX: 20, maxY: 5)),
        ("20,100,22,102,IAU_2015:49900", FeatureBox(minX: 100, minY: 20, maxX: 102, maxY: 22)),
        ("350,-5,10,5,urn:ogc:def:crs:IAU_2015::49900", FeatureBox(minX: 350, minY: -5, maxX: 10, maxY: 5)),
        ("170,-95,190,5", FeatureBox(minX: 170, minY: -90, maxX: 190, maxY: 5)),
        // West longitudes of 10 to 20 are -20 to -10 to the east.
        ("10,0,20,0,IAU_2015:49901", FeatureBox(minX: -20, minY: 0, maxX: -10, maxY: 0)),
    ]

    @Test func boxesOfParameters() throws {
        for (text, expected) in Self.boxes {
            let read = try BoxReader(systems).read(text)
            #expect(read.box == expected && read.shape == nil, "\(text): \(read.box)")
        }
        let half = try BoxReader(systems).read(
            "-10669445.554195,-5334722.777098,0,5334722.777098,IAU_2015:49910"
        ).box
        for (lon, isIn) in [(-179.0, true), (-90, true), (-1, true), (1, false), (90, false), (179, false)] {
            let place = FeatureBox(minX: lon, minY: 0, maxX: lon, maxY: 0)
            #expect(half.parts.contains { $0.meets(place) } == isIn, "\(lon) in \(half)")
        }
        let whole = try BoxReader(systems).read("-11000000,-6000000,11000000,6000000,IAU_2015:49910").box
        #expect(whole.parts == [FeatureBox(minX: -180, minY: whole.minY, maxX: 180, maxY: whole.maxY)])
        #expect(abs(whole.minY + 90) < 1e-9 && abs(whole.maxY - 90) < 1e-9)
        // Corners of a sinusoidal map's box are outside of it; what it shows is inside of what is asked.
        let sinusoidal = try BoxReader(systems).read("-11000000,-5400000,11000000,5400000,IAU_2015:49920")
        #expect(sinusoidal.box.parts == [FeatureBox(minX: -180, minY: -90, maxX: 180, maxY: 90)])
        for text in [
            "", "1,2,3", "1,2,3,x", "1,2,3,nan", "1,2,3,4,IAU_2015:30100", "1,2,3,4,5,6", "1,5,3,4",
            "3,2,1,4,IAU_2015:49910",
        ] {
            #expect(throws: OGCException.self, "\(text)") { try BoxReader(systems).read(text) }
        }
    }

    private static let wrong: [(String, String)] = [
        ("<gml:Point/>", "one was expected"),
        ("<gml:Point><gml:pos>1</gml:pos></gml:Point>", "1 numbers"),
        ("<gml:Point><gml:pos>1 x</gml:pos></gml:Point>", "a number was expected"),
        ("<gml:Point><gml:pos>1 inf</gml:pos></gml:Point>", "a number was expected"),
        ("<gml:Point><gml:pos>100 91</gml:pos></gml:Point>", "not on the map"),
        ("<gml:Point srsName=\"IAU_2015:49930\"><gml:pos>0 1e20</gml:pos></gml:Point>", "not on the map"),
        ("<gml:Point srsName=\"EPSG:99999999\"><gml:pos>1 2</gml:pos></gml:Point>", "srsName"),
        ("<gml:Point xlink:href=\"http://x/y\"/>", "refers to a geometry elsewhere"),
        ("<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>", "no positions of 2"),
        ("<gml:LineString><gml:posList>1 2</gml:posList></gml:LineString>", "two or more"),
        ("<gml:LineString><gml:posList>1 2 1 2</gml:posList></gml:LineString>", "all the same"),
        (
            "<gml:LineString srsDimension=\"9\"><gml:posList>1 2 1 2</gml:posList></gml:LineString>",
            "srsDimension"
        ),
        ("<gml:Polygon/>", "0 outer rings"),
        ("<gml:Polygon><gml:exterior><gml:Circle/></gml:exterior></gml:Polygon>", "straight pieces"),
        ("<gml:Curve><gml:segments><gml:Arc/></gml:segments></gml:Curve>", "straight pieces"),
        ("<gml:Solid/>", "no geometry that is read here"),
        (
            "<gml:Envelope><gml:lowerCorner>1 5</gml:lowerCorner><gml:upperCorner>2 3</gml:upperCorner></gml:Envelope>",
            "the lower one is expected first"
        ),
        (
            "<gml:MultiPoint srsName=\"IAU_2015:49900\"><gml:pointMember><gml:Point srsName=\"IAU_2015:49910\"><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>",
            "one system was expected"
        ),
    ]

    @Test func refusesWhatIsNoGeometry() throws {
        for (text, words) in Self.wrong {
            do {
                let reading = try read(text)
                Issue.record("\(text) became \(reading)")
            } catch let error as OGCException {
                #expect(error.text.contains(words) && error.locator == "FILTER", "\(text): \(error.text)")
            }
        }
        let deep =
            String(repeating: "<gml:MultiGeometry><gml:geometryMember>", count: 40)
            + String(repeating: "</gml:geometryMember></gml:MultiGeometry>", count: 40)
        #expect(throws: OGCException.self) { try read(deep) }
    }
}
