import Foundation
import GDAL
import PlanetaryFrames
import Testing

@testable import Rasters

@Suite("What is believed of a file")
struct RasterSourceTests {
    private let ramp: [Int16] = (0..<32).map { $0 }

    private func file(
        transform: [Double]? = TestRaster.global, crs: String? = TestRaster.mars
    ) throws -> TestRaster {
        try TestRaster([ramp], .int16, columns: 8, rows: 4, transform: transform, crs: crs)
    }

    private func body(_ name: Int) throws -> Body {
        try #require(BodyCatalogue.iau2015().body(naifCode: name))
    }

    // MARK: - Places

    @Test("Degrees: samples lie at the centres of pixels")
    func degrees() throws {
        let source = try file().source()
        #expect(source.lattice.firstLongitude == -157.5 && source.lattice.firstLatitude == 67.5)
        #expect(source.lattice.longitudeStep == 45 && source.lattice.latitudeStep == 45)
        #expect(source.lattice.isSeamless && source.lattice.northGap == 1 && source.lattice.southGap == 1)
        #expect(source.driver == "GTiff" && source.fileColumns == 8 && source.fileRows == 4)
        #expect(source.frame.body.naifCode == 499 && source.resolutionDegrees == 45)
        #expect(abs(source.resolutionMetres - 3_396_190 * Double.pi / 4) < 1e-6)
    }

