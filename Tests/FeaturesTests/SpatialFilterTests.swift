import Foundation
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// Geometries against each other: what lies how to what, and how far.
@Suite struct SpatialFilterTests {
    private static func ring(_ numbers: [Double]) -> [Position] {
        stride(from: 0, to: numbers.count, by: 2).map { Position(numbers[$0], numbers[$0 + 1]) }
    }

    private static func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> [Position]
    {
        ring([west, south, east, south, east, north, west, north, west, south])
    }

    private static let shapes: [String: Geometry] = [
        "pointIn": .point(Position(5, 5)), "pointEdge": .point(Position(10, 5)),
        "pointOut": .point(Position(20, 5)), "lineThrough": .line(ring([-5, 5, 15, 5])),
        "lineEdge": .line(ring([0, 0, 0, 10])), "lineInside": .line(ring([2, 2, 3, 8])),
        "squareSame": .polygon([ring([10, 0, 10, 10, 0, 10, 0, 5, 0, 0, 10, 0])]),
        "squareOver": .polygon([square(5, 5, 15, 15)]), "squareInside": .polygon([square(2, 2, 4, 4)]),
        "squareBeside": .polygon([square(10, 0, 20, 10)]),
        "squareAround": .polygon([square(-10, -10, 20, 20)]),
        "ring": .polygon([square(-10, -10, 20, 20), square(-1, -1, 11, 11)]),
        "corner": .polygon([square(10, 10, 12, 12)]), "square": .polygon([square(0, 0, 10, 10)]),
        "line": .line(ring([0, 5, 10, 5])), "point": .point(Position(5, 5)),
    ]

    /// Shapely 2.2.0 with GEOS 3.14.1: what the feature is to the asked geometry.
    private static let table: [(String, String, String)] = [
        ("square", "pointIn", "intersects within"),
        ("square", "pointEdge", "intersects touches"),
        ("square", "pointOut", "disjoint"),
        ("square", "lineThrough", "intersects crosses"),
        ("square", "lineEdge", "intersects touches"),
        ("square", "lineInside", "intersects within"),
        ("square", "squareSame", "intersects within contains equals"),
        ("square", "squareOver", "intersects overlaps"),
        ("square", "squareInside", "intersects within"),
        ("square", "squareBeside", "intersects touches"),
        ("square", "squareAround", "intersects contains"),
        ("square", "ring", "disjoint"),
        ("square", "corner", "intersects touches"),
        ("line", "pointIn", "intersects within"),
        ("line", "pointEdge", "intersects touches"),
        ("line", "pointOut", "disjoint"),
        ("line", "lineThrough", "intersects contains"),
        ("line", "lineEdge", "intersects touches"),
        ("line", "lineInside", "intersects crosses"),
        ("line", "squareSame", "intersects contains"),
        ("line", "squareOver", "intersects touches"),
        ("line", "squareInside", "disjoint"),
        ("line", "squareBeside", "intersects touches"),
        ("line", "squareAround", "intersects contains"),
        ("line", "ring", "disjoint"),
        ("line", "corner", "disjoint"),
        ("point", "pointIn", "intersects within contains equals"),
        ("point", "pointEdge", "disjoint"),
        ("point", "pointOut", "disjoint"),
        ("point", "lineThrough", "intersects contains"),
        ("point", "lineEdge", "disjoint"),
        ("point", "lineInside", "disjoint"),
        ("point", "squareSame", "intersects contains"),
        ("point", "squareOver", "intersects touches"),
        ("point", "squareInside", "disjoint"),
        ("point", "squareBeside", "disjoint"),
        ("point", "squareAround", "intersects contains"),
        ("point", "ring", "disjoint"),
        ("point", "corner", "disjoint"),
    ]

    @Test func relations() throws {
        for (asked, feature, expected) in Self.table {
            let (asked, feature) = (Self.shapes[asked]!, Self.shapes[feature]!)
            let blob = GeoPackageGeometry.blob(feature, system: 49900, box: feature.box)
            let holding = try SpatialRelation.allCases.filter { try SpatialTest($0, asked).holds(blob) }
            #expect(Set(holding.map(\.rawValue)) == Set(expected.split(separator: " ").map(String.init)))
        }
    }

    private static let radius = 3_396_190.0

    private func isNear(_ feature: Geometry, _ asked: Geometry, degrees: Double) throws -> Bool {
        let distance = GroundDistance(metres: degrees * .pi / 180 * Self.radius, radiusMetres: Self.radius)
        let blob = GeoPackageGeometry.blob(feature, system: 49900, box: feature.box)
        let near = try SpatialTest(distance, asked, isBeyond: false)
        // The boxes of the index leave nothing out.
        if try near.holds(blob), let box = feature.box {
            #expect(near.boxes?.contains { $0.meets(box) } ?? true)
        }
        #expect(try SpatialTest(distance, asked, isBeyond: true).holds(blob) != near.holds(blob))
        return try near.holds(blob)
    }

    /// The haversine formula, which the program does not use.
    private static func degrees(_ a: Position, _ b: Position) -> Double {
        let k = Double.pi / 180
        let h =
            pow(sin((b.y - a.y) * k / 2), 2) + cos(a.y * k) * cos(b.y * k) * pow(sin((b.x - a.x) * k / 2), 2)
        return 2 * asin(min(1, h.squareRoot())) / k
    }

