import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct BodyCatalogueTests {
    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.iau2015() }

    @Test func everyBodyHasTheReportsRadii() throws {
        let rows = try Table.rows("bodies.txt")
        #expect(rows.count == 97)
        #expect(catalogue.bodies.count == rows.count)
        for row in rows {
            let code = try #require(Int(row[0]))
            let body = try #require(catalogue.body(naifCode: code), "\(row[1])")
            #expect(body.name == row[1])
            #expect(body.sphereRadiusMetres == Double(row[2]))
            if row[3] != "-" {
                #expect(body.equatorialRadiusMetres == Double(row[3]), "\(row[1])")
                #expect(body.intermediateRadiusMetres == Double(row[4]), "\(row[1])")
                #expect(body.polarRadiusMetres == Double(row[5]), "\(row[1])")
            }
            let sense = body.planetographicLongitudeIsWest.map { $0 ? "west" : "east" } ?? "-"
            #expect(sense == row[6], "\(row[1])")
        }
    }

    @Test func everyBodyTurnsAsTheListSays() throws {
        let rows = try Table.rows("rotations.txt")
        #expect(rows.count == 97)
        for row in rows {
            let code = try #require(Int(row[0]))
            let body = try #require(catalogue.body(naifCode: code))
            #expect(body.rotation?.rawValue ?? "-" == row[1], "\(body.name)")
        }
    }

    @Test func namesAreFoundInEverySpelling() throws {
        for row in try Table.rows("names.txt") {
            let wanted = row[1]
            do {
                let body = try catalogue.body(named: row[0])
                #expect(String(body.naifCode) == wanted, "\(row[0])")
            } catch let error {
                switch error {
                case .unknownBody(_, let nearest):
                    let offered = wanted.dropFirst().trimmingCharacters(in: .whitespaces)
                    #expect(wanted.hasPrefix("?"), "\(row[0]): \(error)")
                    #expect(
                        offered.isEmpty ? nearest.isEmpty : nearest.first == offered, "\(row[0]): \(nearest)")
                case .ambiguousBody:
                    #expect(wanted == "*", "\(row[0]): \(error)")
                default:
                    Issue.record("\(row[0]): \(error)")
                }
            }
        }
    }

    @Test func everyBodyIsFoundByItsOwnName() throws {
        for body in catalogue.bodies {
            #expect(try catalogue.body(named: body.name) == body)
            #expect(try catalogue.body(named: "GCS_\(body.name)_2015".replacing(" ", with: "_")) == body)
            #expect(try catalogue.body(named: body.pathName) == body)
        }
    }

    @Test func pathNamesAndCodes() throws {
        let asteroid = try catalogue.body(named: "52 Europa")
        #expect(asteroid.pathName == "52-europa")
        #expect(asteroid.iauCode(0) == "IAU_2015:200005200")
        let mars = try catalogue.body(named: "Mars")
        #expect(mars.pathName == "mars")
        #expect(mars.iauCode(15) == "IAU_2015:49915")
    }

    @Test func unknownCodesAreNil() {
        #expect(catalogue.body(naifCode: 498) == nil)
        #expect(catalogue.body(naifCode: -1) == nil)
        #expect(catalogue.body(naifCode: .max) == nil)
    }

    @Test func readingIsQuick() throws {
        let clock = ContinuousClock()
        let time = try clock.measure { _ = try BodyCatalogue(readingFrom: try PROJContext()) }
        #expect(time < .seconds(10), "\(time)")
    }
}
