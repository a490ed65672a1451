internal import Glibc
internal import HEALPix
internal import PlanetaryFrames

/// Divides a window into patches, each small enough for its places to be interpolated.
///
/// First squares in which the unit vector of a pixel is a quadratic function of its place, which is so everywhere but at
/// the edges of the globe; then, without projecting anything again, parts of them inside of which the coordinates of a face
/// are one too. Along the borders of the polar faces and at the poles the vectors remain.
struct PlacementBuilder {
    let window: MapWindow
    /// From longitudes of the body to those of the HiPS.
    let lonOffsetRad: Double
    let graphicFactor: Double
    let transformer: MapTransformer
    /// Whether slopes are to be measured.
    let wantsSteps: Bool
    let cancelled: () -> Bool

    /// Squares begin with this side in pixels.
    private static let largestSpan = 256.0
    /// Narrower ones are projected pixel by pixel.
    private static let smallestSpan = 6.0
    /// Where faces meet, patches of this side are drawn by their vectors.
    private static let smallestChart = 20.0

    private var patches: [Patch] = []
    private var angles: [(angle: Double, pixels: Int)] = []
    /// What is projected pixel by pixel once it is known how many samples each of them takes.
    private var alone: [(columns: Range<Int>, rows: Range<Int>)] = []

    init(
        window: MapWindow, lonOffsetRad: Double, graphicFactor: Double, transformer: MapTransformer,
        wantsSteps: Bool = false, cancelled: @escaping () -> Bool
    ) {
        self.window = window
        self.lonOffsetRad = lonOffsetRad
        self.graphicFactor = graphicFactor
        self.transformer = transformer
        self.wantsSteps = wantsSteps
        self.cancelled = cancelled
    }

    /// A square of the window with its 5 x 5 nodes; pixels belong to it by `columns` and `rows`.
    private struct Square {
        var columns: Range<Int>
        var rows: Range<Int>
        var firstColumn: Double
        var firstRow: Double
        var columnSpan: Double
        var rowSpan: Double
        var nodes: [SIMD3<Double>]

        var span: Double { max(columnSpan, rowSpan) }
    }

    /// Places a window.
    ///
    /// - Parameter parts: How many samples along each side of a pixel are wanted of pixels of some size.
    mutating func build(parts: (Double?) -> Int = { _ in 1 }) throws(MapsError) -> Placement {
        let (across, down) = (Double(window.width - 1), Double(window.height - 1))
        let blocksX = max(1, Int((across / Self.largestSpan).rounded(.up)))
        let blocksY = max(1, Int((down / Self.largestSpan).rounded(.up)))
        for blockY in 0..<blocksY {
            for blockX in 0..<blocksX {
                if cancelled() { throw .cancelled }
                var square = Square(
                    columns: share(window.width, blockX, blocksX),
                    rows: share(window.height, blockY, blocksY),
                    firstColumn: across * Double(blockX) / Double(blocksX),
                    firstRow: down * Double(blockY) / Double(blocksY), columnSpan: across / Double(blocksX),
                    rowSpan: down / Double(blocksY), nodes: [])
                guard min(square.columnSpan, square.rowSpan) >= Self.smallestSpan else {
                    alone.append((square.columns, square.rows))
                    continue
                }
                if isOutside(square) {
                    patches.append(Patch(columns: square.columns, rows: square.rows, content: .outside))
                    continue
                }
                square.nodes = project(square, steps: 4)
                try divide(square)
            }
        }
        let angle = middleAngle()
        var placement = Placement(patches: patches, pixelAngleRad: angle, parts: parts(angle))
        for (columns, rows) in alone {
            if cancelled() { throw .cancelled }
            placement.patches.append(exact(columns, rows, placement.parts))
        }
        return placement
    }

    /// The pixels of one of `parts` equal shares; a pixel on a border belongs to the share behind it.
    private func share(_ count: Int, _ part: Int, _ parts: Int) -> Range<Int> {
        func bound(_ part: Int) -> Int {
            part == 0
                ? 0
                : part == parts
                    ? count : Int((Double(count - 1) * Double(part) / Double(parts)).rounded(.up))
        }
        return bound(part)..<bound(part + 1)
    }

    private mutating func divide(_ square: Square) throws(MapsError) {
        if cancelled() { throw .cancelled }
        guard !square.columns.isEmpty, !square.rows.isEmpty else { return }
        let known = square.nodes.reduce(0) { $0 + ($1.x.isNaN ? 0 : 1) }
        if known == 25, !isBeyondHalfTurn(square), let vectors = fit(square) {
            chart(square, vectors)
            return
        }
        if known == 0, square.span <= 24 {
            patches.append(Patch(columns: square.columns, rows: square.rows, content: .outside))
            return
        }
        guard square.span > 2 * Self.smallestSpan else {
            alone.append((square.columns, square.rows))
            return
        }
        if known == 0, isOutside(square) {
            patches.append(Patch(columns: square.columns, rows: square.rows, content: .outside))
            return
        }
        let fine = project(square, steps: 8)
        for quadrant in 0..<4 { try divide(part(square, quadrant, of: fine)) }
    }

