import Testing

@testable import Rasters

@Suite("Where samples lie, against exact fractions")
struct SourceGridTests {
    /// Weights by key, those below what rounding leaves behind left out.
    private func weights(_ pairs: [(String, Double)]) -> [String: Double] {
        Dictionary(pairs, uniquingKeysWith: +).filter { $0.value > 1e-6 }
    }

    private func weights(_ text: Substring) throws -> [String: Double] {
        try weights(
            text.split(separator: " ").map { word in
                let cut = try #require(word.lastIndex(of: ":"))
                return (String(word[..<cut]), try word[word.index(after: cut)...].number())
            })
    }

    private func agree(_ a: [String: Double], _ b: [String: Double], tolerance: Double) -> Bool {
        Set(a.keys).union(b.keys).allSatisfy { abs((a[$0] ?? 0) - (b[$0] ?? 0)) <= tolerance }
    }

    private func remainder(_ value: Int, _ divisor: Int) -> Int { ((value % divisor) + divisor) % divisor }

    private func columns(_ grid: SourceGrid, _ place: SourceGrid.Position?) -> [String: Double] {
        guard let place else { return [:] }
        func name(_ index: Int) -> String {
            String(grid.wraps ? remainder(index, grid.columns) : min(index, grid.columns - 1))
        }
        return weights([(name(place.index), 1 - place.fraction), (name(place.index + 1), place.fraction)])
    }

