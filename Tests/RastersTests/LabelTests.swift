import Foundation
import GDAL
import HEALPix
import PlanetaryFrames
import Testing

@testable import Rasters

@Suite struct RegistrationTests {
    /// The heights of the demo map, whose grid is stated in degrees, as the archive's file holds them.
    private static func archive(_ map: String, turned: Bool, bigEndian: Bool) throws -> [UInt8] {
        let source = try TestRaster.source(Samples.repository + "/surveys/" + map)
        let dataset = try Dataset(opening: source.path)
        var stored = [Int16](repeating: 0, count: 1440 * 720)
        try stored.withUnsafeMutableBytes {
            try dataset.read(
                band: 1, window: PixelWindow(column: 0, row: 0, width: 1440, height: 720), into: $0,
                type: .int16,
                pixelStride: 2, lineStride: 2880)
        }
        var bytes: [UInt8] = []
        for row in 0..<720 {
            for column in 0..<1440 {
                let value = stored[row * 1440 + (turned ? (column + 720) % 1440 : column)]
                let pair = [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
                bytes += bigEndian ? pair.reversed() : pair
            }
        }
        return bytes
    }

    private static let truth: [(lon: Double, lat: Double, value: Float)] = {
        let path = Samples.repository + "/tools/verify/mola_samples.csv"
        let lines =
            (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").dropFirst() ?? []
        return lines.map { line in
            let words = line.split(separator: ",")
            return (Double(words[0])!, Double(words[1])!, Float(words[2])!)
        }
    }()

    @Test func molaThroughItsLabel() throws {
        let path = try Samples.label(
            Samples.shipped("mars/megt90n000cb.lbl"), image: "MEGT90N000CB.IMG",
            Self.archive("mars/mars_mola_180.tif", turned: true, bigEndian: true))
        let source = try TestRaster.source(path)
        #expect(abs(source.lattice.westEdge) < 1e-9 && abs(source.lattice.firstLatitude - 89.875) < 1e-9)
        #expect(abs(source.lattice.longitudeStep - 0.25) < 1e-12 && source.lattice.isSeamless)
        #expect(source.unit == "m")
        #expect(Self.truth.count == 300)
        for place in Self.truth {
            #expect(try source.value(longitude: place.lon, latitude: place.lat) == place.value)
        }
        // What GDAL makes of the label, and that it was not taken.
        #expect(source.warnings.contains { $0.contains("GDAL places the corner") && $0.contains("90.25") })
        let latitudes = source.belief(.latitudes)
        #expect(latitudes.map(\.value) == ["planetocentric"])
        #expect(latitudes.first?.origin == "COORDINATE_SYSTEM_NAME of the label")
        #expect(source.belief(.grid).contains { $0.value.contains("360.5 is the position of the origin") })
    }

    @Test func lolaThroughItsLabel() throws {
        let path = try Samples.label(
            Samples.path("ldem_4_original_pds3.lbl"), image: "LDEM_4.IMG",
            Self.archive("moon/lola_ldem4_heights.tif", turned: false, bigEndian: false))
        let source = try TestRaster.source(path)
        #expect(abs(source.lattice.westEdge) < 1e-9 && abs(source.lattice.firstLatitude - 89.875) < 1e-9)
        #expect(source.plan.scale == 0.5 && source.plan.offset == 1_737_400 && source.unit == "m")
        #expect(
            source.belief(.grid).contains {
                $0.value.contains("359.5 is the distance of the origin from the centre of the first pixel")
            })
        let heights = try TestRaster.source(Samples.repository + "/surveys/moon/lola_ldem4_heights.tif")
        for row in [0, 1, 359, 360, 718, 719] {
            let radii = try source.window(Float.self, columns: 0..<1440, rows: row..<(row + 1))
            let expected = try heights.window(Float.self, columns: 0..<1440, rows: row..<(row + 1))
            #expect(radii == expected.map { $0.map { $0 + 1_737_400 } })
        }
    }

    /// One array through three labels, each half as fine as MOLA: means of 2 x 2 of its heights.
    @Test(arguments: ["mars/mars_mola_geofits.fits", "mars/mars_mola_pds4.xml"])
    func molaThroughOtherLabels(name: String) throws {
        let source = try TestRaster.source(Samples.shipped(name))
        let fine = try TestRaster.source(Samples.repository + "/surveys/mars/mars_mola_180.tif")
        #expect(abs(source.lattice.westEdge + 180) < 1e-9 && abs(source.lattice.firstLatitude - 89.75) < 1e-9)
        #expect(abs(source.lattice.longitudeStep - 0.5) < 1e-9)
        for row in [0, 90, 181, 359] {
            let values = try source.window(Float.self, columns: 0..<720, rows: row..<(row + 1))
            let pairs = try fine.window(Float.self, columns: 0..<1440, rows: (2 * row)..<(2 * row + 2))
            for column in 0..<720 {
                let four = [0, 1, 1440, 1441].compactMap { pairs[2 * column + $0] }
                let mean = four.reduce(0, +) / 4
                #expect(abs((values[column] ?? .nan) - mean) <= 1, "row \(row), column \(column)")
            }
        }
    }
}

@Suite struct SpecialPixelTests {
    @Test func specialPixelsOfISISAreNoData() throws {
        for line in try Samples.table("made/special.txt") {
            var declaration = SourceDeclaration()
            if line[0].hasPrefix("isis2") {
                // GDAL writes no map projection into cubes of ISIS 2.
                declaration.body = try BodyCatalogue.iau2015().body(named: "mars")
                declaration.extent = .init(west: -180, south: -90, east: 180, north: 90)
            }
            let source = try TestRaster.source(Samples.path("made/" + line[0]), declaration)
            #expect(
                abs(source.lattice.westEdge + 180) < 1e-9 && abs(source.lattice.firstLatitude - 67.5) < 1e-9)
            let values = try source.all(Float.self)
            #expect(values == line.dropFirst().map { $0 == "x" ? nil : Float($0) }, "\(line[0])")
            #expect(source.belief(.noData).contains { $0.value == "NULL, LRS, LIS, HIS, HRS" }, "\(line[0])")
            let statistics = try #require(try source.statistics())
            let valid = line.dropFirst().compactMap { Double($0) }
            #expect(statistics.minimum == valid.min() && statistics.maximum == valid.max(), "\(line[0])")
        }
    }

