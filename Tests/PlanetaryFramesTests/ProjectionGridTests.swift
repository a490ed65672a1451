import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct ProjectionGridTests {
    /// Systems, and what is special about them: seams, poles, antipodes and horizons lie in some tile.
    static let systems: [(definition: String, body: String)] = [
        ("IAU_2015:49900", "Mars"), ("IAU_2015:49901", "Mars"), ("IAU_2015:49915", "Mars"),
        ("IAU_2015:49912", "Mars"),
        ("IAU_2015:49920", "Mars"), ("IAU_2015:59926", "Jupiter"), ("IAU_2015:49930", "Mars"),
        ("IAU_2015:49936", "Mars"), ("+proj=stere +lat_0=-20 +lon_0=200 +R=1737400", "Moon"),
        ("+proj=merc +lon_0=180 +a=3396190 +b=3376200", "Mars"), ("IAU_2015:30160", "Moon"),
        ("+proj=tmerc +lon_0=60 +a=3396190 +b=3376200", "Mars"),
        ("+proj=lcc +lat_0=40 +lon_0=300 +lat_1=20 +lat_2=60 +R=3396190", "Mars"),
        ("+proj=lcc +lat_0=90 +lon_0=20 +lat_1=85 +lat_2=60 +R=1737400", "Moon"),
        ("+proj=aea +lat_0=40 +lon_0=0 +lat_1=20 +lat_2=60 +R=3396190", "Mars"),
        ("+proj=laea +lat_0=40 +lon_0=100 +R=1737400", "Moon"), ("IAU_2015:49981", "Mars"),
        ("+proj=aeqd +lat_0=-35 +lon_0=75 +R=1737400", "Moon"),
        ("+proj=ortho +lat_0=55 +lon_0=180 +R=1737400", "Moon"),
        ("IAU_2015:49966", "Mars"), ("+proj=gnom +lat_0=-80 +lon_0=20 +R=1737400", "Moon"),
        ("IAU_2015:49940", "Mars"), ("IAU_2015:49955", "Mars"),
        (
            "+proj=ob_tran +o_proj=eqc +o_lon_p=-257.744003 +o_lat_p=120.374532 +lon_0=-303.571748 +R=2575000",
            "Titan"
        ),
        ("+proj=nsper +lat_0=20 +lon_0=30 +h=1000000 +R=1737400", "Moon"),
        ("+proj=healpix +lon_0=20 +R=1737400", "Moon"),
    ]

    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.standard() }

    func frame(_ definition: String, _ body: String) throws -> MapFrame {
        try MapFrame(
            definition: definition, declaredBody: try catalogue.body(named: body), catalogue: catalogue,
            source: "map.tif")
    }

    /// A source with pixels as large as the tile's.
    func placement(_ frame: MapFrame, _ tile: HEALPixTile) throws -> PixelPlacement {
        let size = tile.pixelRad * (frame.projection == .geographic ? 180 / .pi : frame.radiusMetres)
        return try #require(PixelPlacement(geotransform: [-1000 * size, size, 0, 2000 * size, 0, -size]))
    }

    /// The largest error in pixels of some rows of a tile, against projecting each pixel.
    func worst(
        _ grid: ProjectionGrid, _ transformer: MapTransformer, _ placement: PixelPlacement,
        _ tile: HEALPixTile,
        rows: some Sequence<Int>
    ) -> Double {
        let size = HEALPixTile.size
        let period = transformer.frame.periodX.map { abs(placement.columnPerX * $0) }
        var worst = 0.0
        var (columns, lines) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
        var (lon, lat) = (columns, columns)
        var (x, y) = (columns, columns)
        for j in rows {
            var columnSpan = columns.mutableSpan
            var lineSpan = lines.mutableSpan
            grid.row(j, columns: &columnSpan, rows: &lineSpan)
            for i in 0..<size { (lon[i], lat[i]) = tile.direction(Double(i) + 0.5, Double(j) + 0.5) }
            var xSpan = x.mutableSpan
            var ySpan = y.mutableSpan
            transformer.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
            for i in 0..<size {
                let column = placement.column(x: x[i], y: y[i])
                if column.isNaN || columns[i].isNaN {
                    if !(column.isNaN && columns[i].isNaN && lines[i].isNaN) { worst = .infinity }
                    continue
                }
                let gap = period.map { remainder(columns[i] - column, $0) } ?? columns[i] - column
                worst = max(worst, abs(gap), abs(lines[i] - placement.row(x: x[i], y: y[i])))
            }
        }
        return worst
    }

    @Test(arguments: systems.indices)
    func theBoundHoldsOnTheWholeSphere(_ index: Int) throws {
        let frame = try frame(Self.systems[index].definition, Self.systems[index].body)
        let transformer = try frame.makeTransformer()
        for face in 0..<12 {
            let tile = HEALPixTile(order: 0, face: face, x: 0, y: 0)
            let placement = try placement(frame, tile)
            let grid = try ProjectionGrid(frame: frame, placement: placement, width: 512, height: 512)
            grid.prepare(tile.directions)
            let error = worst(
                grid, transformer, placement, tile, rows: stride(from: face * 7, to: 512, by: 107))
            #expect(error <= 0.05, "\(Self.systems[index].definition) \(tile): \(error)")
        }
    }

    @Test(arguments: systems.indices)
    func theBoundHoldsWhereMapsTear(_ index: Int) throws {
        let frame = try frame(Self.systems[index].definition, Self.systems[index].body)
        let transformer = try frame.makeTransformer()
        let places = [(0.0, 90.0), (0, -90), (180, 10), (200, -20), (280, -40), (120, -40), (0, 41.81)]
        for (lon, lat) in places {
            let tile = HEALPixTile.nearest(order: 3, lon: lon, lat: lat)
            let placement = try placement(frame, tile)
            let grid = try ProjectionGrid(frame: frame, placement: placement, width: 512, height: 512)
            grid.prepare(tile.directions)
            let error = worst(grid, transformer, placement, tile, rows: stride(from: 3, to: 512, by: 169))
            #expect(error <= 0.05, "\(Self.systems[index].definition) \(tile): \(error)")
        }
    }

    @Test func pixelsLieWhereHealpyAndPyprojPutThem() throws {
        var last:
            (
                key: String, tile: HEALPixTile, grid: ProjectionGrid, placement: PixelPlacement,
                period: Double?
            )?
        var shown = 0
        for row in try Table.rows("grid_pixels.txt") {
            let key = row[0...5].joined(separator: "|")
            let n = row.dropFirst(2).compactMap { Double($0) }
            if last?.key != key {
                let frame = try frame(row[0], row[1])
                let tile = HEALPixTile(order: Int(n[0]), face: Int(n[1]), x: Int(n[2]), y: Int(n[3]))
                let placement = try placement(frame, tile)
                let grid = try ProjectionGrid(frame: frame, placement: placement, width: 512, height: 512)
                grid.prepare(tile.directions)
                last = (key, tile, grid, placement, frame.periodX.map { abs(placement.columnPerX * $0) })
            }
            let tile = try #require(last)
            var (columns, rows) = ([Double](repeating: 0, count: 512), [Double](repeating: 0, count: 512))
            var columnSpan = columns.mutableSpan
            var rowSpan = rows.mutableSpan
            tile.grid.row(Int(n[5]), columns: &columnSpan, rows: &rowSpan)
            let (column, line) = (columnSpan[Int(n[4])], rowSpan[Int(n[4])])
            guard n[6].isFinite else {
                #expect(column.isNaN && line.isNaN, "\(row)")
                continue
            }
            let gap = column - tile.placement.column(x: n[6], y: n[7])
            #expect(abs(tile.period.map { remainder(gap, $0) } ?? gap) <= 0.05, "\(row): \(column)")
            #expect(abs(line - tile.placement.row(x: n[6], y: n[7])) <= 0.05, "\(row): \(line)")
            shown += 1
        }
        #expect(shown > 500)
    }

    @Test func smoothTilesTakeFewDirections() throws {
        let frame = try frame("IAU_2015:49930", "Mars")
        let tile = HEALPixTile.nearest(order: 5, lon: 40, lat: 70)
        let placement = try placement(frame, tile)
        let grid = try ProjectionGrid(frame: frame, placement: placement, width: 512, height: 512)
        grid.prepare(tile.directions)
        #expect(grid.exactPixelCount == 0)
        #expect(grid.projectedCount == 16 * 13)
    }

    @Test func tilesOfAnySizeAreCovered() throws {
        let frame = try frame("IAU_2015:49920", "Mars")
        let tile = HEALPixTile.nearest(order: 2, lon: 175, lat: 30)
        let placement = try placement(frame, tile)
        for (width, height) in [(1, 1), (7, 512), (130, 5), (33, 300)] {
            let grid = try ProjectionGrid(frame: frame, placement: placement, width: width, height: height)
            grid.prepare(tile.directions)
            var (columns, rows) = ([Float](repeating: -1, count: width), [Float](repeating: -1, count: width))
            for j in 0..<height {
                var columnSpan = columns.mutableSpan
                var rowSpan = rows.mutableSpan
                grid.row(j, columns: &columnSpan, rows: &rowSpan)
            }
            let (lon, lat) = tile.direction(Double(width) - 0.5, Double(height) - 0.5)
            var (x, y) = ([0.0], [0.0])
            var xSpan = x.mutableSpan
            var ySpan = y.mutableSpan
            let (lons, lats) = ([lon], [lat])
            try frame.makeTransformer().project(lonRad: lons.span, latRad: lats.span, x: &xSpan, y: &ySpan)
            #expect(abs(Double(columns[width - 1]) - placement.column(x: xSpan[0], y: ySpan[0])) <= 0.051)
            #expect(abs(Double(rows[width - 1]) - placement.row(x: xSpan[0], y: ySpan[0])) <= 0.051)
        }
    }

    @Test func oneGridServesManyTiles() throws {
        let frame = try frame("IAU_2015:49940", "Mars")
        let transformer = try frame.makeTransformer()
        let first = HEALPixTile.nearest(order: 3, lon: 180, lat: 0)
        let placement = try placement(frame, first)
        let grid = try ProjectionGrid(frame: frame, placement: placement, width: 512, height: 512)
        for lon in [180.0, 20, 179, 90] {
            let tile = HEALPixTile.nearest(order: 3, lon: lon, lat: 5)
            grid.prepare(tile.directions)
            #expect(worst(grid, transformer, placement, tile, rows: [0, 77, 511]) <= 0.05)
        }
    }

    @Test func aGeotransformThatIsNoneIsNil() {
        #expect(PixelPlacement(geotransform: [0, 1, 0, 0, 0]) == nil)
        #expect(PixelPlacement(geotransform: [0, 1, 2, 0, 1, 2]) == nil)
        #expect(PixelPlacement(geotransform: [0, .nan, 0, 0, 0, 1]) == nil)
        let rotated = PixelPlacement(geotransform: [10, 2, 1, 20, -1, 3])
        #expect(abs((rotated?.column(x: 10 + 2 * 4 + 5, y: 20 - 4 + 3 * 5) ?? 0) - 4) < 1e-12)
        #expect(abs((rotated?.row(x: 10 + 2 * 4 + 5, y: 20 - 4 + 3 * 5) ?? 0) - 5) < 1e-12)
    }
}