    @Test("Columns: gaps and overlaps from -2 to 2 pixels, repeated columns, regions over 180 and 0")
    func columns() throws {
        for row in try Tables.rows("columns.txt", least: 2000) {
            let grid = try #require(
                SourceGrid(
                    columns: row[0].integer(), rows: 4, firstLongitude: row[2].number(),
                    longitudeStep: row[1].number(), firstLatitude: 20, latitudeStep: 5))
            let steps = try grid.steps(longitude: row[3].number())
            let place = grid.columnPosition(steps: steps)
            let found = columns(grid, place)
            // The phase is kept in 2^-20 of a column; a weight in an overlap of half a column feels it doubled.
            #expect(try agree(found, weights(row[4]), tolerance: 3e-6), "\(row): \(found)")
            guard let place else { continue }
            #expect((0...1).contains(place.fraction))
            // Where a stretch is said to be smooth, the short way must give the same.
            if let smooth = grid.smoothOffset(low: steps - 1e-9, high: steps + 1e-9) {
                let column = steps + smooth.fraction
                let short = column.rounded(.down)
                let again = SourceGrid.Position(
                    index: Int(short) + smooth.columns, fraction: column - short)
                #expect(agree(columns(grid, again), found, tolerance: 1e-9), "\(row), smooth")
            }
        }
    }

    @Test("Rows: poles with every gap, rows beyond the pole, edges of regions")
    func rows() throws {
        for row in try Tables.rows("rows.txt", least: 500) {
            let rows = try row[0].integer()
            let around = try row[3] == "-" ? nil : row[3].integer()
            let grid = try #require(
                SourceGrid(
                    columns: around ?? 10, rows: rows, firstLongitude: 0,
                    longitudeStep: around.map { 360 / Double($0) } ?? 1, firstLatitude: row[1].number(),
                    latitudeStep: row[2].number()))
            #expect(grid.wraps == (around != nil))
            let place = try grid.rowPosition(grid.row(latitude: row[4].number()))
            var found: [String: Double] = [:]
            if let place {
                #expect((0...1).contains(place.fraction))
                found = weights([
                    (name(place.index, grid), 1 - place.fraction),
                    (name(place.index + 1, grid), place.fraction),
                ])
            }
            #expect(try agree(found, weights(row[5]), tolerance: 1e-9), "\(row): \(found)")
        }
    }

    private func name(_ index: Int, _ grid: SourceGrid) -> String {
        if index < grid.firstRow { return "\(2 * grid.firstRow - 1 - index):far" }
        if index > grid.lastRow, grid.southGap ?? 0 > 0 { return "\(2 * grid.lastRow + 1 - index):far" }
        return "\(min(index, grid.lastRow)):here"
    }

    @Test(
        "The same map cut elsewhere has the same fractions to the last bit",
        arguments: [0, 0.5, 0.25, 1.0 / 3, 0.123_456_789, 0.999_999_9], [360.0 / 1440, 360.0 / 106_694, 0.37])
    func cutElsewhere(phase: Double, step: Double) throws {
        let count = Int((360 / step).rounded())
        let isWhole = abs(360 / step - Double(count)) < 1e-6
        func grid(_ start: Int) throws -> SourceGrid {
            try #require(
                SourceGrid(
                    columns: isWhole ? count : 100, rows: 10, firstLongitude: (Double(start) + phase) * step,
                    longitudeStep: step, firstLatitude: 45, latitudeStep: 1))
        }
        let one = try grid(0)
        for start in [1, 7, 50, count / 2, -count / 2, count / 3] {
            let other = try grid(start)
            var compared = 0
            for i in 0..<200 {
                // Inside of what both files hold, when they are regional.
                let column = isWhole ? Double(i) * 17.7 : Double(max(start, 0)) + Double(i) * 0.1
                let lon = (column + phase) * step
                guard let a = one.columnPosition(steps: one.steps(longitude: lon)),
                    let b = other.columnPosition(steps: other.steps(longitude: lon)),
                    isWhole || (a.index < 98 && b.index < 98 && b.index > 0)
                else { continue }
                compared += 1
                #expect(a.fraction == b.fraction)
                #expect(a.index - b.index == start || (isWhole && (a.index - b.index - start) % count == 0))
            }
            #expect(compared > 40 || (!isWhole && abs(start) >= 50))
        }
    }

    @Test("A map from -180 and the same from 0 meet every longitude alike")
    func leftEdges() throws {
        let west = try #require(
            SourceGrid(
                columns: 5760, rows: 2880, firstLongitude: -180 + 0.03125, longitudeStep: 0.0625,
                firstLatitude: 89.96875, latitudeStep: 0.0625))
        let east = try #require(
            SourceGrid(
                columns: 5760, rows: 2880, firstLongitude: 0.03125, longitudeStep: 0.0625,
                firstLatitude: 89.96875, latitudeStep: 0.0625))
        #expect(west.isSeamless && east.isSeamless)
        for i in 0..<1000 {
            let lon = Double(i) * 0.3617
            let a = try #require(west.columnPosition(steps: west.steps(longitude: lon)))
            let b = try #require(east.columnPosition(steps: east.steps(longitude: lon)))
            #expect(a.fraction == b.fraction && a.index - b.index == 2880)
        }
    }

    @Test("What closes around the body and what does not")
    func closing() throws {
        func grid(_ columns: Int, _ step: Double) -> SourceGrid? {
            SourceGrid(
                columns: columns, rows: 10, firstLongitude: 0, longitudeStep: step, firstLatitude: 45,
                latitudeStep: 9)
        }
        #expect(try #require(grid(360, 1)).isSeamless)
        #expect(try #require(grid(358, 1)).wraps)
        #expect(try !#require(grid(357, 1)).wraps)
        #expect(try #require(grid(361, 1)).columns == 360)
        #expect(try #require(grid(362, 1)).isSeamless)
        #expect(grid(363, 1) == nil)
        // The 200 m HRSC-MOLA map: 106694 columns, 0.46 pixel short.
        let hrsc = try #require(grid(106_694, 0.003_374_120_830_641))
        #expect(hrsc.wraps && !hrsc.isSeamless && hrsc.columns == 106_694)
        #expect(abs(hrsc.seamGapPixels - 0.4596) < 1e-3)
        #expect(hrsc.longitudeSpan == 360)
        // A step in decimals closes as a whole turn.
        #expect(try #require(grid(16384, 0.02197265625)).isSeamless)
    }

    @Test("Edges in degrees")
    func edges() throws {
        let global = try #require(
            SourceGrid(
                columns: 361, rows: 181, firstLongitude: -180, longitudeStep: 1, firstLatitude: 90,
                latitudeStep: 1))
        #expect(global.northEdge == 90 && global.southEdge == -90 && global.longitudeSpan == 360)
        #expect(global.northGap == 0 && global.southGap == 0)
        let short = try #require(
            SourceGrid(
                columns: 360, rows: 178, firstLongitude: 0.5, longitudeStep: 1, firstLatitude: 88.5,
                latitudeStep: 1))
        #expect(short.northGap == 3 && short.southGap == 3 && short.northEdge == 90 && short.southEdge == -90)
        let region = try #require(
            SourceGrid(
                columns: 20, rows: 10, firstLongitude: 170.25, longitudeStep: 0.5, firstLatitude: 4.75,
                latitudeStep: 0.5))
        #expect(region.westEdge == 170 && region.longitudeSpan == 10)
        #expect(region.northEdge == 5 && region.southEdge == 0)
        #expect(region.northGap == nil && region.southGap == nil)
        let belt = try #require(
            SourceGrid(
                columns: 360, rows: 114, firstLongitude: 0.5, longitudeStep: 1, firstLatitude: 56.5,
                latitudeStep: 1))
        #expect(belt.wraps && belt.northGap == nil && belt.northEdge == 57 && belt.southEdge == -57)
    }

    @Test("Numbers that are no degrees on a body are refused, not trapped on")
    func refused() {
        func grid(
            columns: Int = 8, rows: Int = 4, lon: Double = 0, lonStep: Double = 45, lat: Double = 67.5,
            latStep: Double = 45
        ) -> SourceGrid? {
            SourceGrid(
                columns: columns, rows: rows, firstLongitude: lon, longitudeStep: lonStep, firstLatitude: lat,
                latitudeStep: latStep)
        }
        #expect(grid() != nil)
        for bad in [Double.nan, .infinity, -.infinity, 0, -1, 1e-300, 1e300] {
            #expect(grid(lonStep: bad) == nil, "longitude step \(bad)")
            #expect(grid(latStep: bad) == nil, "latitude step \(bad)")
        }
        for bad in [Double.nan, .infinity, -1e300, 5000] {
            #expect(grid(lon: bad) == nil, "longitude \(bad)")
            #expect(grid(lat: bad) == nil, "latitude \(bad)")
        }
        #expect(grid(columns: 0) == nil && grid(rows: 0) == nil && grid(rows: -1) == nil)
        // More than two rows beyond a pole, on either side.
        #expect(grid(lat: 67.5 + 3 * 45) == nil)
        #expect(grid(rows: 8, lat: 67.5) == nil)
        #expect(grid(rows: 6, lat: 67.5) != nil)
    }
}
