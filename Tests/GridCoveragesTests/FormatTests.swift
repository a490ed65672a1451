import FITS
import GDAL
import Glibc
import GridCoverages
import HEALPix
import Maps
import PlanetaryFrames
import Testing

/// What is written is read by GDAL and by the project's own reader of FITS.
@Suite("Formats of coverages")
struct FormatTests {
    @Test(
        "GeoKeys say the body's radius and the projection",
        arguments: [
            ("IAU_2015:49900", MapProjection.geographic), ("IAU_2015:49910", .equirectangular),
            ("IAU_2015:49915", .equirectangular), ("IAU_2015:49920", .sinusoidal),
            ("IAU_2015:49930", .polarStereographic), ("IAU_2015:49935", .polarStereographic),
            ("IAU_2015:49940", .mollweide), ("IAU_2015:49950", .robinson), ("IAU_2015:49965", .orthographic),
        ])
    func keys(text: String, projection: MapProjection) throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 0, plane).layer(order: 0))
        let crs = try Mars.systems.parse(text).crs
        for format in [CoverageFormat(), CoverageFormat(compression: .deflate)] {
            let answer = try Answer(
                maker.product(
                    CoverageRequest(outputCRS: crs, width: 64, height: 64, format: format), of: coverage))
            let found = answer.wkt
            let wkt = try #require(found)
            let frame = try MapFrame(
                definition: wkt, declaredBody: nil, catalogue: Mars.catalogue, source: "the answer")
            #expect(frame.body.name == "Mars")
            #expect(frame.radiusMetres == 3_396_190 && frame.polarRadiusMetres == 3_396_190)
            #expect(frame.projection == projection)
            // The same places have the same coordinates.
            let theirs = try Mars.systems.system(defined: wkt, as: "TEST:1")
            for place in [(10.0, 60.0), (-20, -60), (5, 5)] {
                let ours = try crs.coordinates(of: [(place.0, place.1)])[0]
                let read = try theirs.coordinates(of: [(place.0, place.1)])[0]
                guard ours.x.isFinite else { continue }
                #expect(abs(ours.x - read.x) < 1e-3 && abs(ours.y - read.y) < 1e-3)
            }
        }
    }

    @Test("Systems that GeoKeys cannot say are refused", arguments: ["IAU_2015:49901", "IAU_2015:49902"])
    func refused(text: String) throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 0, plane).layer(order: 0))
        let request = CoverageRequest(
            outputCRS: try Mars.systems.parse(text).crs, width: 16, height: 16)
        do {
            _ = try maker.product(request, of: coverage)
            Issue.record("\(text) was written")
        } catch {
            #expect("\(error)".contains("49910"))
        }
    }

    @Test(
        "Compressed, tiled and cloud-optimised files hold what the plain one holds, and say the same of it",
        arguments: [
            CoverageFormat(compression: .deflate), CoverageFormat(compression: .deflate, predicts: true),
            CoverageFormat(tile: CoverageFormat.TileSize(width: 64, height: 32)),
            CoverageFormat(compression: .deflate, isCloudOptimised: true),
        ])
    func spooled(format: CoverageFormat) throws {
        let maker = maker()
        let layer = try FieldMap(order: 1, blank: -32768, plane).layer(
            order: 1,
            more: ["tessera_vertical": "elevation above the areoid, in m", "hips_data_range": "-1000 1000"])
        let coverage = try maker.coverage(of: layer)
        #expect(coverage.bands[0].unit == "m" && coverage.vertical == "elevation above the areoid, in m")
        #expect(coverage.bands[0].interval == -1000...1000)
        let plain = try Answer(maker.product(CoverageRequest(), of: coverage))
        let packed = try Answer(maker.product(CoverageRequest(format: format), of: coverage))
        let samples = try (plain.samples(), packed.samples())
        #expect(samples.0 == samples.1)
        let transforms = (plain.transform, packed.transform)
        #expect(transforms.0 == transforms.1)
        for path in [
            plain.dataset.metadata("VERTICAL_REFERENCE"), packed.dataset.metadata("VERTICAL_REFERENCE"),
        ] {
            #expect(path == "elevation above the areoid, in m")
        }
        let (a, b) = (try plain.band(1), try packed.band(1))
        #expect(a.unit == "m" && b.unit == "m" && a.noData == -32768 && b.noData == -32768)
        #expect(a.description == "value" && b.description == "value")
        if let tile = format.tile { #expect(b.blockSize == (tile.width, tile.height)) }
        if format.isCloudOptimised {
            let layout = packed.dataset.metadata("LAYOUT", domain: "IMAGE_STRUCTURE")
            #expect(layout == "COG")
        }
        let sizes = (packed.bytes.count, plain.bytes.count)
        if format.compression == .deflate, !format.isCloudOptimised { #expect(sizes.0 < sizes.1) }
    }

    @Test("FITS has rows from below, the body's coordinates in degrees and its own word for no data")
    func fits() throws {
        let maker = maker()
        let layer = try FieldMap(order: 1, blank: -32768, plane).layer(
            order: 1, more: ["tessera_vertical": "elevation above the areoid, in m"])
        let coverage = try maker.coverage(of: layer)
        let plain = try Answer(maker.product(CoverageRequest(), of: coverage)).samples()
        let image = try FITSImage.decode(
            maker.product(CoverageRequest(format: CoverageFormat(.fits)), of: coverage).all())
        guard case .int16(let samples) = image.samples else {
            Issue.record("BITPIX is \(image.bitpix)")
            return
        }
        let (width, height) = (coverage.grid.width, coverage.grid.height)
        for row in 0..<height {
            let upper = plain[(row * width)..<((row + 1) * width)].map { Int16($0) }
            let lower = samples[((height - 1 - row) * width)..<((height - row) * width)]
            #expect(upper == Array(lower))
        }
        let cards = image.cards
        #expect(cards.string("CTYPE1") == "MALN-CAR" && cards.string("CTYPE2") == "MALT-CAR")
        #expect(cards.string("OBJECT") == "Mars" && cards.real("A_RADIUS") == 3_396_190)
        #expect(cards.string("BUNIT") == "m" && cards.integer("BLANK") == -32768)
        // Longitude 0 lies between columns 192 and 193, counted from 1; a pixel has 360 / 384 degrees.
        #expect(abs((cards.real("CRPIX1") ?? 0) - 192.5) < 1e-9)
        #expect(abs((cards.real("CRPIX2") ?? 0) - 96.5) < 1e-9)
        #expect(abs((cards.real("CDELT1") ?? 0) - 0.9375) < 1e-12)
    }

    @Test("Pictures of values are drawn in the map's own style")
    func picture() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let jpeg = try maker.product(
            CoverageRequest(width: 64, height: 32, format: CoverageFormat(.jpeg)), of: coverage
        ).all()
        #expect(jpeg.starts(with: [0xFF, 0xD8]))
        #expect(throws: CoverageError.self) {
            try maker.product(
                CoverageRequest(width: 70000, height: 2, format: CoverageFormat(.png)), of: coverage)
        }
    }
}