    @Test func vestaHasHolesWhereItWasNotSeen() throws {
        let path = Samples.shipped("vesta/vest64_dtm_specialpixels.cub")
        let refusal = TestRaster.refusal(path)
        #expect(refusal.contains("longitude_system") && refusal.contains("Claudia"), "\(refusal)")
        var declaration = SourceDeclaration()
        declaration.longitudeSystem = LongitudeSystem(name: "IAU 2015", offsetToIAUDegrees: nil, source: "")
        let source = try TestRaster.source(path, declaration)
        #expect(source.frame.body.name == "Vesta" && source.lattice.wraps)
        // The same map, its longitudes counted from the meridian that the Dawn team used, lies 150 degrees farther east.
        declaration.longitudeSystem = LongitudeSystem(name: "Claudia", offsetToIAUDegrees: nil, source: "")
        let turned = try TestRaster.source(path, declaration)
        #expect(abs(turned.lattice.firstLongitude - source.lattice.firstLongitude - 150) < 1e-9)
        // Radii of 289 km make columns of 0.991 degrees: the last of 364 repeats the first.
        #expect(source.lattice.columns == 363)
        let values = try source.window(Float.self, columns: 0..<363, rows: 0..<182)
        let valid = values.compactMap { $0 }
        // As numpy counts what is above -1e30.
        #expect(valid.count == 15059)
        #expect(valid.allSatisfy { $0 > 200_000 && $0 < 310_000 })
    }

    @Test func lunarGridAcrossThePrimeMeridian() throws {
        let source = try TestRaster.source(Samples.shipped("moon/ulcn2005_lpo_npole.cub"))
        #expect(abs(source.lattice.westEdge + 11.3125) < 1e-9 && source.lattice.northEdge == 90)
        #expect(abs(source.lattice.longitudeStep - 0.0625) < 1e-12)
        #expect(source.plan.offset == 1_737_400)
    }
}

