import Testing

@testable import PlanetaryFrames

@Suite struct AngleTests {
    @Test func latitudesAgreeWithHighPrecision() throws {
        for row in try Table.rows("latitudes.txt") {
            let values = try row.map { try #require(Double($0)) }
            let spheroid = Spheroid(equatorialRadiusMetres: values[0], polarRadiusMetres: values[1])
            let centric = spheroid.planetocentricDegrees(planetographicDegrees: values[2])
            #expect(abs(centric - values[3]) <= 4 * values[3].ulp, "\(row)")
            let graphic = spheroid.planetographicDegrees(planetocentricDegrees: values[3])
            // The given planetocentric latitude is itself rounded, which the inverse magnifies by (a/b)^2.
            let magnified = (values[0] / values[1]) * (values[0] / values[1])
            #expect(abs(graphic - values[2]) <= (4 + magnified) * max(values[2].ulp, values[3].ulp), "\(row)")
        }
    }

    @Test func marsAsPROJHasIt() {
        let mars = Spheroid(equatorialRadiusMetres: 3_396_190, polarRadiusMetres: 3_376_200)
        #expect(abs(mars.planetocentricDegrees(planetographicDegrees: 45) - 44.66176805) < 5e-9)
        #expect(abs(mars.planetographicDegrees(planetocentricDegrees: 45) - 45.33823195) < 5e-9)
    }

    @Test func polesAndBeyond() {
        let mars = Spheroid(equatorialRadiusMetres: 3_396_190, polarRadiusMetres: 3_376_200)
        #expect(mars.planetocentricDegrees(planetographicDegrees: 90) == 90)
        #expect(mars.planetocentricDegrees(planetographicDegrees: -90) == -90)
        #expect(mars.planetographicDegrees(planetocentricDegrees: 0) == 0)
        #expect(mars.planetographicDegrees(planetocentricDegrees: 90.1).isNaN)
        #expect(mars.planetocentricDegrees(planetographicDegrees: .nan).isNaN)
    }

    @Test func longitudeSenses() {
        #expect(LongitudeSense.west.eastDegrees(30) == 330)
        #expect(LongitudeSense.west.eastDegrees(0) == 0)
        #expect(LongitudeSense.west.eastDegrees(-330) == 330)
        #expect(LongitudeSense.west.eastDegrees(180) == 180)
        #expect(LongitudeSense.east.eastDegrees(-180) == 180)
        #expect(LongitudeSense.east.eastDegrees(360) == 0)
        #expect(LongitudeSense.east.eastDegrees(-1e-20) == 0)
        #expect(LongitudeSense.east.eastDegrees(-0.0).sign == .plus)
    }
}
