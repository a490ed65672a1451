internal import Glibc
internal import PlanetaryFrames

/// Fractions of a cell by which two maps are shifted, in bands of latitude.
struct FineSearch {
    /// What was found.
    struct Result {
        let correlation: Double
        /// Degrees to the east, 0..<360, and to the north.
        let east, north: Double
        /// In terms of the difference of the two kinds of latitude.
        let share: Double
        /// Whether that difference explains the shifts of latitude better than one shift does.
        let isStretch: Bool
        /// The share of the bands of latitude with common ground in which the maps fit.
        let fittingShare: Double
        /// How far the bands' shifts to the north lie from one shift, or from that difference, in pixels of the coarser map.
        let scatterPixels: Double

        /// Whether the maps show one thing, to which fractions of a cell can be told, and do so at most latitudes.
        ///
        /// Maps of one quantity correlate by 0.5 and more when they lie alike; heights and relief shaded by some light,
        /// or radar seen from two sides, by less than 0.3, and best where they do not lie alike. Bands that fit by chance
        /// fit at any shift.
        var isTrusted: Bool { abs(correlation) >= 0.4 && fittingShare >= 0.5 && scatterPixels <= 2 }
    }

    let result: Result

    private struct Band {
        let latitude: Double
        let weight: Double
        let east: Double
        let north: Double
    }

    /// - Parameters:
    ///   - shift: cells that the map lies east of the other, as far as is known.
    ///   - reach: cells to either side in which the true shift lies.
    init(_ map: GlobeSketch, _ other: GlobeSketch, shift: Int, reach: Int, body: Body) {
        let a = Self.sharpened(map)
        let b = Self.sharpened(other)
        let cell = map.cellDegrees
        let pixel = max(map.sourceDegrees, other.sourceDegrees, cell / 4)
        let flattening = 1 - body.polarRadiusMetres / body.equatorialRadiusMetres
        // As many rows as the two kinds of latitude can differ by, and some more.
        let height = max(3, Int((flattening * 180 / .pi / cell).rounded(.up)) + 2)
        let bandRows = max(4, Int(12 / cell))
        var bands: [Band] = []
        var total = CorrelationSums()
        var bandsWithGround = 0
        for top in stride(from: Int(12 / cell), to: map.rows - Int(12 / cell) - bandRows / 2, by: bandRows) {
            // Of strongly flattened bodies the two kinds of latitude differ by more rows than are left below.
            let bottom = min(top + bandRows, map.rows - height - 1)
            guard top < bottom else { break }
            let rows = top..<bottom
            func correlation(_ dx: Int, _ dy: Int) -> Double {
                Self.sums(a, b, map, rows, dx: dx, dy: dy).correlation
            }
            var place = (x: shift, y: 0)
            var peakY = (offset: 0.0, height: 0.0)
            var peakX = peakY
            for _ in 0..<2 {
                let xs = (-reach...reach).map { correlation(place.x + $0, place.y) }
                peakX = Self.peak(xs, from: place.x - reach)
                place.x = Int(peakX.offset.rounded())
                let ys = (-height...height).map { correlation(place.x, $0) }
                peakY = Self.peak(ys, from: -height)
                place.y = Int(peakY.offset.rounded())
            }
            let fit = abs(peakY.height)
            if Self.sums(a, b, map, rows, dx: place.x, dy: place.y).weight > 0 { bandsWithGround += 1 }
            guard fit > 0.15 else { continue }
            let latitude = 90 - Double(rows.lowerBound + rows.upperBound) / 2 * cell
            // Rows grow to the south.
            bands.append(
                Band(
                    latitude: latitude, weight: fit * fit * cosineOfDegrees(latitude),
                    east: peakX.offset * cell,
                    north: -peakY.offset * cell))
            total.merge(Self.sums(a, b, map, rows, dx: place.x, dy: place.y))
        }
        let weight = bands.reduce(0) { $0 + $1.weight }
        guard weight > 0 else {
            result = Result(
                correlation: 0, east: Double(shift) * cell, north: 0, share: 0, isStretch: false,
                fittingShare: 0, scatterPixels: .infinity)
            return
        }
        func mean(_ value: (Band) -> Double) -> Double {
            bands.reduce(0) { $0 + $1.weight * value($1) } / weight
        }
        let north = mean(\.north)
        // The difference of the kinds of latitude at each band: tan g = tan c / (1 - f)^2.
        let ellipsoid = Spheroid(equatorialRadiusMetres: 1, polarRadiusMetres: 1 - flattening)
        func difference(_ band: Band) -> Double {
            ellipsoid.planetographicDegrees(planetocentricDegrees: band.latitude) - band.latitude
        }
        let differenceMean = mean(difference)
        let variance = mean { pow(difference($0) - differenceMean, 2) }
        let covariance = mean { (difference($0) - differenceMean) * ($0.north - north) }
        let share = variance > 1e-8 ? covariance / variance : 0
        let scatter = mean { pow($0.north - north, 2) }
        let left = mean { pow($0.north - north - share * (difference($0) - differenceMean), 2) }
        var east = mean(\.east).truncatingRemainder(dividingBy: 360)
        if east < 0 { east += 360 }
        let isStretch =
            variance > 1e-8 && left < 0.4 * scatter
            && abs(share) * (bands.map { abs(difference($0)) }.max() ?? 0) > 0.4 * pixel
        result = Result(
            correlation: total.correlation, east: east,
            north: isStretch ? north - share * differenceMean : north,
            share: share, isStretch: isStretch,
            fittingShare: Double(bands.count) / Double(max(1, bandsWithGround)),
            scatterPixels: max(0, isStretch ? left : scatter).squareRoot() / pixel)
    }

