import FITS
import GDAL
import Glibc
import GridCoverages
import HEALPix
import Maps
import PlanetaryFrames
import Testing

/// Coverages of HiPS whose values are a known function of the direction.
@Suite("Coverages of maps")
struct MapCoverageTests {
    /// A quarter of a pixel of order 1, 0.0164 wide, where the field is steepest: the lattice bends across the borders of the polar
    /// faces, where what lies between its samples is not known better.
    private let quarter = 0.25 * 0.0164 * 950

    /// The largest difference to a field over the whole planet.
    private func error(
        _ values: [Double], _ grid: CoverageGrid, _ field: (Direction) -> Double = plane
    ) -> Double {
        let perDegree = Double.pi / 180 * 3_396_190
        var worst = 0.0
        for row in 0..<grid.height {
            let lat = (grid.originY - (Double(row) + 0.5) * grid.pixelHeight) / perDegree
            for column in 0..<grid.width {
                let lon = (grid.originX + (Double(column) + 0.5) * grid.pixelWidth) / perDegree
                let truth = field(Direction(lonDeg: lon, latDeg: lat))
                worst = max(worst, abs(values[row * grid.width + column] - truth))
            }
        }
        return worst
    }

    @Test(
        "The whole planet lies on a grid of six pixels for each of a face, and its values are those of the field"
    )
    func whole() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        #expect(coverage.grid.width == 6 * 64 && coverage.grid.height == 3 * 64)
        #expect(abs(coverage.grid.box.minX + .pi * 3_396_190) < 1e-6)
        #expect(coverage.axisLabels == ["E", "N"])
        #expect(coverage.bands.count == 1 && coverage.bands[0].type == .float32)
        var errors: [CoverageInterpolation: Double] = [:]
        for way in CoverageInterpolation.allCases {
            let answer = try Answer(maker.product(CoverageRequest(interpolation: way), of: coverage))
            errors[way] = error(try answer.samples(), coverage.grid)
            let transform = answer.transform
            #expect(transform[1] == coverage.grid.pixelWidth)
            let noData = try answer.band(1).noData
            #expect(noData?.isNaN == true)
        }
        // Pixels of the HiPS are 0.016 wide and the field's gradient is at most 950: half a diagonal of a pixel, in the
        // caps where they are longest, and the curvature over one.
        let (nearest, linear) = (try #require(errors[.nearest]), try #require(errors[.linear]))
        let cubic = try #require(errors[.cubic])
        #expect(nearest < 20 && nearest > 5)
        #expect(linear < quarter)
        // Linear where only three faces meet, as good as the places elsewhere.
        #expect(cubic <= linear)
    }

