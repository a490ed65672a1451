internal import Glibc
internal import HEALPix
internal import MOC
internal import PlanetaryFrames

/// Finds which cells of the sphere a projected raster covers, and how large its pixels are.
///
/// The file is divided into rectangles whose corners are projected back. Each point of a rectangle is nearer to one of its
/// corners than the corners are to each other, and so lies in the cell of a corner or in one of its eight neighbours,
/// when cells are chosen that are wider than that. Rectangles that only partly lie on the map are divided down to small
/// ones.
struct FootprintSurvey {
    private let transformer: MapTransformer
    private let geotransform: [Double]
    private let columns: Int
    private let rows: Int
    private let longitudeOffsetRad: Double
    private var ranges: [Range<Int64>] = []

    /// Rectangles in each direction.
    private static let most = 96
    /// How often a rectangle at the border of the map is divided.
    private static let deepest = 5
    /// Rectangles larger than this are divided: their sides are no straight lines any more.
    private static let largestRad = 0.35

    init(
        transformer: MapTransformer, geotransform: [Double], columns: Int, rows: Int,
        longitudeOffsetRad: Double
    ) {
        self.transformer = transformer
        self.geotransform = geotransform
        self.columns = columns
        self.rows = rows
        self.longitudeOffsetRad = longitudeOffsetRad
    }

    /// What was found.
    struct Findings {
        let footprint: MOC
        let resolutionRad: Double
        let centre: Direction
        let fieldDegrees: Double
        let areas: PixelAreas
    }

    /// A place in the file, in columns and rows counted from the corner of the first pixel.
    private struct Place {
        let column, row: Double
    }

    /// - Returns: nil when no part of the file lies on the map.
    mutating func run() -> Findings? {
        let width = (columns + Self.most - 1) / Self.most
        let height = (rows + Self.most - 1) / Self.most
        let across = (columns + width - 1) / width
        let down = (rows + height - 1) / height
        var places: [Place] = []
        for j in 0...down {
            for i in 0...across {
                places.append(
                    Place(column: Double(min(i * width, columns)), row: Double(min(j * height, rows))))
            }
        }
        let directions = directions(places)
        var areas = [Float](repeating: .nan, count: across * down)
        var sum = (x: 0.0, y: 0.0, z: 0.0)
        for j in 0..<down {
            for i in 0..<across {
                let corners = [0, 1, across + 2, across + 1].map { directions[j * (across + 1) + i + $0] }
                let first = places[j * (across + 1) + i]
                let last = places[(j + 1) * (across + 1) + i + 1]
                cover(corners, first, last, depth: 0, spread: nil)
                let known = corners.compactMap { $0 }
                guard known.count == 4 else { continue }
                let area = Self.area(known)
                areas[j * across + i] = Float(
                    area / ((last.column - first.column) * (last.row - first.row)))
                for corner in known {
                    let point = Self.point(corner)
                    sum = (sum.x + area * point.0, sum.y + area * point.1, sum.z + area * point.2)
                }
            }
        }
        guard !ranges.isEmpty else { return nil }
        let valid = areas.filter { $0.isFinite && $0 > 0 }.sorted()
        // A map of which no whole rectangle is seen: its pixels are as large as its cells tell.
        let footprint = MOC(order: .maximum, covering: ranges)
        let median =
            valid.isEmpty
            ? Float(4 * Double.pi * footprint.coverageFraction / Double(columns * rows))
            : valid[valid.count / 2]
        let length = (sum.x * sum.x + sum.y * sum.y + sum.z * sum.z).squareRoot()
        // Of a map of the whole body no place is the middle: it is seen from its prime meridian.
        let centre =
            length > 0 && footprint.coverageFraction < 0.8
            ? Direction(lonRad: Self.turn(atan2(sum.y, sum.x)), latRad: asin(max(-1, min(1, sum.z / length))))
            : Direction(lonRad: 0, latRad: 0)
        let farthest = directions.compactMap { $0?.angularDistance(to: centre) }.max() ?? .pi
        return Findings(
            footprint: footprint, resolutionRad: Double(median).squareRoot(), centre: centre,
            fieldDegrees: min(180, 2.4 * farthest * 180 / .pi),
            areas: PixelAreas(
                width: width, height: height, across: across,
                values: areas.map { $0.isFinite && $0 > 0 ? $0 / median : 1 }))
    }