    @Test("Metres of an equirectangular map, around 0 and around 180")
    func metres() throws {
        let half = Double.pi * 3_396_190
        let transform = [-half, half / 4, 0, half / 2, 0, -half / 4]
        let plain = try file(transform: transform, crs: "+proj=eqc +R=3396190 +units=m").source(
            SourceDeclaration(body: body(499)))
        #expect(
            abs(plain.lattice.firstLongitude + 157.5) < 1e-9 && abs(plain.lattice.firstLatitude - 67.5) < 1e-9
        )
        #expect(plain.lattice.isSeamless)
        let turned = try file(transform: transform, crs: "+proj=eqc +lon_0=180 +R=3396190 +units=m").source(
            SourceDeclaration(body: body(499)))
        #expect(abs(turned.lattice.firstLongitude - 22.5) < 1e-9)
        // A standard parallel of 60 degrees halves the width of the same degrees.
        let narrow = try file(
            transform: [-half / 2, half / 8, 0, half / 2, 0, -half / 4],
            crs: "+proj=eqc +lat_ts=60 +R=3396190 +units=m"
        ).source(SourceDeclaration(body: body(499)))
        #expect(
            abs(narrow.lattice.firstLongitude + 157.5) < 1e-9 && abs(narrow.lattice.longitudeStep - 45) < 1e-9
        )
        #expect(abs(narrow.lattice.latitudeStep - 45) < 1e-9)
    }

    @Test("A GeoTIFF whose tiepoints are the centres of pixels lies half a pixel elsewhere")
    func pixelIsPoint() throws {
        let source = try TestRaster.source(Tables.path("point.tif"))
        #expect(source.lattice.firstLongitude == -180 && source.lattice.firstLatitude == 90)
        #expect(source.lattice.northGap == 0)
    }

    @Test("PNG and JPEG with a world file", arguments: ["world.png", "world.jpg"])
    func worldFile(name: String) throws {
        let source = try TestRaster.source(Tables.path(name), SourceDeclaration(crs: TestRaster.mars))
        // The world file gives the centre of the first pixel: -157.5 and 67.5.
        #expect(source.lattice.firstLongitude == -157.5 && source.lattice.firstLatitude == 67.5)
        #expect(source.georeferencing == "geotransform of the file")
        #expect(source.driver == (name.hasSuffix("png") ? "PNG" : "JPEG"))
        #expect(TestRaster.refusal(Tables.path(name)).contains("states no coordinate reference system"))
    }

    @Test("The extent of a survey stands instead of the file's georeferencing")
    func extent() throws {
        let declaration = try SourceDeclaration(
            body: body(301), extent: .init(west: 20, south: -10, east: 60, north: 10))
        let source = try file(transform: nil, crs: nil).source(declaration)
        #expect(source.lattice.firstLongitude == 22.5 && source.lattice.longitudeStep == 5)
        #expect(source.lattice.firstLatitude == 7.5 && source.lattice.latitudeStep == 5)
        #expect(source.frame.body.naifCode == 301 && source.georeferencing == "extent of the survey")
        #expect(!source.lattice.wraps && source.plan.mayBeInvalid)
    }

    @Test("The CRS of a survey stands instead of the file's")
    func declaredCRS() throws {
        let source = try file(crs: "EPSG:4326").source(SourceDeclaration(crs: "IAU_2015:30100"))
        #expect(source.frame.body.naifCode == 301)
    }

    @Test("Nodata of a survey")
    func declaredNoData() throws {
        let source = try file().source(SourceDeclaration(noData: 7))
        #expect(try source.all(Int16.self) == ramp.map { $0 == 7 ? nil : $0 })
        let none = try TestRaster([ramp], .int16, columns: 8, rows: 4, noData: 7)
        #expect(try none.source().all(Int16.self)[7] == nil)
        #expect(try none.source(SourceDeclaration(noData: .some(nil))).all(Int16.self)[7] == 7)
    }

    // MARK: - Refusals

    private func expect(
        _ refusal: String, _ path: String, _ parts: String..., at line: SourceLocation = #_sourceLocation
    ) {
        #expect(refusal.hasPrefix(path + ":"), "\(refusal)", sourceLocation: line)
        for part in parts { #expect(refusal.contains(part), "\(refusal)", sourceLocation: line) }
    }

    @Test("No coordinate reference system, no georeferencing")
    func nothing() throws {
        let noCRS = try file(crs: nil)
        expect(
            noCRS.refusal(), noCRS.path, "no coordinate reference system", "crs: IAU_2015:49900",
            "extent: [west, south, east, north]")
        expect(try noCRS.refusal(SourceDeclaration(body: body(301))), noCRS.path, "crs: IAU_2015:30100")
        let noPlace = try file(transform: nil)
        expect(
            noPlace.refusal(), noPlace.path, "no georeferencing", "extent: [west, south, east, north]",
            "world file")
        let lost = SourceDeclaration(extent: .init(west: 0, south: 0, east: 1, north: 1))
        expect(noPlace.refusal(lost), noPlace.path, "neither body nor CRS", "body:")
    }

    @Test(
        "Rotated and upside-down grids",
        arguments: [
            [-180, 45, 1e-9, 90, 0, -45], [-180, 45, 0, 90, 3, -45], [-180, 45, 0, -90, 0, 45],
        ] as [[Double]])
    func rotated(transform: [Double]) throws {
        let file = try file(transform: transform)
        expect(file.refusal(), file.path, "rotated or upside down", "gdalwarp")
    }

    @Test(
        "Numbers that cannot be a grid",
        arguments: [
            [Double.nan, 45, 0, 90, 0, -45], [-180, .infinity, 0, 90, 0, -45], [-180, 45, 0, .nan, 0, -45],
            [-180, 1e-300, 0, 90, 0, -1e-300], [1e308, 45, 0, 90, 0, -45], [-180, 45, 0, 1e308, 0, -45],
            [-180, 1e308, 0, 90, 0, -1e308], [50000, 10, 0, 40, 0, -10], [-180, 45, 0, 400, 0, -45],
            [-180, 45, 0, 90, 0, -400],
        ] as [[Double]])
    func unusable(transform: [Double]) throws {
        let file = try file(transform: transform)
        expect(file.refusal(), file.path, "extent")
    }

    @Test(
        "Pixels of no size", arguments: [[-180, 0, 0, 90, 0, -45], [-180, 45, 0, 90, 0, 0]] as [[Double]])
    func noSize(transform: [Double]) throws {
        let refusal = try WorldFile(transform).refusal()
        #expect(refusal.contains("no georeferencing") && refusal.contains("extent:"), "\(refusal)")
    }

    @Test("Extents of no size or beyond the body do not trap")
    func badExtent() throws {
        let file = try file(transform: nil, crs: nil)
        let extents: [(Double, Double, Double, Double)] = [
            (0, 0, 0, 0), (10, -10, 5, 10), (0, -1000, 360, 1000), (.nan, 0, 1, 1), (0, 0, .infinity, 1),
            (0, 10, 10, -10), (5000, 0, 5010, 10),
        ]
        for (west, south, east, north) in extents {
            let declaration = try SourceDeclaration(
                body: body(499), extent: .init(west: west, south: south, east: east, north: north))
            expect(file.refusal(declaration), file.path, "it would span", "extent:")
        }
    }

    @Test("Maps that are wider than the body, and metres taken for degrees")
    func tooWide() throws {
        let wide = try file(transform: [-180, 75, 0, 90, 0, -45])
        expect(wide.refusal(), wide.path, "longitudes -180.0 to 420.0", "degrees or metres")
        let metres = try file(transform: [-1e7, 2.6e6, 0, 5e6, 0, -2.6e6])
        expect(
            metres.refusal(), metres.path, "counts degrees", "circumference in metres", "crs: IAU_2015:49910")
        let small = try file(transform: [5000, 1, 0, 2, 0, -1])
        expect(small.refusal(), small.path, "x from 5000.0 to 5008.0", "crs:")
    }

    @Test("Other projections, ellipsoids, bodies")
    func frames() throws {
        let tripel = try file(crs: "+proj=wintri +R=3396190")
        expect(
            try tripel.refusal(SourceDeclaration(body: body(499))), tripel.path, "Winkel", "gdalwarp")
        let graphic = try file(crs: "IAU_2015:49901")
        expect(graphic.refusal(), graphic.path, "planetographic", "crs: IAU_2015:49900")
        let earth = try file(crs: "EPSG:4326")
        expect(earth.refusal(), earth.path, "Earth", "crs:")
        let nobody = try file(crs: "+proj=longlat +R=123456")
        expect(nobody.refusal(), nobody.path, "which body", "body:")
        let other = try file()
        expect(try other.refusal(SourceDeclaration(body: body(301))), other.path, "Mars", "Moon", "body:")
    }

    @Test("Formats that are not read are refused by name")
    func formats() throws {
        let path = try Scratch.folder().appendingPathComponent("map.bmp").path
        let writer = try RasterWriter(
            creating: path, driver: "BMP", width: 8, height: 4, bands: 1, type: .uint8)
        try [UInt8](repeating: 7, count: 32).withUnsafeBytes {
            try writer.write(
                band: 1, window: PixelWindow(column: 0, row: 0, width: 8, height: 4), from: $0, type: .uint8)
        }
        try writer.close()
        expect(
            TestRaster.refusal(path), path, "the format BMP is not supported", "GeoTIFF, PDS3",
            "crs: IAU_2015:<code>")
    }

    @Test("Cubes, FITS and PDS4 by their labels", arguments: ["cube.cub", "image.fits", "label.xml"])
    func labels(name: String) throws {
        let refusal = TestRaster.refusal(Tables.path(name))
        #expect(refusal.hasPrefix("not refused") || refusal.contains(Tables.path(name)), "\(refusal)")
    }

    @Test("Types that cannot be read", arguments: [("int64.tif", "Int64"), ("complex.tif", "CFloat32")])
    func types(name: String, type: String) {
        let path = Tables.path(name)
        expect(TestRaster.refusal(path), path, "type \(type)", "8, 16 or 32-bit integers")
    }

    @Test("Bands that are no map and no picture")
    func bands() throws {
        let five = try TestRaster(
            [[UInt8]](repeating: [1], count: 5), .uint8, columns: 1, rows: 1,
            transform: [-180, 360, 0, 90, 0, -180])
        expect(five.refusal(), five.path, "5 bands", "--bands")
    }

    @Test("Files that are none")
    func noFile() {
        let missing = Tables.path("missing.tif")
        expect(TestRaster.refusal(missing), missing, "cannot open")
        let text = Tables.path("rows.txt")
        expect(TestRaster.refusal(text), text, "cannot open", "not recognized")
    }

    @Test("Pixels of a projection that are too small to be any", arguments: [1e-15, 1e-9, 1e-5])
    func minutePixels(size: Double) throws {
        let crs = "+proj=tmerc +lat_0=10 +lon_0=20 +k=1 +x_0=0 +y_0=0 +R=3396190 +units=m +no_defs +type=crs"
        let mars = try BodyCatalogue.iau2015().body(named: "mars")
        let transform = [1000, size, 0, 2000, 0, -size]
        let file = try TestRaster(
            [[UInt8]](repeating: [1, 2, 3, 4], count: 1), .uint8, columns: 2, rows: 2, transform: transform,
            crs: crs)
        // A degree of Mars is 59275 m.
        expect(file.refusal(SourceDeclaration(body: mars)), file.path, "\(size) m wide", "1e-09 degrees")
        // Whoever lays them on the body nevertheless comes to no harm.
        let frame = try MapFrame(
            definition: crs, declaredBody: mars, catalogue: .iau2015(), source: file.path)
        if let map = try ProjectedPlacement(frame: frame, geotransform: transform, columns: 2, rows: 2) {
            #expect(try PixelOutlines(map).largest == 256)
        }
    }

    @Test("A single pixel is a map of the whole body")
    func singlePixel() throws {
        let source = try TestRaster(
            [[Int16(42)]], .int16, columns: 1, rows: 1, transform: [-180, 360, 0, 90, 0, -180]
        ).source()
        #expect(source.lattice.isSeamless && source.lattice.northGap == 1 && source.lattice.southGap == 1)
        #expect(
            try source.window(Int16.self, columns: -2..<3, rows: -1..<2) == [Int16?](repeating: 42, count: 15)
        )
    }
}