    /// Whether a square goes around so much of the body that its nodes may fall on the same places turn by turn.
    private func isBeyondHalfTurn(_ square: Square) -> Bool {
        guard let turn = window.crs.periodX else { return false }
        return square.columnSpan * window.pixelWidth > turn / 2
    }

    /// Whether a square lies wholly beyond the box around the globe: nothing there need be projected.
    private func isOutside(_ square: Square) -> Bool {
        let crs = window.crs
        switch crs.frame.projection {
        case .geographic, .equirectangular, .sinusoidal, .mollweide, .robinson, .orthographic: break
        default: return false
        }
        let (width, height) = (crs.domain.width * 0.01, crs.domain.height * 0.01)
        if window.y(row: square.firstRow + square.rowSpan) > crs.domain.maxY + height
            || window.y(row: square.firstRow) < crs.domain.minY - height
        {
            return true
        }
        return crs.periodX == nil
            && (window.x(column: square.firstColumn) > crs.domain.maxX + width
                || window.x(column: square.firstColumn + square.columnSpan) < crs.domain.minX - width)
    }

    /// A quadrant with its nodes out of the 9 x 9 of the whole.
    private func part(_ square: Square, _ quadrant: Int, of fine: [SIMD3<Double>]) -> Square {
        let (right, lower) = (quadrant & 1, quadrant >> 1)
        let middleColumn = square.firstColumn + square.columnSpan / 2
        let middleRow = square.firstRow + square.rowSpan / 2
        let splitColumn = min(
            max(Int(middleColumn.rounded(.up)), square.columns.lowerBound), square.columns.upperBound)
        let splitRow = min(max(Int(middleRow.rounded(.up)), square.rows.lowerBound), square.rows.upperBound)
        var nodes: [SIMD3<Double>] = []
        nodes.reserveCapacity(25)
        for row in 0..<5 {
            for column in 0..<5 { nodes.append(fine[(row + 4 * lower) * 9 + column + 4 * right]) }
        }
        return Square(
            columns: right == 0
                ? square.columns.lowerBound..<splitColumn : splitColumn..<square.columns.upperBound,
            rows: lower == 0 ? square.rows.lowerBound..<splitRow : splitRow..<square.rows.upperBound,
            firstColumn: right == 0 ? square.firstColumn : middleColumn,
            firstRow: lower == 0 ? square.firstRow : middleRow, columnSpan: square.columnSpan / 2,
            rowSpan: square.rowSpan / 2, nodes: nodes)
    }

    /// Unit vectors on a lattice over a square; not-a-number outside of the globe.
    private func project(_ square: Square, steps: Int) -> [SIMD3<Double>] {
        var columns: [Double] = []
        var rows: [Double] = []
        for row in 0...steps {
            for column in 0...steps {
                columns.append(square.firstColumn + square.columnSpan * Double(column) / Double(steps))
                rows.append(square.firstRow + square.rowSpan * Double(row) / Double(steps))
            }
        }
        return project(columns: columns, rows: rows)
    }

    private func project(columns: [Double], rows: [Double]) -> [SIMD3<Double>] {
        let count = columns.count
        let scale = window.crs.scale
        let x = columns.map { window.x(column: $0) * scale }
        let y = rows.map { window.y(row: $0) * scale }
        var lon = [Double](repeating: 0, count: count)
        var lat = lon
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        return (0..<count).map { i in
            let (l, b) = (lon[i] - lonOffsetRad, lat[i])
            let (sine, cosine) = (sin(b) * graphicFactor, cos(b))
            let length = graphicFactor == 1 ? 1 : (sine * sine + cosine * cosine).squareRoot()
            return SIMD3(cosine * cos(l), cosine * sin(l), sine) / length
        }
    }

    /// The vectors as a quadratic function, if they are one.
    private mutating func fit(_ square: Square) -> (x: Quadratic, y: Quadratic, z: Quadratic)? {
        let nodes = square.nodes
        func quadratic(_ axis: Int) -> Quadratic {
            Quadratic { nodes[2 * ($0 / 3) * 5 + 2 * ($0 % 3)][axis] }
        }
        let vectors = (x: quadratic(0), y: quadratic(1), z: quadratic(2))
        // The length on the unit sphere of one step to the right and of one step down.
        let right = (nodes[13] - nodes[11]) * (2 / square.columnSpan)
        let down = (nodes[17] - nodes[7]) * (2 / square.rowSpan)
        let (rightLength, downLength) = (length(right), length(down))
        // Where a map is drawn apart, as at the poles of cylindrical ones, there is less to be seen along it.
        let step = min(max(rightLength, downLength / 4), max(downLength, rightLength / 4))
        // Below the last digits of doubles there is nothing to be told apart.
        let limit = max(step * Placement.tolerancePixels, 4e-15)
        for row in 0..<5 {
            for column in 0..<5 where row & 1 == 1 || column & 1 == 1 {
                let (s, t) = (Double(column) / 4, Double(row) / 4)
                let found = SIMD3(
                    vectors.x.value(s, t), vectors.y.value(s, t), vectors.z.value(s, t))
                guard length(found - nodes[row * 5 + column]) <= limit else { return nil }
            }
        }
        let area = length(
            SIMD3(
                right.y * down.z - right.z * down.y, right.z * down.x - right.x * down.z,
                right.x * down.y - right.y * down.x))
        angles.append((area.squareRoot(), square.columns.count * square.rows.count))
        return vectors
    }