@Suite struct WorldCoordinatesTests {
    /// Where astropy finds the stored samples, of which each holds its number.
    @Test func samplesOfFITSLieWhereTheHeaderSays() throws {
        let lines = try Samples.table("made/places.txt")
        #expect(lines.count == 6)
        for line in lines {
            let source = try TestRaster.source(Samples.path("made/" + line[0]))
            for place in stride(from: 1, to: line.count, by: 3) {
                let value = try source.value(
                    longitude: try #require(Double(line[place + 1])),
                    latitude: try #require(Double(line[place + 2])))
                #expect(value == Float(line[place]), "\(line[0]) at \(line[place + 1]), \(line[place + 2])")
            }
            #expect(source.frame.body.name == "Mars")
        }
    }

    /// Where astropy (wcslib) has the pixels of maps in HPX: facets as squares in a turned plane, of which healpy has the
    /// same centres, and an upright plane of a header without radii.
    @Test func samplesOfHEALPixPlanesLieWhereTheHeaderSays() throws {
        var sources: [String: (source: RasterSource, map: ProjectedPlacement, values: [Float?])] = [:]
        var count = 0
        for line in try Samples.table("made/hpx_places.txt") {
            if sources[line[0]] == nil {
                let source = try TestRaster.source(Samples.path("made/" + line[0]))
                guard case .projected(let map) = source.placement else {
                    Issue.record("\(line[0]) is no projected map")
                    return
                }
                #expect(source.frame.body.name == "Mars" && source.frame.projectionName == "HEALPix")
                #expect(source.frame.radiusMetres == 3_396_190)
                sources[line[0]] = (source, map, try source.all(Float.self))
            }
            let (source, map, values) = try #require(sources[line[0]])
            let numbers = line.dropFirst().compactMap { Double($0) }
            let (sample, lon, lat) = (Int(numbers[0]) - 1, numbers[1] * .pi / 180, numbers[2] * .pi / 180)
            var (x, y) = ([0.0], [0.0])
            var xs = x.mutableSpan
            var ys = y.mutableSpan
            let (lons, lats) = ([lon], [lat])
            try map.frame.makeTransformer().project(lonRad: lons.span, latRad: lats.span, x: &xs, y: &ys)
            let column = map.pixels.column(x: xs[0], y: ys[0])
            let row = map.pixels.row(x: xs[0], y: ys[0])
            // GDAL counts rows from the last of the file.
            let across = Double(sample % source.fileColumns) + 0.5
            let down = Double(source.fileRows - sample / source.fileColumns) - 0.5
            // At 180 degrees from the middle of the plane both of its ends are the place.
            let isEnd =
                abs(abs(remainder(numbers[1] - (line[0].contains("turned") ? 0 : 137), 360)) - 180) < 1e-9
            #expect(
                isEnd || max(abs(column - across), abs(row - down)) < 1e-6,
                "\(line): column \(column), row \(row)")
            #expect(values[Int(down) * source.fileColumns + Int(across)] != nil)
            count += 1
        }
        #expect(count > 250 && sources.count == 2)
    }

    @Test(
        arguments: [
            ("fits_xph.fits", "XPH (HEALPix seen from a pole)"),
            ("fits_hpx_other.fits", "H = 6.0 and K = 3.0"),
            ("fits_sky.fits", "those of the sky"),
            ("fits_oblique.fits", "CRVAL2 is 10"),
            ("fits_rotated.fits", "rotated"),
        ])
    func otherWorldsAreRefusedByName(name: String, words: String) {
        let path = Samples.path("made/" + name)
        let refusal = TestRaster.refusal(path)
        #expect(refusal.hasPrefix(path) && refusal.contains(words), "\(refusal)")
    }

