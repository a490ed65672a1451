import GDAL
import Glibc
import HEALPix
import HiPS
import Maps
import PlanetaryFrames
import Rasters
import Testing

@testable import GridCoverages

/// Coverages of the files that maps were built from, against the files and against samples of the archive's own.
@Suite("Native coverages")
struct NativeTests {
    /// Every tenth sample of the archive's grid at 4 pixels per degree, as its own table has them.
    private static func truth() throws -> [(lon: Double, lat: Double, value: Double)] {
        let bytes = try #require(
            try VirtualFile.read("/\(NativePlace.root)/tools/verify/mola_samples.csv", atMost: 1 << 20))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
            let numbers = line.split(separator: ",").map { Double($0) }
            guard numbers.count == 3, let lon = numbers[0], let lat = numbers[1], let value = numbers[2]
            else {
                return nil
            }
            return (lon, lat, value)
        }
    }

    @Test("Samples of the archive's heights are its own, where its label puts them")
    func mola() throws {
        let declaration = SourceDeclaration(body: try Mars.catalogue.body(named: "Mars"))
        let place = try NativePlace(source: NativePlace.survey("megt90n000cb.lbl"), declaration: declaration)
        let maker = maker()
        let coverage = try place.native(maker)
        #expect(coverage.identifier == "field__native" && coverage.bands[0].type == .int16)
        let degrees = coverage.crs.isGeographic
        let perDegree = degrees ? 1 : Double.pi / 180 * coverage.crs.frame.radiusMetres
        #expect(coverage.grid.width == 1440 && coverage.grid.height == 720)
        let answer = try Answer(maker.product(CoverageRequest(), of: coverage))
        let values = try answer.samples()
        let transform = answer.transform
        let truth = try Self.truth()
        let wkt = answer.wkt
        #expect(truth.count > 100)
        let crs = try Mars.systems.system(defined: #require(wkt), as: "TEST:1")
        for sample in truth {
            let at = try crs.coordinates(of: [(sample.lon, sample.lat)])[0]
            var column = (at.x - transform[0]) / transform[1]
            if column < 0 { column += 360 * perDegree / transform[1] }
            if column >= 1440 { column -= 360 * perDegree / transform[1] }
            let row = (at.y - transform[3]) / transform[5]
            #expect(abs(column - column.rounded(.down) - 0.5) < 1e-3)
            #expect(abs(row - row.rounded(.down) - 0.5) < 1e-3)
            #expect(values[Int(row) * 1440 + Int(column)] == sample.value)
        }
    }

    @Test(
        "Windows are those of the file, sample for sample",
        arguments: [
            "mars_mola_180.tif", "mars_mola_sinu.tif", "mars_mola_npole_stere.tif", "mars_gale_1m_dem.tif",
        ])
    func windows(file: String) throws {
        let declaration = SourceDeclaration(body: try Mars.catalogue.body(named: "Mars"))
        let place = try NativePlace(source: NativePlace.survey(file), declaration: declaration)
        let maker = maker()
        let coverage = try place.native(maker)
        let dataset = try Dataset(opening: NativePlace.survey(file))
        let transform = dataset.geoTransform ?? []
        let size = (dataset.width, dataset.height)
        #expect(coverage.grid.width == size.0 && coverage.grid.height == size.1)
        // Believed and stated edges are the same to a thousandth of a pixel.
        #expect(abs(coverage.grid.originX - transform[0]) < transform[1] / 1000)
        #expect(abs(coverage.grid.originY - transform[3]) < transform[1] / 1000)
        #expect(abs(coverage.grid.pixelWidth / transform[1] - 1) < 1e-9)
        let (width, height) = (dataset.width / 3, dataset.height / 3)
        let pixels = CoveragePixels(columns: 7..<(7 + width), rows: 11..<(11 + height))
        var truth = [Double](repeating: 0, count: width * height)
        try truth.withUnsafeMutableBytes {
            try dataset.read(
                band: 1, window: PixelWindow(column: 7, row: 11, width: width, height: height), into: $0,
                type: .float64, pixelStride: 8, lineStride: 8 * width)
        }
        let box = coverage.grid.box(of: pixels)
        for area in [CoverageRequest.Area.pixels(pixels), .box(box, coverage.crs)] {
            let answer = try Answer(maker.product(CoverageRequest(area: area), of: coverage))
            // Not-a-number is the same as itself here.
            #expect(zip(try answer.samples(), truth).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
            let types = try (answer.band(1).type, dataset.band(1).type)
            #expect(types.0 == types.1)
            let wkt = answer.wkt
            let frame = try MapFrame(
                definition: #require(wkt), declaredBody: nil, catalogue: Mars.catalogue,
                source: "the answer")
            #expect(frame.radiusMetres == coverage.crs.frame.radiusMetres)
            #expect(frame.projection == coverage.crs.frame.projection)
        }
    }

    @Test("A third of the pixels are means of what they cover, and the same whatever the strips are")
    func scaled() throws {
        let place = try NativePlace(source: NativePlace.survey("mars_mola_180.tif"))
        let (maker, small) = (maker(), maker(limits: CoverageLimits(memoryBytes: 30_000)))
        let coverage = try place.native(maker)
        let request = CoverageRequest(
            width: coverage.grid.width / 4, height: coverage.grid.height / 4, interpolation: .linear)
        let a = try Answer(maker.product(request, of: coverage)).samples()
        let b = try Answer(small.product(request, of: coverage)).samples()
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1 })
        // The mean of the planet stays what it is.
        let whole = try Answer(maker.product(CoverageRequest(), of: coverage)).samples()
        let (mean, truth) = (a.reduce(0, +) / Double(a.count), whole.reduce(0, +) / Double(whole.count))
        #expect(abs(mean - truth) < 5)
    }

    @Test("Bands keep what the file says of each, and values that they cannot have are none")
    func bands() throws {
        let path = try NativePlace.made { writer in
            try writer.setNoData(-9999, band: 1)
            try writer.setScale(0.5, offset: 3, band: 2)
            try writer.describe("other", unit: "km", band: 2)
        }
        defer {
            unlink(path)
            rmdir(path.replacing("/source.tif", with: ""))
        }
        var declaration = SourceDeclaration(body: try Mars.catalogue.body(named: "Mars"))
        declaration.bands = [1]
        let maker = maker()
        let coverage = try NativePlace(source: path, declaration: declaration).native(maker)
        #expect(coverage.bands.count == 2 && coverage.bands.allSatisfy { $0.nilValues.isEmpty })
        #expect(coverage.bands[0].isUnscaled && coverage.bands[0].unit == nil)
        #expect(coverage.bands[1].scale == 0.5 && coverage.bands[1].offset == 3)
        #expect(coverage.bands[1].unit == "km" && coverage.bands.allSatisfy { $0.interval == nil })
        for kind in [CoverageFormat.Kind.geoTIFF, .fits] {
            _ = try maker.product(
                CoverageRequest(
                    area: .exactly(MapBox(minX: -9, minY: 0, maxX: 99, maxY: 90)), width: 30, height: 30,
                    format: CoverageFormat(kind)), of: coverage
            ).all()
        }
    }

    @Test("Scaled answers that reach over the edge of the file have its pixels in their places")
    func overTheEdge() throws {
        let path = try NativePlace.made { _ in }
        defer {
            unlink(path)
            rmdir(path.replacing("/source.tif", with: ""))
        }
        var declaration = SourceDeclaration(body: try Mars.catalogue.body(named: "Mars"))
        declaration.bands = [1]
        let maker = maker()
        let coverage = try NativePlace(source: path, declaration: declaration).native(maker)
        // Cells of four degrees; those at the edges lie in the file by three quarters, and one by a quarter.
        let degree = coverage.grid.pixelWidth
        let box = MapBox(minX: -5 * degree, minY: 0, maxX: 95 * degree, maxY: 80 * degree)
        for way in [CoverageInterpolation.nearest, .linear] {
            let values = try Answer(
                maker.product(
                    CoverageRequest(area: .exactly(box), width: 25, height: 20, interpolation: way),
                    of: coverage)
            ).samples()
            for column in 2..<23 {
                // The mean of the columns that the cell covers, or one of those in its middle.
                let centre = -5 + (Double(column) + 0.5) * 4 - 0.5
                let found = values[10 * 25 + column]
                #expect(abs(found - centre) <= (way == .nearest ? 1 : 0.6), "\(way) \(column) \(found)")
            }
            #expect(values[10 * 25] == 0 && values[10 * 25 + 24] == 0)
        }
    }

    @Test("A file that is gone or has changed gives no coverage, and neither does a server that is told so")
    func gone() throws {
        let path = NativePlace.survey("mars_mola_180.tif")
        #expect(try NativePlace(source: path, size: 17).coverages(maker()).count == 1)
        #expect(try NativePlace(source: path).coverages(maker(native: false)).count == 1)
        #expect(try NativePlace(source: path).coverages(maker()).count == 2)
    }

    @Test(
        "Paths that are not of this disk are no sources",
        arguments: [
            "/vsicurl/http://localhost/a.tif", "http://localhost/a.tif", "relative.tif",
            "/vsizip/a.zip/b.tif",
        ])
    func remote(path: String) {
        #expect(!SourceNote.isLocal(path))
    }

    @Test("Addresses that may hold secrets are not written down, and are not read where somebody did")
    func secrets() throws {
        for path in [
            "/vsicurl/https://example.org/a.tif", "/vsicurl/http://example.org:8080/a@b.tif",
            "/vsis3/bucket/a.tif", "/data/a.tif", "/vsiwebhdfs/http://example.org:50070/webhdfs/v1/a.tif",
        ] {
            #expect(SourceNote.isServable(path), "\(path)")
        }
        for path in [
            "/vsicurl/https://user:word@example.org/a.tif", "/vsicurl/https://key@example.org/a.tif",
            "/vsicurl/https://example.org/a.tif?X-Amz-Signature=1", "/vsicurl/https://example.org/a.tif#b",
            "/vsicurl?url=https://example.org/a.tif", "/vsizip//vsicurl/https://example.org/a.zip/a.tif",
            "/vsimem/a.tif", "https://example.org/a.tif", "a.tif",
            "/vsiwebhdfs/http://user:word@example.org/webhdfs/v1/a.tif",
            "/vsiwebhdfs/http://example.org/webhdfs/v1/a.tif?user.name=me",
            "/vsiwebhdfs/user:word@example.org",
        ] {
            #expect(!SourceNote.isServable(path), "\(path)")
        }
        let place = try NativePlace(source: NativePlace.survey("mars_mola_180.tif"))
        let note = SourceNote(
            build: "abc", path: "/vsicurl/https://user:word@example.org/a.tif", size: 1,
            modifiedNanoseconds: 1,
            head: "1", declaration: [:])
        try note.write(for: place.name, in: place.directory)
        #expect(SourceNote.read(of: place.name, build: "abc", in: place.directory) == nil)
    }

    @Test("A virtual raster is waited for where a part of it may lie elsewhere")
    func virtual() throws {
        func isRemote(_ path: String) -> Bool {
            NativeSource.isRemote(
                SourceNote(
                    build: "abc", path: path, size: 1, modifiedNanoseconds: 1, head: "1", declaration: [:]))
        }
        #expect(isRemote("/vsis3/bucket/a.tif") && isRemote("/vsicurl/http://localhost/a.tif"))
        #expect(!isRemote(NativePlace.survey("mars_mola_180.tif")) && !isRemote("/nowhere/a.tif"))
        for (part, expected) in [
            ("/data/a.tif", false), ("/vsicurl/http://localhost/a.tif", true), ("other.vrt", true),
            ("https://localhost/a.tif", true), (String(repeating: "a", count: 1 << 20), true),
        ] {
            let path = "/vsimem/native-\(part.utf8.count).vrt"
            let text = "<VRTDataset rasterXSize=\"1\"><SourceFilename>\(part)</SourceFilename></VRTDataset>"
            try VirtualFile.write(Array(text.utf8), to: path)
            defer { _ = try? VirtualFile.remove(path) }
            #expect(isRemote(path) == expected, "\(part.prefix(40))")
        }
    }

    @Test("A box over the ends of the file's grid is refused, with what to ask for; one beside them is not")
    func seam() throws {
        let place = try NativePlace(
            source: NativePlace.survey("mars_mola_180.tif"),
            declaration: SourceDeclaration(body: try Mars.catalogue.body(named: "Mars")))
        let maker = maker()
        let coverage = try place.native(maker).forClients(try Mars.systems)
        let degrees = try Mars.systems.parse("IAU_2015:49900").crs
        #expect(!coverage.crs.isGeographic)
        func request(_ west: Double, _ east: Double) -> CoverageRequest {
            CoverageRequest(area: .box(MapBox(minX: west, minY: 0, maxX: east, maxY: 5), degrees))
        }
        do {
            _ = try maker.plan(request(175, 185), of: coverage)
            Issue.record("it was given")
        } catch {
            guard case .unsupportedCRS = error else { throw error }
            #expect("\(error)".contains("over the ends of its grid") && "\(error)".contains("for field,"))
        }
        for (west, column) in [(170.0, 1400), (-180, 0), (180, 0), (-190, 1400)] {
            let pixels = try #require(try maker.plan(request(west, west + 10), of: coverage).pixels)
            #expect(pixels.columns == column..<(column + 40) && pixels.rows == 340..<360, "\(west)")
        }
    }

    @Test("Another system is refused, with the name of the coverage that has it")
    func otherSystem() throws {
        let place = try NativePlace(source: NativePlace.survey("mars_mola_180.tif"))
        let maker = maker()
        let coverage = try place.native(maker)
        do {
            _ = try maker.plan(
                CoverageRequest(outputCRS: try Mars.systems.parse("IAU_2015:49930").crs), of: coverage)
            Issue.record("it was given")
        } catch {
            #expect("\(error)".contains("ask for field,"))
        }
    }

    @Test("Declarations are the same after they were written down")
    func declarations() throws {
        var declaration = SourceDeclaration(
            body: try Mars.catalogue.body(named: "Mars"), crs: "IAU_2015:49910",
            extent: SourceDeclaration.Extent(west: -180, south: -90.5, east: 180, north: 1e-7),
            noData: .some(nil))
        declaration.registration = .grid
        declaration.latitudeKind = .planetographic
        declaration.longitudeSense = .west
        declaration.longitudeSystem = LongitudeSystem(name: "Claudia", offsetToIAUDegrees: 150, source: "A")
        declaration.bands = [3, 1, 2]
        declaration.noDataRule = NoDataRule(
            values: [0, -1.5], range: -3...(-2), isEdgeConnected: true, erodePixels: 2)
        #expect(try SourceDeclaration(texts: declaration.texts, catalogue: Mars.catalogue) == declaration)
        declaration.noData = 7
        #expect(try SourceDeclaration(texts: declaration.texts, catalogue: Mars.catalogue) == declaration)
        #expect(try SourceDeclaration(texts: ["colour": "red"], catalogue: Mars.catalogue) == nil)
    }
}
