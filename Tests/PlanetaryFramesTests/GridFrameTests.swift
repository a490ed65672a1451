import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct GridFrameTests {
    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.iau2015() }

    func frame(_ definition: String, _ body: String? = nil) throws -> GridFrame {
        try GridFrame(
            definition: definition, declaredBody: body.map { try catalogue.body(named: $0) },
            catalogue: catalogue, source: "map.tif")
    }

    @Test func realRastersAreReadOrRefused() throws {
        let systems = try Table.text("raster_wkt.txt").split(separator: "\n").map {
            $0.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        let wkt = Dictionary(uniqueKeysWithValues: systems.map { ($0[0], $0[1]) })
        let rows = try Table.rows("raster_expected.txt")
        #expect(Set(rows.map { $0[0] }) == Set(wkt.keys))
        for row in rows {
            let definition = try #require(wkt[row[0]])
            do {
                let frame = try frame(definition)
                #expect(frame.body.name == row[1], "\(row[0])")
                #expect(frame.radiusMetres == Double(row[2]), "\(row[0])")
                let kind = row[3].split(separator: " ").map(String.init)
                switch frame.kind {
                case .geographic:
                    #expect(kind == ["geographic"], "\(row[0])")
                    #expect(frame.longitudeDegrees(x: 12.5) == 12.5)
                    #expect(frame.latitudeDegrees(y: -89.75) == -89.75)
                case .equirectangular(let centre, let latTs, let origin, let easting, let northing):
                    #expect(kind.first == "eqc", "\(row[0])")
                    #expect(kind.dropFirst().map(Double.init) == [centre, latTs], "\(row[0])")
                    #expect([origin, easting, northing] == [0, 0, 0])
                }
                #expect(frame.identifier ?? "-" == row[4], "\(row[0])")
                #expect(!frame.wkt2.isEmpty)
            } catch let error as FrameError {
                #expect(row[1] == "refused", "\(row[0]): \(error)")
                #expect(error.caseName == row.last, "\(row[0]): \(error)")
            }
        }
    }

    @Test func whatCannotBeReducedIsRefusedByItsOwnCase() throws {
        for row in try Table.rows("refusals.txt") {
            // A definition may hold the bar of the table nowhere, so the rest of the line is one field.
            let definition = row.dropFirst(2).joined(separator: "|")
            do {
                let accepted = try frame(definition, row[1] == "-" ? nil : row[1])
                Issue.record("\(definition) was read as \(accepted.kind) of \(accepted.body.name)")
            } catch let error as FrameError {
                #expect(error.caseName == row[0], "\(definition): \(error)")
                if error.caseName != "unsupportedIdentifier" {
                    #expect("\(error)".hasPrefix("map.tif: "), "\(error)")
                    #expect("\(error)".contains("survey file"), "\(error)")
                }
            }
        }
    }

    @Test func equirectangularGridsAreAffine() throws {
        for row in try Table.rows("grids.txt") {
            let name = row[0].contains("1737400") ? "Moon" : row[0].contains("60518") ? "Venus" : "Mars"
            let frame = try frame(row[0], row[0].contains("1560800") ? "Europa" : name)
            let x = try #require(Double(row[1]))
            let y = try #require(Double(row[2]))
            let lon = try #require(Double(row[3]))
            let lat = try #require(Double(row[4]))
            // Two roundings of the factors and one of the sum.
            let lonTolerance = 4 * max(abs(lon), 360).ulp
            let latTolerance = 4 * max(abs(lat), 360).ulp
            #expect(abs(frame.longitudeDegrees(x: x) - lon) <= lonTolerance, "\(row[0]) \(x)")
            #expect(abs(frame.latitudeDegrees(y: y) - lat) <= latTolerance, "\(row[0]) \(y)")
        }
    }

    @Test func codesOfTheIAUInAllSpellings() throws {
        for row in try Table.rows("spellings.txt") where row[1] == "IAU_2015:49900" {
            let frame = try frame(row[0])
            #expect(frame.body.naifCode == 499)
            #expect(frame.kind == .geographic)
            #expect(frame.identifier == "IAU_2015:49900")
            #expect(frame.radiusNote == nil)
        }
        let east = try frame("IAU_2015:49915")
        #expect(east.identifier == "IAU_2015:49915")
        // The published metre of one degree of the sphere of Mars.
        #expect(abs(east.longitudeDegrees(x: 59_274.697523667) - 181) < 1e-11)
        #expect(abs(east.latitudeDegrees(y: -59_274.697523667) + 1) < 1e-11)
    }

    @Test func everySphereOfTheIAUIsRead() throws {
        for body in catalogue.bodies {
            for k in [0, 10, 15] {
                let frame = try frame(body.iauCode(k))
                #expect(frame.body == body)
                #expect(frame.identifier == body.iauCode(k))
            }
        }
    }

    @Test func planetocentricAnglesOnTheEllipsoidAreThoseOfTheSphere() throws {
        let frame = try frame("IAU_2015:49902")
        #expect(frame.identifier == "IAU_2015:49900")
        #expect(frame.latitudeDegrees(y: 45) == 45)
        #expect(frame.longitudeDegrees(x: 330) == 330)
        #expect(frame.body.name == "Mars")
    }

    @Test func writtenSystemsEqualToACodeHaveItsIdentifier() throws {
        #expect(try frame("+proj=longlat +R=3396190 +no_defs", "Mars").identifier == "IAU_2015:49900")
        #expect(try frame("+proj=longlat +R=3396191 +no_defs", "Mars").identifier == "IAU_2015:49900")
        #expect(try frame("+proj=longlat +R=3396200 +no_defs", "Mars").identifier == nil)
        #expect(try frame("+proj=eqc +R=3396190", "Mars").identifier == "IAU_2015:49910")
        #expect(try frame("+proj=eqc +R=3396190 +lon_0=-180", "Mars").identifier == "IAU_2015:49915")
        #expect(try frame("+proj=eqc +R=3396190 +lon_0=90", "Mars").identifier == nil)
        #expect(try frame("+proj=eqc +R=3396190 +lat_ts=10", "Mars").identifier == nil)
        #expect(try frame("+proj=eqc +R=3396190 +x_0=1", "Mars").identifier == nil)
        #expect(try frame("+proj=eqc +R=3396190 +units=km", "Mars").identifier == nil)
        #expect(try frame("ESRI:104971").identifier == "IAU_2015:49900")
        #expect(try frame("ESRI:103885").identifier == "IAU_2015:49910")
    }

    @Test func aRadiusOfItsOwnIsKeptAndNoted() throws {
        let frame = try frame("+proj=eqc +R=3396000 +lon_0=180 +units=m", "Mars")
        #expect(frame.radiusMetres == 3_396_000)
        #expect(abs(frame.longitudeDegrees(x: Double.pi * 3_396_000) - 360) < 1e-12)
        let note = try #require(frame.radiusNote)
        #expect(note.contains("3396000") && note.contains("3396190") && note.contains("-0.0056 %"))
    }

    @Test func otherUnitsOfAngle() throws {
        let wkt = """
            GEOGCS["GCS_Mars",DATUM["D_Mars",SPHEROID["Mars",3396190,0]],\
            PRIMEM["Reference",0],UNIT["radian",1]]
            """
        let frame = try frame(wkt)
        #expect(abs(frame.longitudeDegrees(x: Double.pi) - 180) < 1e-13)
        #expect(frame.identifier == nil)
    }

    @Test func esriSpellings() throws {
        let base = """
            GEOGCS["GCS_Mars_2000_Sphere",DATUM["D_Mars_2000_Sphere",\
            SPHEROID["Mars_2000_Sphere_IAU_IAG",3396190.0,0.0]],\
            PRIMEM["Reference_Meridian",0.0],UNIT["Degree",0.0174532925199433]]
            """
        let tails = [
            """
            PROJECTION["Equidistant_Cylindrical"],PARAMETER["False_Easting",0.0],\
            PARAMETER["False_Northing",0.0],\
            PARAMETER["Central_Meridian",180.0],PARAMETER["Standard_Parallel_1",0.0],UNIT["Meter",1.0]
            """,
            """
            PROJECTION["Equidistant_Cylindrical"],PARAMETER["Central_Meridian",180.0],UNIT["Meter",1.0]
            """,
            """
            PROJECTION["Plate_Carree"],PARAMETER["Central_Meridian",180.0],UNIT["Meter",1.0]
            """,
            """
            PROJECTION["Simple_Cylindrical"],PARAMETER["Central_Meridian",180.0],UNIT["Meter",1.0]
            """,
        ]
        for tail in tails {
            #expect(try frame("PROJCS[\"map\",\(base),\(tail)]").identifier == "IAU_2015:49915", "\(tail)")
        }
    }

    @Test func boundCompoundAndThreeDimensionalSystemsAreUnwrapped() throws {
        #expect(try frame("+proj=longlat +R=3396190 +towgs84=0,0,0", "Mars").kind == .geographic)
        let compound = """
            COMPD_CS["Mars with heights",GEOGCS["GCS_Mars",DATUM["D_Mars",SPHEROID["Mars",3396190,0]],\
            PRIMEM["Reference",0],UNIT["degree",0.0174532925199433]],\
            VERT_CS["h",VERT_DATUM["d",2005],UNIT["metre",1],AXIS["Up",UP]]]
            """
        #expect(try frame(compound).body.name == "Mars")
    }

    @Test func theDeclaredBodyDecidesOnlyWhereTheFileIsSilent() throws {
        #expect(try frame("+proj=longlat +R=1821490", "Io").body.name == "Io")
        #expect(try frame("IAU_2015:49900", "mars").body.name == "Mars")
        // 2 % around the radii of the body, triaxial ones included: Phobos is 9.1 to 13 km.
        #expect(try frame("+proj=longlat +R=13000", "Phobos").body.name == "Phobos")
        #expect(try frame("+proj=longlat +R=3464000", "Mars").body.name == "Mars")
        #expect(try frame("IAU_2015:39900").body.name == "Earth")
    }

    @Test func refusalsSayWhatToState() throws {
        func message(_ definition: String, _ body: String?) -> String {
            do { return "\(try frame(definition, body).kind)" } catch { return "\(error)" }
        }
        #expect(message("IAU_2015:49901", nil).contains("`crs: IAU_2015:49900`"))
        #expect(message("IAU_2015:49912", nil).contains("`crs: IAU_2015:49910`"))
        #expect(message("IAU_2015:49917", nil).contains("`crs: IAU_2015:49915`"))
        #expect(message("EPSG:4326", "Mars").contains("Earth"))
        #expect(message("EPSG:4326", "Mars").contains("`crs: IAU_2015:49900`"))
        #expect(!message("EPSG:3857", "Mars").contains("IAU_2015:49900"))
        #expect(message("+proj=longlat +R=3396190", nil).contains("Mars would have its radius of 3396190 m"))
        #expect(message("+proj=longlat +R=1234567", nil).contains("No body has its radius"))
        #expect(message("IAU_2015:49920", nil).contains("\"Sinusoidal\""))
        #expect(message("IAU_2015:49900", "Moon").contains("crossing bodies is refused"))
        #expect(
            message("+proj=eqc +a=3396190 +b=3376200 +lat_ts=20", "Mars").contains("+lat_ts=20.0 +lon_0=0.0"))
    }

    @Test func statedReplacementsAreThemselvesAccepted() throws {
        let hirise = """
            PROJCS["Equirectangular MARS",GEOGCS["GCS_MARS",DATUM["D_MARS",\
            SPHEROID["MARS",3396036.8126024,0]],\
            PRIMEM["Reference",0],UNIT["degree",0.0174532925199433]],PROJECTION["Equirectangular"],\
            PARAMETER["latitude_of_origin",-5],PARAMETER["central_meridian",180],\
            PARAMETER["standard_parallel_1",0],UNIT["metre",1]]
            """
        let error = #expect(throws: FrameError.self) { try frame(hirise) }
        guard case .ambiguousLatitudeOfOrigin(_, _, -5, let use)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        guard case .equirectangular(180, -5, 0, 0, 0) = try frame(use, "Mars").kind else {
            Issue.record("\(use)")
            return
        }
    }

    @Test func framesAreReadOnManyThreadsAtOnce() async throws {
        let catalogue = catalogue
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let code = index.isMultiple(of: 2) ? "IAU_2015:49910" : "IAU_2015:30115"
                    return try GridFrame(
                        definition: code, declaredBody: nil, catalogue: catalogue, source: "map.tif"
                    ).body.name
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(names == ["Mars": 32, "Moon": 32])
    }
}