    private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

    /// Divides a square of known vectors into patches inside which coordinates of faces can be interpolated.
    private mutating func chart(_ square: Square, _ vectors: (x: Quadratic, y: Quadratic, z: Quadratic)) {
        guard !square.columns.isEmpty, !square.rows.isEmpty else { return }
        var patch = Patch(
            columns: square.columns, rows: square.rows, firstColumn: square.firstColumn,
            firstRow: square.firstRow, columnSpan: square.columnSpan, rowSpan: square.rowSpan,
            content: .vectors)
        patch.vectors = vectors
        if let content = FaceChart(square.nodes).content(
            columnSpan: square.columnSpan, rowSpan: square.rowSpan)
        {
            patch.content = content
            patches.append(patch)
            return
        }
        guard square.span > Self.smallestChart else {
            patches.append(patch)
            return
        }
        var fine: [SIMD3<Double>] = []
        fine.reserveCapacity(81)
        for row in 0..<9 {
            for column in 0..<9 {
                let (s, t) = (Double(column) / 8, Double(row) / 8)
                let v = SIMD3(vectors.x.value(s, t), vectors.y.value(s, t), vectors.z.value(s, t))
                fine.append(v / length(v))
            }
        }
        for quadrant in 0..<4 {
            let part = part(square, quadrant, of: fine)
            let nodes = part.nodes
            func quadratic(_ axis: Int) -> Quadratic {
                Quadratic { nodes[2 * ($0 / 3) * 5 + 2 * ($0 % 3)][axis] }
            }
            chart(part, (quadratic(0), quadratic(1), quadratic(2)))
        }
    }

    private func exact(_ columns: Range<Int>, _ rows: Range<Int>, _ parts: Int) -> Patch {
        func places(_ pixels: Range<Int>) -> [Double] {
            pixels.flatMap { pixel in
                (0..<parts).map { Double(pixel) + Patch.offset(ofPart: $0, of: parts) }
            }
        }
        let (across, down) = (places(columns), places(rows))
        let found = project(
            columns: down.flatMap { _ in across },
            rows: down.flatMap { [Double](repeating: $0, count: across.count) }
        ).map { v in
            v.x.isNaN ? FacePosition(face: -1, x: 0, y: 0) : FacePosition(x: v.x, y: v.y, z: v.z)
        }
        var patch = Patch(columns: columns, rows: rows, content: .exact(found))
        if wantsSteps { patch.steps = steps(columns, rows) }
        return patch
    }

    /// How far the vectors of pixels move by one to the right and by one down, measured over a small part of that; on one side
    /// alone where the globe ends on the other.
    private func steps(
        _ columns: Range<Int>, _ rows: Range<Int>
    ) -> [(right: SIMD3<Double>, down: SIMD3<Double>)] {
        let part = 1.0 / 32
        func vectors(_ across: Double, _ down: Double) -> [SIMD3<Double>] {
            project(
                columns: rows.flatMap { _ in columns.map { Double($0) + across } },
                rows: rows.flatMap { [Double](repeating: Double($0) + down, count: columns.count) })
        }
        func moves(_ back: [SIMD3<Double>], _ forward: [SIMD3<Double>]) -> [SIMD3<Double>] {
            middle.indices.map { i in
                let (first, last) = (back[i], forward[i])
                switch (first.x.isNaN, last.x.isNaN) {
                case (false, false): return (last - first) / (2 * part)
                case (true, false): return middle[i].x.isNaN ? .zero : (last - middle[i]) / part
                case (false, true): return middle[i].x.isNaN ? .zero : (middle[i] - first) / part
                case (true, true): return .zero
                }
            }
        }
        let middle = vectors(0, 0)
        let right = moves(vectors(-part, 0), vectors(part, 0))
        let down = moves(vectors(0, -part), vectors(0, part))
        return zip(right, down).map { (right: $0, down: $1) }
    }

    /// The size of a pixel that half of the picture stays below.
    private func middleAngle() -> Double? {
        let known = angles.filter { $0.angle > 0 }.sorted { $0.angle < $1.angle }
        let total = known.reduce(0) { $0 + $1.pixels }
        var sum = 0
        for (angle, pixels) in known {
            sum += pixels
            if 2 * sum >= total { return angle }
        }
        return angleOfMiddle()
    }

    /// The size of the pixel in the middle of a window too small for squares.
    private func angleOfMiddle() -> Double? {
        let (column, row) = (Double(window.width - 1) / 2, Double(window.height - 1) / 2)
        let points = project(
            columns: [column - 0.5, column + 0.5, column, column], rows: [row, row, row - 0.5, row + 0.5])
        let sides = [length(points[1] - points[0]), length(points[3] - points[2])].filter { $0 > 0 }
        return sides.max()
    }
}
