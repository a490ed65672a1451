import Foundation
import GDAL
import HEALPix
import MOC
import PlanetaryFrames
import Regions
import Testing

@testable import Rasters

/// Pixels that count, and the cells that they cover.
@Suite struct BlocksTests {
    private func pixels(_ source: RasterSource, _ range: ClosedRange<Double>? = nil, largest: Int = .max)
        throws
        -> [[Int]]
    {
        var found: [[Int]] = []
        try source.pixelBlocks(in: range, largest: largest) { block in
            #expect(block.columns.count <= largest && block.rows.count <= largest)
            for row in block.rows { for column in block.columns { found.append([row, column]) } }
        }
        #expect(Set(found).count == found.count, "a pixel is in two blocks")
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The cells of a raster's pixels.
    private func coverage(
        _ source: RasterSource, _ range: ClosedRange<Double>?, _ order: Order, _ mode: CellMode
    ) throws -> MOC {
        var regions: [Region] = []
        switch source.placement {
        case .grid(let grid):
            try source.pixelBlocks(in: range) {
                regions.append(.zone(grid.bounds(columns: $0.columns, rows: $0.rows)))
            }
        case .projected(let map):
            let outlines = try PixelOutlines(map)
            var rings: [[Direction]] = []
            try source.pixelBlocks(in: range, largest: outlines.largest) {
                rings += outlines.rings(around: $0)
            }
            regions = try rings.map { .polygon(try SphericalPolygon($0)) }
        }
        return try MOC(order: order, regions: regions, mode: mode)
    }

    @Test func blocksAreThePixelsThatCount() throws {
        let values = (0..<32).map { Float(($0 * 7) % 32) }
        let source = try TestRaster([values], .float32, columns: 8, rows: 4, noData: 13, scale: (2, 1))
            .source()
        func expected(_ counts: (Float) -> Bool) -> [[Int]] {
            (0..<32).filter { values[$0] != 13 && counts(values[$0] * 2 + 1) }.map { [$0 / 8, $0 % 8] }
        }
        #expect(try pixels(source) == expected { _ in true })
        #expect(try pixels(source, 11...41) == expected { $0 >= 11 && $0 <= 41 })
        #expect(try pixels(source, -.infinity...11, largest: 2) == expected { $0 <= 11 })
        #expect(try pixels(source, 100...200).isEmpty)
    }

    @Test func columnsThatRunWestAreTurned() throws {
        let values = (0..<32).map { UInt8($0) }
        let upright = try TestRaster([values], .uint8, columns: 8, rows: 4).source()
        let turned = try TestRaster(
            [values.map { $0 / 8 * 8 + 7 - $0 % 8 }], .uint8, columns: 8, rows: 4,
            transform: [180, -45, 0, 90, 0, -45]
        ).source()
        #expect(!turned.orientation.isUpright)
        for range in [3.0...9, 20...20] {
            #expect(try pixels(upright, range) == pixels(turned, range))
            #expect(try pixels(upright, range).count == Int(range.upperBound - range.lowerBound) + 1)
        }
    }

    @Test func coloursHaveNoValues() throws {
        let plane = (0..<32).map { UInt8($0 % 8) }
        let source = try TestRaster([plane, plane, plane], .uint8, columns: 8, rows: 4, noData: 3).source()
        #expect(try pixels(source).count == 28)
        #expect(throws: RasterError.self) { try pixels(source, 1...2) }
    }

    @Test func wholeMapsCoverTheBody() throws {
        // 7 columns of 51.4 degrees leave a gap of rounding at the seam.
        let source = try TestRaster(
            [[UInt8](repeating: 1, count: 28)], .uint8, columns: 7, rows: 4,
            transform: [-180, 51.42, 0, 90, 0, -45]
        ).source()
        #expect(try coverage(source, nil, Order(5)!, .centre).coverageFraction == 1)
    }

    /// What a build would show at the middle of a cell decides whether it is covered.
    @Test(arguments: [
        ("geographic", [-170.31, 7.2, 0, 72.1, 0, -6]), ("across 180", [100.13, 3.6, 0, 50.3, 0, -3.6]),
    ])
    func centresAgreeWithSingleLookups(_ name: String, _ transform: [Double]) throws {
        let values = (0..<1200).map { Float(($0 * 37) % 101) }
        let source = try TestRaster([values], .float32, columns: 50, rows: 24, transform: transform).source()
        let order = Order(6)!
        let covered = try coverage(source, 20...60, order, .centre)
        var cells: [Cell] = []
        for number in 0..<order.cellCount {
            let cell = try #require(Cell(order: order, npix: number))
            let centre = cell.centre
            let column =
                (centre.lonDeg - transform[0] + 720).truncatingRemainder(dividingBy: 360) / transform[1]
            let row = (transform[3] - centre.latDeg) / -transform[5]
            guard column < 50, row >= 0, row < 24 else { continue }
            if (20...60).contains(values[Int(row) * 50 + Int(column)]) { cells.append(cell) }
        }
        #expect(covered == MOC(order: order, cells: cells))
        let touched = try coverage(source, 20...60, order, .inclusive)
        #expect(touched.contains(covered) && touched != covered)
        #expect(try covered.grown(by: 2).contains(touched))
    }

    @Test(arguments: ["mars_mola_npole_stere.tif", "mars_mola_sinu.tif"])
    func projectedPixelsAreWhereTheyAreProjectedTo(_ name: String) throws {
        let source = try TestRaster.source(Samples.shipped("mars/" + name))
        guard case .projected(let map) = source.placement else {
            Issue.record("\(name) is not projected")
            return
        }
        // The heights around the north pole, where the sinusoidal map comes to a point.
        let range = -5000.0 ... -4700
        let order = Order(5)!
        let covered = try coverage(source, range, order, .centre)
        let transformer = try map.frame.makeTransformer()
        let values = try source.all(Float.self)
        var differing = 0
        for number in 0..<order.cellCount {
            let cell = try #require(Cell(order: order, npix: number))
            let lon = [cell.centre.lonRad - map.longitudeOffsetRad]
            let lat = [cell.centre.latRad]
            var x = [0.0]
            var y = [0.0]
            var xSpan = x.mutableSpan
            var ySpan = y.mutableSpan
            transformer.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
            let column = map.pixels.column(x: x[0], y: y[0]).rounded(.down)
            let row = map.pixels.row(x: x[0], y: y[0]).rounded(.down)
            var counts = false
            if column >= 0, row >= 0, column < Double(map.columns), row < Double(map.rows),
                let value = values[Int(row) * map.columns + Int(column)]
            {
                counts = range.contains(Double(value))
            }
            if counts != covered.contains(cell) { differing += 1 }
        }
        // Cells on longitude 180, which the edge of the sinusoidal map runs through, may be on either side of it.
        #expect(differing <= (name.contains("sinu") ? 8 : 0), "\(differing) of \(covered.flatCellCount)")
        #expect(covered.flatCellCount > 100)
        let touched = try coverage(source, range, order, .inclusive)
        #expect(touched.contains(covered))
    }

    /// The middle of a stereographic map of nearly the whole body has pixels of 50 times the area of most others.
    @Test func blocksOfTheLargestPixelsStayBelowAHemisphere() throws {
        let radius = 3_396_190.0
        let half = 7.4 * radius
        let count = 200
        let size = 2 * half / Double(count)
        let source = try TestRaster(
            [[UInt8](repeating: 1, count: count * count)], .uint8, columns: count, rows: count,
            transform: [-half, size, 0, half, 0, -size], crs: "+proj=stere +lat_0=90 +R=3396190 +units=m"
        ).source(SourceDeclaration(body: try BodyCatalogue.iau2015().body(named: "mars")))
        let order = Order(4)!
        let covered = try coverage(source, nil, order, .centre)
        var inside = 0
        for number in 0..<order.cellCount {
            let cell = try #require(Cell(order: order, npix: number))
            // Snyder 1987, equation 21-1 and after.
            let rho = 2 * radius * tan(.pi / 4 - cell.centre.latRad / 2)
            let farthest = rho * max(abs(sin(cell.centre.lonRad)), abs(cos(cell.centre.lonRad)))
            guard abs(farthest - half) > size else { continue }
            #expect(covered.contains(cell) == (farthest < half), "\(cell.centre)")
            inside += farthest < half ? 1 : 0
        }
        #expect(Double(inside) > 0.9 * Double(order.cellCount))
    }
}
