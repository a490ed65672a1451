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
        // Bands that make no picture are refused as one; an opacity elsewhere than behind the others is a band.
        for bands in [[0, 1], [3, 0], [0, 0, 0, 0], [0, 1, 3, 2], [0, 1, 2, 3, 3]] {
            #expect(throws: CoverageError.self) {
                try maker.plan(CoverageRequest(bands: bands, format: CoverageFormat(.png)), of: coverage)
            }
            for format in [CoverageFormat(), CoverageFormat(compression: .deflate)] {
                let answer = try Answer(
                    maker.product(
                        CoverageRequest(width: 40, height: 20, bands: bands, format: format), of: coverage))
                let roles = try bands.indices.map { try answer.band($0 + 1).role }
                #expect(!roles.contains(.alpha), "\(bands) \(roles)")
            }
        }
        for bands in [[0], [0, 3], [2, 1, 0], [0, 1, 2, 3]] {
            for kind in [CoverageFormat.Kind.png, .jpeg] {
                _ = try maker.product(
                    CoverageRequest(width: 40, height: 20, bands: bands, format: CoverageFormat(kind)),
                    of: coverage
                ).all()
            }
        }
    }

    @Test("A band that is asked for twice is there twice")
    func repeated() throws {
        let maker = maker()
        for map in [
            try FieldMap(order: 1, plane), try FieldMap(order: 1, blank: -32768, plane),
        ] {
            let coverage = try maker.coverage(of: map.layer(order: 1))
            let single = try Answer(maker.product(CoverageRequest(), of: coverage)).samples()
            for format in [CoverageFormat(), CoverageFormat(compression: .deflate)] {
                let twice = try Answer(
                    maker.product(CoverageRequest(bands: [0, 0], format: format), of: coverage))
                let samples = try (twice.samples(band: 1), twice.samples(band: 2))
                #expect(samples.0 == single && samples.1 == single)
            }
        }
    }

    @Test("Boxes of other systems hold poles, and lie over the seam where the area does")
    func around() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let metres = coverage.crs
        let degree = Double.pi / 180 * 3_396_190
        let degrees = try Mars.systems.parse("IAU_2015:49900").crs
        let polar = try Mars.systems.parse("IAU_2015:49930").crs
        func box(_ box: MapBox, _ system: MapCRS, _ output: MapCRS) throws -> MapBox {
            try maker.plan(CoverageRequest(area: .box(box, system), outputCRS: output), of: coverage).grid.box
        }
        // 20 degrees over the seam of the coverage's own system: 21 or 22 of its columns.
        let own = try box(MapBox(minX: 170, minY: -10, maxX: 190, maxY: 10), degrees, metres)
        #expect(abs(own.minX / degree - 170) < 1 && abs(own.maxX / degree - 190) < 1)
        let answer = try Answer(
            maker.product(
                CoverageRequest(
                    area: .box(MapBox(minX: 170, minY: -10, maxX: 190, maxY: 10), degrees), outputCRS: metres,
                    interpolation: .nearest), of: coverage))
        let (values, t) = (try answer.samples(), answer.transform)
        let width = answer.dataset.width
        for (index, value) in values.enumerated() {
            let place = Direction(
                lonDeg: (t[0] + (Double(index % width) + 0.5) * t[1]) / degree,
                latDeg: (t[3] + (Double(index / width) + 0.5) * t[5]) / degree)
            #expect(abs(value - plane(place)) < 20)
        }
        // The same in a polar system: x > 0 is the east of the map, longitudes around 180 lie above the pole.
        let above = try box(
            MapBox(minX: -200_000, minY: 900_000, maxX: 200_000, maxY: 1_300_000), polar, degrees)
        #expect(above.minX > 160 && above.maxX > 180 && above.maxX < 200)
        // The pole is inside: all longitudes, up to 90 degrees.
        let pole = try box(
            MapBox(minX: -300_000, minY: -300_000, maxX: 310_000, maxY: 305_000), polar, degrees)
        #expect(pole.maxY == 90 && pole.minX == -180 && pole.maxX == 180)
        // A cap in degrees is a square around the pole.
        let cap = try box(MapBox(minX: -180, minY: 80, maxX: 180, maxY: 90), degrees, polar)
        #expect(abs(cap.minX + cap.maxX) < 1 && abs(cap.minY + cap.maxY) < 1 && cap.maxX > 590_000)
        // The whole stays whole.
        let whole = try box(MapBox(minX: -180, minY: -90, maxX: 180, maxY: 90), degrees, metres)
        #expect(abs(whole.width - metres.domain.width) < 1)
    }

    @Test("A box that reaches out of the system of the answer stays as it is, with no data outside")
    func overTheEdge() throws {
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let crs = try Mars.systems.parse("IAU_2015:49900").crs
        let box = MapBox(minX: -200, minY: 60, maxX: -160, maxY: 100)
        for area in [CoverageRequest.Area.box(box, crs), .exactly(box)] {
            let request = CoverageRequest(area: area, outputCRS: crs, width: 40, height: 40)
            let answer = try Answer(maker.product(request, of: coverage))
            let transform = answer.transform
            #expect(transform == [-200, 1, 0, 100, 0, -1])
            let values = try answer.samples()
            for (row, column) in [(0, 0), (9, 39), (10, 0), (39, 39)] {
                let found = values[row * 40 + column]
                // Ten rows beyond the pole.
                guard row >= 10 else {
                    #expect(found.isNaN, "\(row) \(column) \(found)")
                    continue
                }
                let truth = plane(
                    Direction(lonDeg: -199.5 + Double(column), latDeg: 99.5 - Double(row)))
                #expect(abs(found - truth) < quarter, "\(row) \(column) \(found)")
            }
        }
        #expect(throws: CoverageError.self) {
            let beyond = MapBox(minX: 0, minY: 95, maxX: 10, maxY: 100)
            _ = try maker.plan(CoverageRequest(area: .box(beyond, crs), outputCRS: crs), of: coverage)
        }
    }

    @Test("Answers of which a row is too much for the memory are refused")
    func rows() throws {
        let coverage = try maker().coverage(of: FieldMap(order: 1, plane).layer(order: 1))
        let small = maker(limits: CoverageLimits(memoryBytes: 40_000))
        _ = try small.plan(CoverageRequest(width: 2500, height: 10), of: coverage)
        #expect(throws: CoverageError.self) {
            try small.plan(CoverageRequest(width: 2501, height: 10), of: coverage)
        }
        let tiled = CoverageFormat(tile: CoverageFormat.TileSize(width: 64, height: 64))
        #expect(throws: CoverageError.self) { try small.plan(CoverageRequest(format: tiled), of: coverage) }
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