    /// A map of Mars in 8 x 4 pixels whose axes are counted in the units.
    private func fits(_ units: (String, String)?, _ step: Double, centre: Double = 0) throws -> String {
        var cards = [
            "SIMPLE  =                    T", "BITPIX  =                    8",
            "NAXIS   =                    2",
            "NAXIS1  =                    8", "NAXIS2  =                    4", "CTYPE1  = 'MALN-CAR'",
            "CTYPE2  = 'MALT-CAR'", "OBJECT  = 'Mars    '", "A_RADIUS= 3396190.0", "CRPIX1  = 4.5",
            "CRPIX2  = 2.5", "CRVAL1  = \(centre)", "CRVAL2  = 0.0", "CDELT1  = \(step)", "CDELT2  = \(step)",
        ]
        if let units { cards += ["CUNIT1  = '\(units.0)'", "CUNIT2  = '\(units.1)'"] }
        var text = (cards + ["END"]).map { $0.padding(toLength: 80, withPad: " ", startingAt: 0) }.joined()
        text = text.padding(toLength: 2880, withPad: " ", startingAt: 0)
        let path = try Scratch.folder().appendingPathComponent("map.fits").path
        try (Data(text.utf8) + Data(repeating: 7, count: 32) + Data(count: 2848))
            .write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func unitsOfAxesAreDegreesOrSaid() throws {
        let same: [((String, String)?, Double, Double)] = [
            (nil, 45, 90), (("deg", "deg"), 45, 90), (("", ""), 45, 90), (("arcmin", "arcmin"), 2700, 5400),
            (("arcsec  ", "arcsec"), 162_000, 324_000), (("rad", "rad"), .pi / 4, .pi / 2),
        ]
        for (units, step, centre) in same {
            let grid = try TestRaster.source(fits(units, step, centre: centre)).lattice
            // Four columns to the west of 90 E, two rows to the north of the equator.
            #expect(
                abs(grid.westEdge + 90) < 1e-9 && abs(grid.northEdge - 90) < 1e-9
                    && abs(grid.longitudeStep - 45) < 1e-9, "\(String(describing: units)): \(grid)")
        }
        let path = try fits(("m", "m"), 45)
        let refusal = TestRaster.refusal(path)
        #expect(
            refusal.hasPrefix(path) && refusal.contains("counted in \"m\" and \"m\" (CUNIT1 and CUNIT2)"),
            "\(refusal)")
    }

    @Test func surveysAddToHEALPixPlanesButReplaceNothing() throws {
        let path = Samples.path("made/fits_hpx_upright.fits")
        let refusal = TestRaster.refusal(path, SourceDeclaration(crs: "IAU_2015:49900"))
        #expect(refusal.contains("say `body:` instead of `crs:`"), "\(refusal)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // A header that names no body needs one.
        let card = try #require(bytes.range(of: Data("OBJECT  ".utf8)))
        bytes.replaceSubrange(card, with: Data("COMMENT ".utf8))
        let other = try Scratch.folder().appendingPathComponent("map.fits").path
        try bytes.write(to: URL(fileURLWithPath: other))
        #expect(TestRaster.refusal(other).contains("say `body:`"), "\(TestRaster.refusal(other))")
        let moon = try BodyCatalogue.iau2015().body(named: "Moon")
        #expect(try TestRaster.source(other, SourceDeclaration(body: moon)).frame.radiusMetres == 1_737_400)
    }
}

@Suite struct CorrectedLabelTests {
    /// The limits in the label, 184.441 to 184.497 W and 14.8228 to 14.7275 S planetographic, are the truth here.
    @Test(arguments: ["isis3_detached.lbl", "isis3_geotiff.lbl"])
    func westPositiveCubeLiesWhereItsLimitsSay(name: String) throws {
        let source = try TestRaster.source(Samples.path("formats/isis3/" + name))
        let grid = source.lattice
        #expect(abs(grid.westEdge + 184.496521) < 2 * grid.longitudeStep)
        let ellipsoid = Spheroid(equatorialRadiusMetres: 3_396_190, polarRadiusMetres: 3_376_200)
        let north = ellipsoid.planetocentricDegrees(planetographicDegrees: -14.7275028)
        #expect(abs(grid.northEdge - north) < 2 * grid.latitudeStep)
        #expect(source.belief(.latitudes).map(\.value) == ["planetographic"])
        #expect(
            source.warnings.contains { $0.contains("GDAL places the corner of the first pixel at 184.32") })
    }

    /// Of this label only longitudes without the cosine of its latitude agree with its limits.
    @Test func oldHiRISELabel() throws {
        for name in ["pds_3177.lbl", "pds_3355.lbl"] {
            let source = try TestRaster.source(Samples.path("formats/pds/" + name))
            #expect(abs(source.lattice.westEdge - 283.2343445) < source.lattice.longitudeStep)
            #expect(abs(source.lattice.northEdge + 9.2737184) < source.lattice.latitudeStep)
            #expect(source.warnings.contains { $0.contains("at the equator") })
        }
    }

    @Test func latitudeOfOriginThatTheRadiusExplains() throws {
        let source = try TestRaster.source(Samples.path("made/hirise_crop.jp2"))
        // The corner of the whole picture, 5633625.875 and -488784.875 m, and 1000 and 300 pixels of 0.25 m.
        let degree = 3_396_036.8126024 * Double.pi / 180
        #expect(abs(source.lattice.firstLatitude - (-488_784.875 - 300.5 * 0.25) / degree) < 1e-9)
        let west = 180 + (5_633_625.875 + 1000 * 0.25) / degree / 0.996194698091746
        #expect(abs(source.lattice.westEdge - west) < 1e-6)
        #expect(source.warnings.contains { $0.contains("standard parallel") })
    }

    @Test func scaleZeroOfAPolarMapIsRepairedWithAWarning() throws {
        let source = try TestRaster.source(Samples.path("made/polar_crop.tif"))
        #expect(source.warnings.contains { $0.contains("the scale factor of its projection is 0") })
        guard case .projected(let map) = source.placement else {
            Issue.record("a polar map is no grid")
            return
        }
        #expect(map.frame.projection == .polarStereographic && map.centre.latDeg > 0)
    }
}
