internal import Glibc
internal import HEALPix
internal import PlanetaryFrames
internal import Pixels
internal import Rasters

/// The values of places whose neighbours are torn apart by the edge of a projection.
///
/// At the seam of a sinusoidal map the samples around a place lie partly at the other side of the file, and near its poles
/// what is linear in the file is not on the ground. There a plane is laid through the samples that lie around the place on
/// the sphere, whatever part of the file they are in. What is read for that comes in small blocks, so that neither memory
/// nor values depend on the window.
final class SeamSampler<Sample: TilePixel> {
    /// What was found for a pixel.
    enum Value {
        case sum(Sample.Sum)
        /// The samples around the pixel are there, and none holds data.
        case blank
    }

    /// The places of four samples that lie around a point.
    private struct Corners {
        let topLeft: SIMD3<Double>
        let topRight: SIMD3<Double>
        let bottomLeft: SIMD3<Double>
        let bottomRight: SIMD3<Double>
    }

    private let reader: RasterReader<Sample>
    private let frame: MapFrame
    private let places: SamplePlaces
    private let finder: SampleCloudFinder
    private let interpolation: Interpolation
    private let longitudeOffset: Double
    private var blocks: [Int: SourceWindow<Sample>] = [:]
    /// Corners by the column and row of the first; many pixels may lie between the same four.
    private var known: [SIMD2<Int>: Corners?] = [:]
    private var latest: (key: SIMD2<Int>, corners: Corners?) = (SIMD2(repeating: .min), nil)
    private static var mostKnown: Int { 1 << 12 }
    private var fit = ScatteredFit()
    private var valid: [SIMD2<Double>] = []
    private var sums: [Sample.Sum] = []

    /// Pixels of a tile that are looked at together.
    private static var square: Int { 16 }
    /// Samples to a side of what is read at once, and how many such blocks are kept.
    private static var blockSide: Int { 32 }
    private static var mostBlocks: Int { 96 }
    /// How far from its place a bilinear value may count, in samples; places of tiles are off by 0.05 themselves.
    private static var tolerance: Double { 0.06 }
    /// Samples from a seam, by the width of the kernel, and from a pole beyond which nothing is torn or bent as much.
    private static var seamReach: Double { 8 }
    private static var poleReach: Double { 24 }
    /// Data reach this far, as between the two sides of a gap.
    private static var dataReach: Double { 1.25 }

    /// - Returns: nil for maps that are not torn.
    init?(
        _ placement: ProjectedPlacement, _ reader: RasterReader<Sample>, _ interpolation: Interpolation
    ) throws(FrameError) {
        guard placement.frame.isTorn, !placement.wraps else { return nil }
        self.reader = reader
        self.interpolation = interpolation
        frame = placement.frame
        longitudeOffset = placement.longitudeOffsetRad
        places = try SamplePlaces(placement)
        finder = SampleCloudFinder(places)
    }

    /// Finds the torn pixels of a tile.
    /// - Parameters:
    ///   - columns: where each pixel lies in the file; what is torn becomes not-a-number.
    ///   - rows: the same.
    ///   - body: told the index of each such pixel and its value.
    func visit(
        _ geometry: TileGeometry, columns: UnsafeMutablePointer<Double>,
        rows: UnsafePointer<Double>, _ body: (Int, Value) -> Void
    ) throws(TilerError) {
        guard isNear(geometry, 0, 0, tileWidth) else { return }
        let tilePixel = (Double.pi / 3).squareRoot() / Double(geometry.pixelOrder.nside)
        var side = 1
        while side < Self.square, Double(2 * side) * tilePixel <= places.sampleRad { side *= 2 }
        for top in stride(from: 0, to: tileWidth, by: Self.square) {
            for left in stride(from: 0, to: tileWidth, by: Self.square)
            where isNear(geometry, top, left, Self.square) {
                for row in stride(from: top, to: top + Self.square, by: side) {
                    for column in stride(from: left, to: left + Self.square, by: side) {
                        try visit(geometry, row, column, side, columns, rows, body)
                    }
                }
            }
        }
    }

    /// A small square of pixels, which have their samples in common.
    private func visit(
        _ geometry: TileGeometry, _ top: Int, _ left: Int, _ side: Int,
        _ columns: UnsafeMutablePointer<Double>, _ rows: UnsafePointer<Double>, _ body: (Int, Value) -> Void
    ) throws(TilerError) {
        var cloud: SampleCloud?
        var content: [Sample?] = []
        for row in top..<(top + side) {
            for column in left..<(left + side) {
                let index = row * tileWidth + column
                guard !columns[index].isNaN else { continue }
                let p = direction(geometry, row, column)
                guard isTorn(columns[index], rows[index], p) else { continue }
                if cloud == nil {
                    let corners = [
                        direction(geometry, top, left), direction(geometry, top, left + side - 1),
                        direction(geometry, top + side - 1, left),
                        direction(geometry, top + side - 1, left + side - 1),
                    ]
                    let middle = direction(geometry, top + side / 2, left + side / 2)
                    guard let found = finder.cloud(about: middle, others: corners) else { return }
                    content = try read(found)
                    cloud = found
                }
                guard let cloud, let value = value(at: p, cloud, content) else { continue }
                columns[index] = .nan
                body(index, value)
            }
        }
    }

    // MARK: - Places

    private func direction(_ geometry: TileGeometry, _ row: Int, _ column: Int) -> SIMD3<Double> {
        // A tile's row is HEALPix's x, its column y.
        let direction = geometry.direction(x: row, y: column)
        return SamplePlaces.vector(lonRad: direction.lonRad - longitudeOffset, latRad: direction.latRad)
    }