    @Test func distancesOfPoints() throws {
        let places = [
            Position(0, 0), Position(179.9, 10), Position(-179.8, 10.1), Position(20, 89), Position(-150, 88),
            Position(77, -90), Position(12.34567, -45.6), Position(12.345671, -45.6),
        ]
        for a in places {
            for b in places where a != b {
                let distance = Self.degrees(a, b)
                #expect(try isNear(.point(a), .point(b), degrees: distance * (1 + 1e-9) + 1e-12))
                #expect(try !isNear(.point(a), .point(b), degrees: distance * (1 - 1e-9) - 1e-12))
            }
        }
    }

    /// A third of a metre on Mars, in degrees.
    private static let tolerance = 1e-7 * 180 / Double.pi

    /// Distances by formula: the parallel of 60 degrees is 30 from the pole, a meridian asin(cos(lat) sin(dlon)) from a place.
    @Test func distancesOfLinesAndPolygons() throws {
        let cases: [(Geometry, Geometry, Double)] = [
            (.line([Position(-170, 60), Position(170, 60)]), .point(Position(0, 90)), 30),
            (
                .line([Position(10, -80), Position(10, 80)]), .point(Position(40, 35)),
                asin(cos(35 * Double.pi / 180) * 0.5) * 180 / .pi
            ),
            // The end of the line is the nearest place.
            (.line([Position(10, -80), Position(10, -10)]), .point(Position(10, 3)), 13),
            // Over the seam.
            (.polygon([Self.square(178, -1, 179.5, 1)]), .point(Position(-179, 0)), 1.5),
            (
                .polygon([Self.square(178, -1, 179.5, 1)]), .polygon([Self.square(-179.25, -1, -178, 1)]),
                Self.degrees(Position(179.5, 1), Position(-179.25, 1))
            ),
            // Edges along parallels are nearer to a place in the north than great circles between their ends.
            (.polygon([Self.square(-40, 10, 40, 50)]), .point(Position(0, 70)), 20),
            (.polygon([Self.square(-40, 10, 40, 50)]), .point(Position(0, -5)), 15),
        ]
        for (feature, asked, expected) in cases {
            for (one, two) in [(feature, asked), (asked, feature)] {
                #expect(try isNear(one, two, degrees: expected + Self.tolerance), "\(one) \(two)")
                #expect(try !isNear(one, two, degrees: expected - Self.tolerance), "\(one) \(two)")
            }
        }
        // Inside and across: nothing between them.
        let big = Geometry.polygon([Self.square(-40, 10, 40, 50)])
        #expect(try isNear(.point(Position(0, 30)), big, degrees: 0))
        #expect(try isNear(big, .point(Position(0, 30)), degrees: 0))
        #expect(try isNear(.line([Position(-60, 20), Position(60, 21)]), big, degrees: 0))
        #expect(throws: FeatureError.self) {
            let zigzag = (0..<400).map { Position($0 % 2 == 0 ? -170 : 170, Double($0) / 5) }
            _ = try SpatialTest(
                GroundDistance(metres: 1, radiusMetres: 1), .line(zigzag), isBeyond: false)
        }
    }

    /// Geometries of requests are divided as those of imports are.
    @Test func askedGeometries() throws {
        func holds(_ geometry: Geometry, _ place: Position) throws -> Bool {
            let asked = try #require(try geometry.inLayers())
            let blob = GeoPackageGeometry.blob(.point(place), system: 49900, box: nil)
            return try SpatialTest(.intersects, asked).holds(blob)
        }
        for turn in [0.0, 360, -360] {
            let over = Geometry.polygon([Self.square(170 + turn, -5, 190 + turn, 5)])
            #expect(try holds(over, Position(-175, 0)) && holds(over, Position(175, 0)))
            #expect(try !holds(over, Position(0, 0)))
        }
        let zero = Geometry.polygon([Self.ring([350, -5, 370, -5, 370, 5, 351, 5.5, 350, -5])])
        #expect(
            try holds(zero, Position(-5, 0)) && holds(zero, Position(5, 0)) && !holds(zero, Position(180, 0)))
        // A box keeps its longitudes, other rings go the short way.
        let wide = Geometry.polygon([Self.square(-170, -5, 170, 5)])
        #expect(try holds(wide, Position(0, 0)) && !holds(wide, Position(175, 0)))
        let short = Geometry.polygon([Self.ring([-170, -5, 170, -5, 170, 5, 179, 6, -170, 5, -170, -5])])
        #expect(try !holds(short, Position(0, 0)) && holds(short, Position(175, 0)))
        let cap = Geometry.polygon([Self.ring([0, 80, 90, 80, 180, 80, 270, 80, 360, 80])])
        #expect(
            try holds(cap, Position(33, 89)) && holds(cap, Position(-100, 90))
                && !holds(cap, Position(33, 79)))
        // A bow tie is taken as its two halves.
        let tie = Geometry.polygon([Self.ring([0, 0, 10, 10, 10, 0, 0, 10, 0, 0])])
        #expect(try holds(tie, Position(9, 5)) && holds(tie, Position(1, 5)) && !holds(tie, Position(5, 9)))
        #expect(throws: FeatureError.self) { try Geometry.point(Position(0, 91)).inLayers() }
        #expect(try Geometry.polygon([Self.ring([1, 1, 1, 1, 1, 1, 1, 1])]).inLayers() == nil)
    }

    @Test func collectionsAreComparedPartByPart() throws {
        let feature = Geometry.collection([Self.shapes["pointIn"]!, Self.shapes["squareInside"]!])
        let blob = GeoPackageGeometry.blob(feature, system: 49900, box: feature.box)
        #expect(try SpatialTest(.within, Self.shapes["square"]!).holds(blob))
        #expect(try SpatialTest(.intersects, Self.shapes["line"]!).holds(blob))
        #expect(try !SpatialTest(.within, Self.shapes["squareInside"]!).holds(blob))
    }
}