    @Test("A place across the seam and those at the poles are as good as others")
    func seam() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let crs = try Mars.systems.parse("IAU_2015:49900").crs
        for way in CoverageInterpolation.allCases {
            for box in [
                MapBox(minX: 170, minY: -10, maxX: 190, maxY: 10),
                MapBox(minX: 0, minY: 80, maxX: 360, maxY: 90),
                MapBox(minX: 0, minY: -90, maxX: 360, maxY: -80),
            ] {
                let answer = try Answer(
                    maker.product(
                        CoverageRequest(
                            area: .exactly(box), outputCRS: crs, width: 100, height: 50, interpolation: way),
                        of: coverage))
                let values = try answer.samples()
                for row in 0..<50 {
                    for column in 0..<100 {
                        let truth = plane(
                            Direction(
                                lonDeg: box.minX + (Double(column) + 0.5) * box.width / 100,
                                latDeg: box.maxY - (Double(row) + 0.5) * box.height / 50))
                        #expect(abs(values[row * 100 + column] - truth) < (way == .nearest ? 20 : quarter))
                    }
                }
            }
        }
    }

    @Test("Whole numbers stay whole, and what has no data has the declared value")
    func integers() throws {
        // No data within 20 degrees of a place, around the middle of which nothing can be interpolated.
        let hole = Direction(lonDeg: 40, latDeg: 10)
        func distance(_ d: Direction) -> Double {
            let c =
                sin(d.latRad) * sin(hole.latRad) + cos(d.latRad) * cos(hole.latRad)
                * cos(d.lonRad - hole.lonRad)
            return acos(min(1, c)) * 180 / .pi
        }
        let map = try FieldMap(order: 1, blank: -32768) { distance($0) < 20 ? .nan : plane($0) }
        let maker = maker()
        let coverage = try maker.coverage(of: map.layer(order: 1))
        #expect(coverage.bands[0].type == .int16 && coverage.bands[0].nilValues == [-32768])
        for way in CoverageInterpolation.allCases {
            let answer = try Answer(maker.product(CoverageRequest(interpolation: way), of: coverage))
            let band = try answer.band(1)
            #expect(band.type == .int16 && band.noData == -32768)
            let values = try answer.samples()
            let grid = coverage.grid
            let perDegree = Double.pi / 180 * 3_396_190
            for row in 0..<grid.height {
                let lat = (grid.originY - (Double(row) + 0.5) * grid.pixelHeight) / perDegree
                for column in 0..<grid.width {
                    let lon = (grid.originX + (Double(column) + 0.5) * grid.pixelWidth) / perDegree
                    let place = Direction(lonDeg: lon, latDeg: lat)
                    let (value, away) = (values[row * grid.width + column], distance(place))
                    if away < 18.5 { #expect(value == -32768) }
                    if away > 21.5 {
                        #expect(abs(value - plane(place)) < (way == .nearest ? 21 : quarter + 1))
                    }
                }
            }
        }
    }

    @Test("Strips of little memory give what one of much memory gives")
    func strips() throws {
        let layer = try FieldMap(order: 1, plane).layer(order: 1)
        let (large, small) = (maker(), maker(limits: CoverageLimits(memoryBytes: 40_000)))
        let coverage = try large.coverage(of: layer)
        let a = try Answer(large.product(CoverageRequest(), of: coverage))
        let product = try small.product(CoverageRequest(), of: coverage)
        let first = try #require(try product.next())
        // A quarter of the memory at most, and the head.
        #expect(first.count < 20_000)
        let b = try Answer(small.product(CoverageRequest(), of: coverage))
        let sizes = (a.bytes.count, b.bytes.count)
        #expect(sizes.0 == sizes.1)
        let worst = zip(try a.samples(), try b.samples()).map { abs($0 - $1) }.max() ?? .nan
        // Places are found anew in each strip, to a fraction of a pixel.
        #expect(worst < 1)
    }

    @Test("Fewer pixels are taken from a coarser order, and are those of the field")
    func scaled() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 2, plane).layer(order: 2))
        let request = CoverageRequest(width: 96, height: 48)
        let plan = try maker.plan(request, of: coverage)
        #expect(plan.grid.width == 96 && plan.pixels == nil && plan.grid.box == coverage.grid.box)
        let answer = try Answer(maker.product(request, of: coverage))
        // They are as large as those of faces of 16 pixels, four times as large as those of order 1.
        let worst = error(try answer.samples(), plan.grid)
        #expect(worst < 4 * quarter, "\(worst)")
    }

    @Test("A trim gives the whole pixels that it holds, with the values that the whole has there")
    func trim() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let pixels = CoveragePixels(columns: 100..<130, rows: 20..<45)
        let box = coverage.grid.box(of: pixels)
        let request = CoverageRequest(area: .box(box, coverage.crs))
        #expect(try maker.plan(request, of: coverage).pixels == pixels)
        let part = try Answer(maker.product(request, of: coverage)).samples()
        let whole = try Answer(maker.product(CoverageRequest(), of: coverage)).samples()
        for row in 0..<25 {
            for column in 0..<30 {
                #expect(abs(part[row * 30 + column] - whole[(20 + row) * 384 + 100 + column]) < 1)
            }
        }
        #expect(throws: CoverageError.self) {
            try maker.plan(
                CoverageRequest(
                    area: .pixels(CoveragePixels(columns: 400..<410, rows: 0..<1))), of: coverage)
        }
    }

    @Test("Bands come in the order that was asked for, transparent ones as such")
    func bands() throws {
        let map = try FieldMap(order: 1, colours: { $0.latRad > 0 ? [200, 100, 50, 255] : [0, 0, 0, 0] })
        let maker = maker()
        let coverage = try maker.coverage(
            of: map.layer(order: 1, format: "png", more: ["dataproduct_subtype": "color"]))
        #expect(coverage.bands.map(\.name) == ["red", "green", "blue", "alpha"])
        let all = try Answer(maker.product(CoverageRequest(), of: coverage))
        let count = all.dataset.bandCount
        #expect(count == 4)
        let roles = try [all.band(1).role, all.band(2).role, all.band(3).role, all.band(4).role]
        #expect(roles == [.red, .green, .blue, .alpha])
        let chosen = try Answer(maker.product(CoverageRequest(bands: [2, 0]), of: coverage))
        let middle = 30 * 384 + 190
        let picked = try (chosen.samples(band: 1)[middle], chosen.samples(band: 2)[middle])
        #expect(picked == (50, 200))
        let opacity = try all.samples(band: 4)
        #expect(opacity[middle] == 255 && opacity[170 * 384 + 10] == 0)
        #expect(throws: CoverageError.self) {
            try maker.plan(CoverageRequest(bands: [4]), of: coverage)
        }
        let png = try maker.product(CoverageRequest(format: CoverageFormat(.png)), of: coverage).all()
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test("What is too large is refused before anything is drawn, with the limit")
    func limits() throws {
        let coverage = try maker().coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let few = maker(limits: CoverageLimits(pixels: 1000))
        #expect(throws: CoverageError.self) { try few.plan(CoverageRequest(), of: coverage) }
        do {
            _ = try few.product(CoverageRequest(width: 40, height: 30), of: coverage)
            Issue.record("1200 pixels were given")
        } catch {
            #expect("\(error)".contains("1200 pixels") && "\(error)".contains("1000"))
        }
        _ = try few.product(CoverageRequest(width: 40, height: 25), of: coverage)
        #expect(throws: CoverageError.self) {
            try few.plan(CoverageRequest(width: 1 << 40, height: 1 << 40), of: coverage)
        }
        let spool = maker(limits: CoverageLimits(spooledBytes: 1000))
        _ = try spool.plan(CoverageRequest(), of: coverage)
        #expect(throws: CoverageError.self) {
            try spool.plan(
                CoverageRequest(format: CoverageFormat(compression: .deflate)), of: coverage)
        }
    }
}