    // MARK: - Cells

    /// Adds the cells of a rectangle.
    /// - Parameters:
    ///   - corners: from the first place clockwise; nil where the map does not show them.
    ///   - spread: the size of the rectangle that this one is a quarter of, in radians.
    private mutating func cover(
        _ corners: [Direction?], _ first: Place, _ last: Place, depth: Int, spread: Double?
    ) {
        let known = corners.compactMap { $0 }
        var size = 0.0
        for a in known { for b in known { size = max(size, a.angularDistance(to: b)) } }
        let isWhole = known.count == 4
        let isLarge = last.column - first.column > 0.5 || last.row - first.row > 0.5
        if depth < Self.deepest, isLarge, !isWhole || size > Self.largestRad {
            let middle = Place(column: (first.column + last.column) / 2, row: (first.row + last.row) / 2)
            let xs = [first.column, middle.column, last.column]
            let ys = [first.row, middle.row, last.row]
            // Nine places, of which the corners are known: asking for all of them anew costs less than telling which.
            let nine = directions(ys.flatMap { y in xs.map { Place(column: $0, row: y) } })
            guard nine.contains(where: { $0 != nil }) else { return }
            for j in 0..<2 {
                for i in 0..<2 {
                    let start = 3 * j + i
                    cover(
                        [nine[start], nine[start + 1], nine[start + 4], nine[start + 3]],
                        Place(column: xs[i], row: ys[j]), Place(column: xs[i + 1], row: ys[j + 1]),
                        depth: depth + 1, spread: isWhole || size > 0 ? size : spread)
                }
            }
            return
        }
        guard !known.isEmpty else { return }
        // A part of a rectangle at the border of the map may reach farther than the corners that are seen.
        let reach = isWhole ? size : max(size, spread ?? 0.02) * 2
        add(known, reachRad: reach)
    }

    /// Adds the cells around some directions that hold everything within `reachRad` of them.
    private mutating func add(_ directions: [Direction], reachRad: Double) {
        // The least width of a cell is about 0.6 of the root of its area, which at order 0 is 1.02 radians.
        var order = 0
        while order < 29, 0.6 * 1.02 / Double(1 << (order + 1)) > reachRad { order += 1 }
        guard let order = Order(order) else { return }
        var last: Cell?
        for direction in directions {
            guard let cell = Cell(containing: direction, order: order), cell != last else { continue }
            last = cell
            for near in [cell] + cell.neighbours.compactMap({ $0 }) { ranges.append(near.range) }
        }
        // The neighbours of neighbouring rectangles are the same cells again and again.
        if ranges.count > 1 << 20 { ranges = MOC(order: .maximum, covering: ranges).ranges }
    }

    // MARK: - Geometry

    private func directions(_ places: [Place]) -> [Direction?] {
        let g = geotransform
        let x = places.map { g[0] + g[1] * $0.column + g[2] * $0.row }
        let y = places.map { g[3] + g[4] * $0.column + g[5] * $0.row }
        var lon = [Double](repeating: 0, count: places.count)
        var lat = lon
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        return zip(lon, lat).map {
            $0.isFinite && $1.isFinite ? Direction(lonRad: $0 + longitudeOffsetRad, latRad: $1) : nil
        }
    }

    private static func turn(_ angle: Double) -> Double { angle < 0 ? angle + 2 * .pi : angle }

    private static func point(_ direction: Direction) -> (Double, Double, Double) {
        let rho = cos(direction.latRad)
        return (rho * cos(direction.lonRad), rho * sin(direction.lonRad), sin(direction.latRad))
    }

    /// Half the cross product of the diagonals: the area of a small quadrangle on the unit sphere.
    private static func area(_ corners: [Direction]) -> Double {
        let p = corners.map(point)
        let a = (p[2].0 - p[0].0, p[2].1 - p[0].1, p[2].2 - p[0].2)
        let b = (p[3].0 - p[1].0, p[3].1 - p[1].1, p[3].2 - p[1].2)
        let c = (a.1 * b.2 - a.2 * b.1, a.2 * b.0 - a.0 * b.2, a.0 * b.1 - a.1 * b.0)
        return (c.0 * c.0 + c.1 * c.1 + c.2 * c.2).squareRoot() / 2
    }
}
