import HiPS
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// One field, written in files whose longitudes, latitudes or columns are meant otherwise: all maps hold the field.
@Suite struct FilesOfOtherSenseTests {
    struct Sense: CustomTestStringConvertible {
        let testDescription: String
        let body: String
        /// East longitude and planetocentric latitude of what the file calls `x` and `y`.
        let place: @Sendable (_ x: Double, _ y: Double, Body) -> (lon: Double, lat: Double)
        let declare: @Sendable (inout SourceDeclaration) -> Void
    }

    private static func centric(_ latitude: Double, _ body: Body) -> Double {
        Spheroid(
            equatorialRadiusMetres: body.equatorialRadiusMetres, polarRadiusMetres: body.polarRadiusMetres
        ).planetocentricDegrees(planetographicDegrees: latitude)
    }

    static let senses = [
        Sense(
            testDescription: "Mars, planetographic and west-positive (x01)", body: "mars",
            place: { (-$0, centric($1, $2)) },
            declare: {
                $0.latitudeKind = .planetographic
                $0.longitudeSense = .west
            }),
        Sense(
            testDescription: "Mars, planetographic and east-positive", body: "mars",
            place: { ($0, centric($1, $2)) }, declare: { $0.latitudeKind = .planetographic }),
        Sense(
            testDescription: "Jupiter, System III, columns from 0 to 360 W", body: "jupiter",
            place: { lon, lat, _ in (-lon - 180, lat) },
            declare: {
                $0.longitudeSystem = LongitudeSystem(name: "System III", offsetToIAUDegrees: nil, source: "")
                $0.longitudeSense = .west
                $0.extent = .init(west: 0, south: -90, east: 360, north: 90)
            }),
        Sense(
            testDescription: "Jupiter, System III, columns from 360 to 0 W, planetographic", body: "jupiter",
            place: { ($0 + 180, centric($1, $2)) },
            declare: {
                $0.longitudeSystem = LongitudeSystem(name: "System III", offsetToIAUDegrees: nil, source: "")
                $0.latitudeKind = .planetographic
                $0.longitudeSense = .west
                $0.extent = .init(west: 360, south: -90, east: 0, north: 90)
            }),
        Sense(
            testDescription: "centred on 180", body: "mars", place: { lon, lat, _ in (lon + 180, lat) },
            declare: { $0.extent = .init(west: 0, south: -90, east: 360, north: 90) }),
    ]

    @Test(arguments: senses) func allHoldTheField(_ sense: Sense) async throws {
        let scratch = try Scratch()
        let path = scratch.file("field.tif")
        let body = try BodyCatalogue.iau2015().body(named: sense.body)
        var raster = TestRaster()
        raster.crs = body.iauCode(0)
        try raster.write(to: path) {
            let place = sense.place(raster.lon($0), raster.lat($1), body)
            return Field.value(lon: place.lon, lat: place.lat)
        }
        var declaration = SourceDeclaration(body: body)
        sense.declare(&declaration)
        var request = BuildRequest(source: path, declaration: declaration)
        request.formats = [.fits]
        request.cut = (-1000, 1000)
        let map = try await BuiltMap(request, in: scratch)
        // A degree of planetographic latitude is at most 1.15 degrees of the other on Jupiter.
        let error = Field.bilinearError(lonStep: 1, latStep: 1.15)
        var count = 0
        for npix in map.tiles(order: 1) {
            let tile = try map.fits(order: 1, npix: npix)
            #expect(tile.validCount == 512 * 512)
            for pixel in Tables.pixels where pixel.order == 1 && pixel.npix == npix {
                count += 1
                let difference = tile[pixel.row, pixel.column] - Field.value(lon: pixel.lon, lat: pixel.lat)
                #expect(abs(difference) < error, "\(pixel)")
            }
        }
        #expect(count > 100)
    }
}
