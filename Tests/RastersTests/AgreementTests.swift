import Foundation
import GDAL
import PlanetaryFrames
import Testing

@testable import Rasters

/// Faults put into the heights of Mars, whose grid has pixels of a quarter of a degree.
@Suite struct AgreementTests {
    private static let path = Samples.repository + "/surveys/mars/mars_mola_180.tif"
    private static let columns = 720

    private static let truth = try? TestRaster.source(path).sketch(columns: columns)
    private static let mars = try? BodyCatalogue.iau2015().body(named: "mars")

    /// The map as it would be believed to lie, against the truth.
    private func agreement(_ declare: (inout SourceDeclaration) -> Void) throws -> MapAgreement {
        var declaration = SourceDeclaration()
        declare(&declaration)
        let map = try TestRaster.source(Self.path, declaration).sketch(columns: Self.columns)
        return MapAgreement(of: map, with: try #require(Self.truth), body: try #require(Self.mars))
    }

    @Test func rightMapsAgree() throws {
        let agreement = try agreement { _ in }
        #expect(agreement.verdict == .agrees && agreement.correlation > 0.999 && !agreement.isFault)
        #expect(abs(agreement.eastDegrees) < 0.01 && abs(agreement.northDegrees) < 0.01)
    }

    /// Where the kinds of latitude differ by more rows than a band has, the bands end early.
    @Test(arguments: ["Itokawa", "Arrokoth", "Hyperion"])
    func bodiesThatAreFarFromSpheres(_ name: String) throws {
        let body = try BodyCatalogue.standard().body(named: name)
        let truth = try #require(Self.truth)
        let agreement = MapAgreement(of: truth, with: truth, body: body)
        #expect(!agreement.isFault, "\(agreement.sentence)")
    }

    @Test func centredOnTheOtherSide() throws {
        let agreement = try agreement {
            $0.body = Self.mars
            $0.extent = .init(west: 0, south: -90, east: 360, north: 90)
        }
        #expect(agreement.verdict == .halfTurn && agreement.isFault, "\(agreement.sentence)")
    }

    @Test func mirrored() throws {
        let agreement = try agreement { $0.longitudeSense = .west }
        #expect(agreement.verdict == .mirrored, "\(agreement.sentence)")
    }

    @Test func turned() throws {
        let agreement = try agreement {
            $0.body = Self.mars
            $0.extent = .init(west: -150, south: -90, east: 210, north: 90)
        }
        #expect(
            agreement.verdict == .turned && abs(agreement.eastDegrees - 30) < 0.1, "\(agreement.sentence)")
    }

