internal import Glibc

/// A map of a whole body in a small grid of longitude and latitude, for comparing maps with one another.
public struct GlobeSketch: Sendable {
    /// Columns of 360 degrees, the first from 0 E.
    public let columns: Int
    /// Rows of 180 degrees, the first from 90 N: half the columns.
    public let rows: Int
    /// Values row by row; not-a-number where there are none.
    public let values: [Float]
    /// Degrees per pixel of the map that it was made from.
    public let sourceDegrees: Double

    /// Degrees of a cell.
    public var cellDegrees: Double { 360 / Double(columns) }

    /// A sketch from values.
    /// - Parameters:
    ///   - columns: of 360 degrees; an even number, and for comparisons a multiple of 180 or less than 360.
    ///   - sourceDegrees: degrees per pixel of the map.
    ///   - row: the values of a row of cells, not-a-number where there are none, for the row's number from the north.
    public init<Failure: Error>(
        columns: Int, sourceDegrees: Double, row: (Int) throws(Failure) -> [Float]
    ) throws(Failure) {
        precondition(columns > 0 && columns.isMultiple(of: 2))
        self.columns = columns
        rows = columns / 2
        self.sourceDegrees = sourceDegrees
        var values: [Float] = []
        values.reserveCapacity(columns * rows)
        for number in 0..<rows {
            let line = try row(number)
            precondition(line.count == columns)
            values += line
        }
        self.values = values
    }

    /// Latitude of the middle of a row in degrees.
    public func latitude(row: Int) -> Double { 90 - (Double(row) + 0.5) * cellDegrees }

    /// Longitude of the middle of a column in degrees east.
    public func longitude(column: Int) -> Double { (Double(column) + 0.5) * cellDegrees }

    /// The sketch with `factor` x `factor` cells in one: the mean of those that hold values, where half of them do.
    func coarser(by factor: Int) -> GlobeSketch {
        GlobeSketch(columns: columns / factor, sourceDegrees: sourceDegrees) { row in
            (0..<(columns / factor)).map { column in
                var sum: Float = 0
                var count = 0
                for y in (row * factor)..<((row + 1) * factor) {
                    for x in (column * factor)..<((column + 1) * factor) {
                        let value = values[y * columns + x]
                        if value.isFinite {
                            sum += value
                            count += 1
                        }
                    }
                }
                return 2 * count >= factor * factor ? sum / Float(count) : .nan
            }
        }
    }
    /// How uneven the ground is in `factor` x `factor` cells: the logarithm of the mean step from one to the next.
    ///
    /// Rough ground is rough in heights, in shaded relief and in pictures alike.
    func ruggedness(by factor: Int) -> GlobeSketch {
        GlobeSketch(columns: columns / factor, sourceDegrees: sourceDegrees) { row in
            (0..<(columns / factor)).map { column in
                var sum: Float = 0
                var count = 0
                for y in (row * factor)..<((row + 1) * factor) {
                    for x in (column * factor)..<((column + 1) * factor) {
                        let step = values[y * columns + (x + 1) % columns] - values[y * columns + x]
                        if step.isFinite {
                            sum += abs(step)
                            count += 1
                        }
                    }
                }
                let mean = sum / Float(max(1, count))
                return 2 * count >= factor * factor && mean > 0 ? log(mean) : .nan
            }
        }
    }
}

extension RasterSource {
    /// Draws the source in a small grid, from a few of its rows: quick also for a large file.
    ///
    /// Of colours the first channel is drawn. A mask that a nodata rule would need is left out of account.
    /// - Parameter columns: of 360 degrees; a multiple of 180 for comparisons.
    /// - Throws: ``RasterError/gdal(_:)`` when the file cannot be read.
    public func sketch(columns: Int = 720) throws(RasterError) -> GlobeSketch {
        switch placement {
        case .grid(let grid): try sketch(columns: columns, grid)
        case .projected(let map): try sketch(columns: columns, map)
        }
    }

    private func sketch(columns: Int, _ grid: SourceGrid) throws(RasterError) -> GlobeSketch {
        let reader = try RasterReader<Float>(unmasked: self)
        let window = SourceWindow<Float>()
        let cell = 360 / Double(columns)
        // A cell of a finer map is the mean of some places in it.
        let across = min(4, max(1, Int((cell / grid.longitudeStep).rounded(.up))))
        let down = min(4, max(1, Int((cell / grid.latitudeStep).rounded(.up))))
        let places = (0..<(columns * across)).map { index in
            let longitude = (Double(index) + 0.5) * cell / Double(across)
            let position = grid.position(fileColumn: grid.fileColumn(steps: grid.steps(longitude: longitude)))
            return position.map { (floorDivide($0.index, grid.columns).remainder, Float($0.fraction)) }
        }
        return try GlobeSketch(columns: columns, sourceDegrees: resolutionDegrees) {
            (row) throws(RasterError) in
            var sums = [Float](repeating: 0, count: columns)
            var counts = [Int](repeating: 0, count: columns)
            for part in 0..<down {
                let latitude = 90 - (Double(row) + (Double(part) + 0.5) / Double(down)) * cell
                guard let place = grid.rowPosition(grid.row(latitude: latitude)) else { continue }
                try reader.load(
                    window, columns: 0..<(grid.columns + 1), rows: place.index..<(place.index + 2))
                let (base, validity, width) = (window.base, window.validity, window.width)
                let fraction = Float(place.fraction)
                for (index, place) in places.enumerated() {
                    guard let (column, right) = place else { continue }
                    let corners = [column, column + 1, column + width, column + width + 1]
                    if let validity, corners.contains(where: { validity[$0] == 0 }) { continue }
                    let upper = base[corners[0]] + (base[corners[1]] - base[corners[0]]) * right
                    let lower = base[corners[2]] + (base[corners[3]] - base[corners[2]]) * right
                    sums[index / across] += upper + (lower - upper) * fraction
                    counts[index / across] += 1
                }
            }
            return zip(sums, counts).map { $1 > 0 ? $0 / Float($1) : .nan }
        }
    }
}