    private static func sums(
        _ a: [Float], _ b: [Float], _ map: GlobeSketch, _ rows: Range<Int>, dx: Int, dy: Int
    ) -> CorrelationSums {
        var sums = CorrelationSums()
        let shift = (dx % map.columns + map.columns) % map.columns
        for row in rows where row + dy >= 0 && row + dy < map.rows {
            sums.add(a, b, row: row + dy, otherRow: row, columns: map.columns, shift: shift, weight: 1)
        }
        return sums
    }

    /// The top of a parabola through the greatest value and its neighbours.
    private static func peak(_ values: [Double], from first: Int) -> (offset: Double, height: Double) {
        guard let at = values.indices.max(by: { abs(values[$0]) < abs(values[$1]) }) else {
            return (Double(first), 0)
        }
        let sign: Double = values[at] < 0 ? -1 : 1
        guard at > 0, at + 1 < values.count else { return (Double(first + at), values[at]) }
        let (l, c, r) = (sign * values[at - 1], sign * values[at], sign * values[at + 1])
        let curvature = l - 2 * c + r
        let offset = curvature < 0 ? 0.5 * (l - r) / curvature : 0
        return (Double(first + at) + max(-0.5, min(0.5, offset)), values[at])
    }

    /// What is broad is taken out along each row, for broad shapes have broad peaks.
    private static func sharpened(_ sketch: GlobeSketch) -> [Float] {
        let columns = sketch.columns
        let reach = max(3, columns / 36)
        var result = sketch.values
        for row in 0..<sketch.rows {
            let start = row * columns
            var sum: Float = 0
            var count = 0
            func value(_ column: Int) -> Float {
                sketch.values[start + (column % columns + columns) % columns]
            }
            func add(_ column: Int, _ sign: Int) {
                let value = value(column)
                if value.isFinite {
                    sum += Float(sign) * value
                    count += sign
                }
            }
            for column in -reach...reach { add(column, 1) }
            for column in 0..<columns {
                result[start + column] =
                    count > reach ? sketch.values[start + column] - sum / Float(count) : .nan
                add(column - reach, -1)
                add(column + reach + 1, 1)
            }
        }
        return result
    }
}