    @Test(arguments: [-1, 1])
    func offByAPixel(columns: Int) throws {
        let step = 0.25 * Double(columns)
        let agreement = try agreement {
            $0.body = Self.mars
            $0.extent = .init(west: -180 + step, south: -90, east: 180 + step, north: 90)
        }
        #expect(agreement.verdict == .shifted, "\(agreement.sentence)")
        #expect(
            abs(agreement.eastDegrees - step) < 0.05 && abs(agreement.northDegrees) < 0.05,
            "\(agreement.sentence)")
    }

    @Test func offByARow() throws {
        // The last row would lie beyond the pole by one pixel, as GDAL reads the label of MOLA.
        let agreement = try agreement {
            $0.crs = "IAU_2015:49900"
            $0.body = Self.mars
            $0.extent = .init(west: -180, south: -89.75, east: 180, north: 90.25)
        }
        #expect(
            agreement.verdict == .shifted && abs(agreement.northDegrees - 0.25) < 0.05,
            "\(agreement.sentence)")
    }

    @Test func upsideDown() throws {
        let truth = try #require(Self.truth)
        func flipped(mirrored: Bool) -> GlobeSketch {
            GlobeSketch(columns: truth.columns, sourceDegrees: 0.25) { row in
                let start = (truth.rows - 1 - row) * truth.columns
                let line = truth.values[start..<(start + truth.columns)]
                return mirrored ? line.reversed() : Array(line)
            }
        }
        let mars = try #require(Self.mars)
        #expect(MapAgreement(of: flipped(mirrored: false), with: truth, body: mars).verdict == .upsideDown)
        #expect(MapAgreement(of: flipped(mirrored: true), with: truth, body: mars).verdict == .turnedOver)
    }

    @Test func kindsOfLatitudeMixedUp() throws {
        // Read as planetographic, what is planetocentric comes to lie too near the equator.
        let agreement = try agreement { $0.latitudeKind = .planetographic }
        #expect(agreement.verdict == .planetocentric, "\(agreement.sentence)")
        #expect(abs(agreement.planetographicShare + 1) < 0.2, "\(agreement.sentence)")
        let truth = try #require(Self.truth)
        var declaration = SourceDeclaration()
        declaration.latitudeKind = .planetographic
        let squeezed = try TestRaster.source(Self.path, declaration).sketch(columns: Self.columns)
        let other = MapAgreement(of: truth, with: squeezed, body: try #require(Self.mars))
        #expect(other.verdict == .planetographic, "\(other.sentence)")
    }

    /// Heights against a picture of the same ground, as it lies and half a turn from there.
    @Test func heightsAgainstAPicture() throws {
        let picture = try TestRaster.source(Samples.repository + "/surveys/moon/Moon_LROC_WAC_2048.jpg")
        let heights = try TestRaster.source(Samples.repository + "/surveys/moon/lola_ldem4_heights.tif")
        let moon = heights.frame.body
        let drawn = try heights.sketch(columns: Self.columns)
        let right = MapAgreement(of: try picture.sketch(columns: Self.columns), with: drawn, body: moon)
        #expect(right.verdict == .agrees, "\(right.sentence)")
        var declaration = SourceDeclaration(body: moon)
        declaration.extent = .init(west: -180, south: -90, east: 180, north: 90)
        let wrong = try TestRaster.source(picture.path, declaration).sketch(columns: Self.columns)
        let fault = MapAgreement(of: wrong, with: drawn, body: moon)
        #expect(fault.verdict == .halfTurn, "\(fault.sentence)")
    }

    /// Relief shaded from one side correlates with the heights best where it does not lie as they do: half a slope away.
    /// No small shift is claimed of it, and the gross faults are still found.
    @Test(arguments: [(0, MapAgreement.Verdict.agrees), (60, .turned), (360, .halfTurn)])
    func heightsAgainstShadedRelief(columns: Int, verdict: MapAgreement.Verdict) throws {
        let truth = try #require(Self.truth)
        let width = truth.columns
        let shaded = GlobeSketch(columns: width, sourceDegrees: 0.25) { row in
            (0..<width).map { column in
                func height(_ x: Int) -> Float { truth.values[row * width + (x + width) % width] }
                let place = column - columns + width
                return height(place + 1) - height(place - 1)
            }
        }
        let found = MapAgreement(of: shaded, with: truth, body: try #require(Self.mars))
        #expect(found.verdict == verdict, "\(found.sentence)")
        let expected = Double(columns) / 2
        #expect(abs(remainder(found.eastDegrees - expected, 360)) <= 4, "\(found.sentence)")
    }

    /// Of a Mercator map whose last column is its first again, that one is left out, also of what is drawn.
    @Test(arguments: [1440, 1441, 1442])
    func repeatedColumnsOfAProjection(columns: Int) throws {
        let step = 3_396_190 * Double.pi / 180 / 4
        let values = (0..<(8 * columns)).map { Float($0 % columns % 1440) }
        let file = try TestRaster(
            [values], .float32, columns: columns, rows: 8,
            transform: [-720 * step, step, 0, 4 * step, 0, -step],
            crs: "+proj=merc +R=3396190 +units=m +no_defs +type=crs")
        let mars = try #require(Self.mars)
        let source = try file.source(SourceDeclaration(body: mars))
        guard case .projected = source.placement else {
            Issue.record("a Mercator map is no grid")
            return
        }
        let sketch = try source.sketch(columns: 360)
        // Every other column from the second on, as a degree holds four: 721 and 723 of the first degree to the east.
        for degree in 0..<360 {
            let first = (720 + 4 * degree) % 1440
            #expect(sketch.values[89 * 360 + degree] == Float(first + 2), "\(degree)")
        }
    }

    @Test func mapsOfOtherThings() throws {
        let truth = try #require(Self.truth)
        let mars = try #require(Self.mars)
        // The Moon's heights have nothing to do with those of Mars.
        let moon = try TestRaster.source(Samples.repository + "/surveys/moon/lola_ldem4_heights.tif")
        let none = MapAgreement(of: try moon.sketch(columns: Self.columns), with: truth, body: mars)
        #expect(none.verdict == .undecided && none.reason != nil, "\(none.sentence)")
        let empty = GlobeSketch(columns: truth.columns, sourceDegrees: 0.25) { _ in
            [Float](repeating: .nan, count: truth.columns)
        }
        #expect(MapAgreement(of: empty, with: truth, body: mars).verdict == .undecided)
    }
}
