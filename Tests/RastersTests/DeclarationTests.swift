import GDAL
import PlanetaryFrames
import Testing

@testable import Rasters

/// What a survey says wins over the file, and is noted.
@Suite struct DeclarationTests {
    /// Samples that hold their number, 8 columns of 45 degrees and 4 rows.
    private let numbers = (0..<32).map { Int16($0 + 1) }

    private func file(
        transform: [Double]? = TestRaster.global, crs: String? = TestRaster.mars
    ) throws -> TestRaster {
        try TestRaster([numbers], .int16, columns: 8, rows: 4, transform: transform, crs: crs)
    }

    private func declaration(_ set: (inout SourceDeclaration) -> Void) throws -> SourceDeclaration {
        var declaration = SourceDeclaration(body: try BodyCatalogue.iau2015().body(named: "mars"))
        set(&declaration)
        return declaration
    }

    /// A direction may meet a body of two lobes twice: its maps say so once, on a grid and in a projection.
    @Test func bodiesOfTwoLobesAreLabelled() throws {
        let catalogue = try BodyCatalogue.standard()
        let metres: [Double] = [-4000, 1000, 0, 2000, 0, -1000]
        for (crs, transform) in [
            ("+proj=longlat +R=1650 +no_defs", TestRaster.global),
            ("+proj=moll +R=1650 +units=m +no_defs", metres),
        ] {
            let file = try file(transform: transform, crs: crs)
            let declaration = SourceDeclaration(body: try catalogue.body(named: "67P"))
            let source = try RasterSource(opening: file.path, declaration: declaration, catalogue: catalogue)
            let count = source.warnings.filter { $0.contains("is a radial projection") }.count
            #expect(count == 1, "\(source.warnings)")
        }
    }

    @Test func columnsThatRunWest() throws {
        // The left edge is 180 E and the right one 180 W: column 0 is 157.5 E.
        let file = try file(transform: [180, -45, 0, 90, 0, -45])
        let source = try file.source()
        #expect(source.orientation.columnsRunWest && source.lattice.westEdge == -180)
        #expect(try source.value(longitude: 157.5, latitude: 67.5) == 1)
        #expect(try source.value(longitude: -157.5, latitude: 67.5) == 8)
        #expect(try source.value(longitude: 112.5, latitude: -67.5) == 26)
        // A window over the seam, and one of a part of the columns.
        #expect(try source.window(Int16.self, columns: 6..<10, rows: 1..<2) == [10, 9, 16, 15])
        #expect(try source.window(Int16.self, columns: 2..<4, rows: 0..<2) == [6, 5, 14, 13])
        let statistics = try #require(try source.statistics())
        #expect(statistics.minimum == 1 && statistics.maximum == 32 && statistics.validFraction == 1)
    }

    @Test func westPositiveLongitudesByTheSurvey() throws {
        let file = try file(transform: [0, 45, 0, 90, 0, -45])
        let source = try file.source(try declaration { $0.longitudeSense = .west })
        // Column 0 is 22.5 W.
        #expect(source.orientation.columnsRunWest)
        #expect(try source.value(longitude: -22.5, latitude: 67.5) == 1)
        #expect(try source.value(longitude: -67.5, latitude: 67.5) == 2)
        #expect(source.overrides.contains { $0.contains("longitude_sense: west of the survey, over east") })
        #expect(source.belief(.longitudes).contains { $0.origin == "longitude_sense of the survey" })
    }

    @Test func mapsOfTheGiants() throws {
        let file = try file(transform: nil, crs: nil)
        func source(_ west: Double, _ east: Double) throws -> RasterSource {
            try file.source(
                try declaration {
                    $0.body = try? BodyCatalogue.iau2015().body(named: "jupiter")
                    $0.longitudeSystem = LongitudeSystem(
                        name: "System III", offsetToIAUDegrees: nil, source: "")
                    $0.longitudeSense = .west
                    $0.extent = .init(west: west, south: -90, east: east, north: 90)
                })
        }
        // 360 W at the left edge and 0 W at the right: columns run east.
        let usual = try source(360, 0)
        #expect(!usual.orientation.columnsRunWest)
        #expect(try usual.value(longitude: -337.5, latitude: 67.5) == 1)
        // Columns from 0 W to 360 W run west.
        let reversed = try source(0, 360)
        #expect(reversed.orientation.columnsRunWest)
        #expect(try reversed.value(longitude: -22.5, latitude: 67.5) == 1)
        #expect(try reversed.value(longitude: -337.5, latitude: 67.5) == 8)
    }

    @Test func registration() throws {
        let file = try file(transform: [-180, 40, 0, 60, 0, -40])
        #expect(try file.source().lattice.firstLongitude == -160)
        let centres = try file.source(try declaration { $0.registration = .grid })
        #expect(centres.lattice.firstLongitude == -180 && centres.lattice.firstLatitude == 60)
        #expect(centres.overrides.contains { $0.contains("registration: grid of the survey") })
        let plain = try self.file(transform: nil, crs: nil)
        let extent = try plain.source(
            try declaration {
                $0.registration = .grid
                $0.extent = .init(west: 0, south: -30, east: 70, north: 30)
            })
        #expect(extent.lattice.longitudeStep == 10 && extent.lattice.firstLongitude == 0)
        #expect(extent.lattice.latitudeStep == 20 && extent.lattice.firstLatitude == 30)
    }

    @Test func latitudeKind() throws {
        let file = try file()
        let source = try file.source(try declaration { $0.latitudeKind = .planetographic })
        let body = source.frame.body
        let ellipsoid = Spheroid(
            equatorialRadiusMetres: body.equatorialRadiusMetres, polarRadiusMetres: body.polarRadiusMetres)
        // Row 0 is at 67.5 degrees planetographic.
        let centric = ellipsoid.planetocentricDegrees(planetographicDegrees: 67.5)
        #expect(abs(source.lattice.row(latitude: centric)) < 1e-12)
        #expect(abs(source.lattice.latitude(row: 0) - centric) < 1e-12)
        #expect(source.lattice.row(latitude: 90) == -0.5 && source.lattice.row(latitude: 0) == 1.5)
        #expect(
            source.overrides.contains {
                $0.contains("latitude_kind: planetographic of the survey, over planetocentric")
            })
        // On an ellipsoid the survey decides what the file's latitudes are.
        let graphic = try self.file(crs: "IAU_2015:49901")
        let taken = try graphic.source(try declaration { $0.latitudeKind = .planetocentric })
        #expect(taken.lattice.ellipsoid == nil)
        let meant = try graphic.source(try declaration { $0.latitudeKind = .planetographic })
        #expect(meant.lattice.ellipsoid != nil)
    }

    @Test func planetographicCodeOfTheSurvey() throws {
        let file = try file(transform: [0, 45, 0, 90, 0, -45], crs: nil)
        let source = try file.source(try declaration { $0.crs = "IAU_2015:49901" })
        // Mars turns prograde: planetographic longitudes grow to the west.
        #expect(source.orientation.columnsRunWest && source.lattice.ellipsoid != nil)
        #expect(try source.value(longitude: -22.5, latitude: 67) == 1)
    }
}
