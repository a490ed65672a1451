import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct ConversionTests {
    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.standard() }

    func frame(_ definition: String) throws -> MapFrame {
        try MapFrame(definition: definition, declaredBody: nil, catalogue: catalogue, source: "map.tif")
    }

    @Test func systemsOfEveryBodyWithAnEllipsoid() throws {
        var conversions: [String: FrameConversion] = [:]
        var bodies: Set<String> = []
        // Maps of the Earth are refused.
        for row in try Table.rows("conversions.txt") where !row[0].hasPrefix("399") {
            let key = row[0] + row[1]
            let conversion =
                try conversions[key]
                ?? FrameConversion(from: frame("IAU_2015:\(row[0])"), to: frame("IAU_2015:\(row[1])"))
            conversions[key] = conversion
            let n = row.dropFirst(2).compactMap { Double($0) }
            let (lon, lat) = conversion.convert(x: n[0], y: n[1])
            #expect(abs(remainder(lon - n[2], 360)) < 1e-9 && abs(lat - n[3]) < 1e-9, "\(row): \(lon) \(lat)")
            bodies.insert(String(row[0].dropLast(2)))
        }
        #expect(bodies.count == 17)
    }

    @Test func theTableOfTheStandardsNotes() throws {
        func convert(_ from: Int, _ to: Int, _ x: Double, _ y: Double) throws -> (Double, Double) {
            try FrameConversion(from: frame("IAU_2015:\(from)"), to: frame("IAU_2015:\(to)")).convert(
                x: x, y: y)
        }
        // As cs2cs prints them where it is right, in the order x, y.
        for (from, to, x, y, wantedX, wantedY, digits) in [
            (49901, 49902, 30.0, 45.0, -30.0, 44.66176805, 5e-9),
            (49902, 49901, 330, 45, 30, 45.33823195, 5e-9),
            (49900, 49901, 330, 45, 30, 45.33823195, 5e-9), (49900, 49902, 330, 45, -30, 45, 1e-12),
            (49902, 49912, 30, 45, 1_778_240.926, 2_667_361.389, 5e-4),
            (49900, 49910, 30, 45, 1_778_240.926, 2_667_361.389, 5e-4),
            (49900, 49930, 30, 80, 297_128.124, -514_641.007, 5e-4),
            (49902, 49932, 30, 80, 295_379.530, -511_612.354, 5e-4),
            (49901, 49931, 30, 80, 298_833.462, -517_594.740, 5e-4),
        ] {
            let (gotX, gotY) = try convert(from, to, x, y)
            #expect(
                abs(gotX - wantedX) <= digits && abs(gotY - wantedY) <= digits,
                "\(from) \(to): \(gotX) \(gotY)")
        }
    }

    @Test func crossingBodiesIsRefused() throws {
        let error = #expect(throws: FrameError.self) {
            try FrameConversion(from: frame("IAU_2015:49900"), to: frame("IAU_2015:30100"))
        }
        #expect(error?.caseName == "crossingBodies")
        #expect(throws: FrameError.self) { try frame("EPSG:4326") }
    }

    @Test func latitudesAndLongitudesAreTypes() throws {
        let mars = try catalogue.body(named: "Mars").spheroid
        let graphic = try #require(PlanetographicLatitude(degrees: 45))
        #expect(abs(graphic.planetocentric(on: mars).degrees - 44.66176805) < 5e-9)
        let centric = try #require(PlanetocentricLatitude(degrees: -45))
        #expect(abs(centric.planetographic(on: mars).degrees + 45.33823195) < 5e-9)
        #expect(PlanetocentricLatitude(degrees: 90.001) == nil)
        #expect(PlanetographicLatitude(degrees: .nan) == nil)
        #expect(EastLongitude(degrees: 390)?.degrees == 30)
        #expect(EastLongitude(degrees: 30)?.west.degrees == 330)
        #expect(WestLongitude(degrees: 30)?.east.degrees == 330)
        #expect(WestLongitude(degrees: 30)?.east.signedDegrees == -30)
        #expect(WestLongitude(degrees: 0)?.east.degrees == 0)
        #expect(EastLongitude(degrees: .infinity) == nil)
        for spheroid in catalogue.bodies.map(\.spheroid) {
            for degrees in stride(from: -90.0, through: 90, by: 7.5) {
                let there = try #require(PlanetocentricLatitude(degrees: degrees)).planetographic(
                    on: spheroid)
                #expect(abs(there.planetocentric(on: spheroid).degrees - degrees) < 1e-9)
            }
        }
    }
}