    /// Whether a square of pixels comes near a tear.
    private func isNear(_ geometry: TileGeometry, _ top: Int, _ left: Int, _ side: Int) -> Bool {
        let middle = geometry.direction(x: top + side / 2, y: left + side / 2)
        let last = side - 1
        let radius = [(0, 0), (0, last), (last, 0), (last, last)].reduce(0.0) {
            max($0, geometry.direction(x: top + $1.0, y: left + $1.1).angularDistance(to: middle))
        }
        let angles = frame.anglesToTears(lonRad: middle.lonRad - longitudeOffset, latRad: middle.latRad)
        let seam = Self.seamReach * Double(interpolation.reach + 1) * places.sampleRad
        return angles.meridian < radius + seam || angles.point < radius + Self.poleReach * places.sampleRad
    }

    /// Whether the samples that the kernel would take are not those around the place.
    private func isTorn(_ column: Double, _ row: Double, _ p: SIMD3<Double>) -> Bool {
        if case .nearest = interpolation {
            let (c, r) = (Int(column.rounded()), Int(row.rounded()))
            return !places.isInFile(column: c, row: r) || places.place(column: c, row: r) == nil
        }
        let (left, top) = (Int(column.rounded(.down)), Int(row.rounded(.down)))
        guard let corners = corners(left, top) else { return true }
        let (x, y) = (column - Double(left), row - Double(top))
        let upper = corners.topLeft * (1 - x) + corners.topRight * x
        let lower = corners.bottomLeft * (1 - x) + corners.bottomRight * x
        let mean = upper * (1 - y) + lower * y
        let offset = mean / (mean * mean).sum().squareRoot() - p
        let limit = Self.tolerance * places.sampleRad
        return !((offset * offset).sum() <= limit * limit)
    }

    /// The places of the four samples around a point between them; nil where the kernel would take one that is no place of
    /// the map.
    private func corners(_ left: Int, _ top: Int) -> Corners? {
        let key = SIMD2(left, top)
        if key == latest.key { return latest.corners }
        if let known = known[key] {
            latest = (key, known)
            return known
        }
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        let found = findCorners(left, top)
        known[key] = .some(found)
        latest = (key, found)
        return found
    }

    private func findCorners(_ left: Int, _ top: Int) -> Corners? {
        let reach = interpolation.reach
        for r in (top - reach)...(top + 1 + reach) {
            for c in (left - reach)...(left + 1 + reach) {
                guard places.isInFile(column: c, row: r), places.place(column: c, row: r) != nil else {
                    return nil
                }
            }
        }
        guard let topLeft = places.place(column: left, row: top),
            let topRight = places.place(column: left + 1, row: top),
            let bottomLeft = places.place(column: left, row: top + 1),
            let bottomRight = places.place(column: left + 1, row: top + 1)
        else { return nil }
        return Corners(
            topLeft: topLeft, topRight: topRight, bottomLeft: bottomLeft, bottomRight: bottomRight)
    }

    // MARK: - Values

    private func value(at p: SIMD3<Double>, _ cloud: SampleCloud, _ content: [Sample?]) -> Value? {
        guard let origin = cloud.plane.place(of: p) else { return nil }
        var nearest: (distance: Double, sample: Sample?) = (.infinity, nil)
        var nearestValid = Double.infinity
        valid.removeAll(keepingCapacity: true)
        sums.removeAll(keepingCapacity: true)
        for (member, sample) in zip(cloud.members, content) {
            let place = SIMD2(member.x, member.y) - origin
            let distance = (place * place).sum().squareRoot()
            if distance < nearest.distance { nearest = (distance, sample) }
            guard distance < ScatteredFit.radius, let sample else { continue }
            nearestValid = min(nearestValid, distance)
            valid.append(place)
            sums.append(sample.sum)
        }
        guard nearest.distance < ScatteredFit.radius else { return nil }
        if case .nearest = interpolation { return nearest.sample.map { .sum($0.sum) } ?? .blank }
        guard nearestValid <= max(Self.dataReach, nearest.distance), fit.solve(valid) else { return .blank }
        var total = Sample.zero
        for (sum, weight) in zip(sums, fit.weights) { total = Sample.add(total, sum, weight) }
        return .sum(total)
    }

    /// The samples of a cloud; nil where there are no data.
    private func read(_ cloud: SampleCloud) throws(TilerError) -> [Sample?] {
        var result: [Sample?] = []
        result.reserveCapacity(cloud.members.count)
        for member in cloud.members {
            let window = try block(member.column / Self.blockSide, member.row / Self.blockSide)
            let offset =
                (member.row - window.firstRow) * window.width + member.column - window.firstColumn
            let isValid = window.validity.map { $0[offset] != 0 } ?? true
            result.append(isValid ? window.base[offset] : nil)
        }
        return result
    }

    private func block(_ across: Int, _ down: Int) throws(TilerError) -> SourceWindow<Sample> {
        let key = down << 32 + across
        if let window = blocks[key] { return window }
        if blocks.count >= Self.mostBlocks { blocks.removeAll(keepingCapacity: true) }
        let window = SourceWindow<Sample>()
        let (left, top) = (across * Self.blockSide, down * Self.blockSide)
        do {
            try reader.load(
                window, columns: left..<min(left + Self.blockSide, places.columns),
                rows: top..<min(top + Self.blockSide, places.rows))
        } catch {
            throw .source(error)
        }
        blocks[key] = window
        return window
    }
}
