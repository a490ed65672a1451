internal import HEALPix
internal import Pixels

/// Draws the pixels of one layer, patch by patch, from its tiles of one order.
///
/// For one thread and one map.
struct LayerSampler<Sample: LayerSample> {
    let source: TileSource<Sample>
    /// The order of the tiles; below 0 for means of the faces.
    let order: Int
    /// Samples along the side of a tile, and its logarithm.
    let width: Int
    let shift: Int
    /// Samples along the side of a face.
    let side: Double
    private var tiles: [Int64: DecodedTile<Sample>?] = [:]
    /// The tile that was asked for last, which most often is the next one too.
    private var latest: (number: Int64, tile: DecodedTile<Sample>?) = (-1, nil)
    /// Patches are drawn in strips of so many columns: the samples under one row of a strip, which lie across the rows of the
    /// tile, are still in the processor's nearest cache when the next row is drawn.
    private static var stripWidth: Int { 64 }
    var x: [Double]
    var y: [Double]
    var faces: [Int]

    init(source: TileSource<Sample>, order: Int, longestRow: Int) {
        self.source = source
        self.order = order
        width = order < 0 ? source.layer.tileWidth >> -order : source.layer.tileWidth
        shift = width.trailingZeroBitCount
        side = Double(width << max(0, order))
        x = [Double](repeating: 0, count: longestRow)
        y = x
        faces = [Int](repeating: 0, count: longestRow)
    }

    /// Draws a patch.
    ///
    /// - Parameters:
    ///   - out: The pixel at the patch's first column and row.
    ///   - stride: Pixels from one row to the next.
    mutating func draw(
        _ patch: Patch, into out: UnsafeMutablePointer<Sample.Drawn>, stride: Int
    ) throws(MapsError) {
        switch patch.content {
        case .outside, .exact: try drawStrip(patch, into: out, stride: stride)
        case .belt, .face, .vectors:
            var strip = patch
            for first in Swift.stride(
                from: patch.columns.lowerBound, to: patch.columns.upperBound, by: Self.stripWidth)
            {
                strip.columns = first..<min(first + Self.stripWidth, patch.columns.upperBound)
                try drawStrip(strip, into: out + (first - patch.columns.lowerBound), stride: stride)
            }
        }
    }

    private mutating func drawStrip(
        _ patch: Patch, into out: UnsafeMutablePointer<Sample.Drawn>, stride: Int
    ) throws(MapsError) {
        let count = patch.columns.count
        for row in patch.rows {
            let target = out + (row - patch.rows.lowerBound) * stride
            switch patch.content {
            case .outside: target.update(repeating: Sample.nothing, count: count)
            case .belt(let qx, let qy):
                fill(patch, row, qx, qy)
                try drawRow(count, .belt, into: target)
            case .face(let face, let qx, let qy):
                fill(patch, row, qx, qy)
                for i in 0..<count {
                    x[i] = min(max(x[i], 0), side.nextDown)
                    y[i] = min(max(y[i], 0), side.nextDown)
                }
                try drawRow(count, .face(face), into: target)
            case .vectors:
                fillByVectors(patch, row)
                try drawRow(count, .mixed, into: target)
            case .exact(let places):
                let first = (row - patch.rows.lowerBound) * count
                for i in 0..<count {
                    faces[i] = places[first + i].face
                    x[i] = min(max(places[first + i].x * side, 0), side.nextDown)
                    y[i] = min(max(places[first + i].y * side, 0), side.nextDown)
                }
                try drawRow(count, .mixed, into: target)
            }
        }
    }

    mutating func fill(_ patch: Patch, _ row: Int, _ qx: Quadratic, _ qy: Quadratic) {
        let t = patch.t(row: row)
        let (ax, bx, cx) = qx.row(t)
        let (ay, by, cy) = qy.row(t)
        let (first, step) = (patch.s(column: patch.columns.lowerBound), 1 / patch.columnSpan)
        let count = patch.columns.count
        let side = side
        x.withUnsafeMutableBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                for i in 0..<count {
                    let s = first + Double(i) * step
                    x[i] = (ax + s * (bx + s * cx)) * side
                    y[i] = (ay + s * (by + s * cy)) * side
                }
            }
        }
    }

    mutating func fillByVectors(_ patch: Patch, _ row: Int) {
        guard let vectors = patch.vectors else { return }
        let t = patch.t(row: row)
        let (vx, vy, vz) = (vectors.x.row(t), vectors.y.row(t), vectors.z.row(t))
        let (first, step) = (patch.s(column: patch.columns.lowerBound), 1 / patch.columnSpan)
        for i in 0..<patch.columns.count {
            let s = first + Double(i) * step
            let v = SIMD3(
                vx.a + s * (vx.b + s * vx.c), vy.a + s * (vy.b + s * vy.c), vz.a + s * (vz.b + s * vz.c))
            let unit = v / (v * v).sum().squareRoot()
            let place = FacePosition(x: unit.x, y: unit.y, z: unit.z)
            faces[i] = place.face
            x[i] = min(max(place.x * side, 0), side.nextDown)
            y[i] = min(max(place.y * side, 0), side.nextDown)
        }
    }

    /// What the coordinates of a row belong to.
    enum Chart {
        /// The lattice of the belt.
        case belt
        /// One face.
        case face(Int)
        /// The face that `faces` holds for each pixel, -1 outside of the globe.
        case mixed
    }

    /// Draws a row in runs that lie within one tile.
    private mutating func drawRow(
        _ count: Int, _ chart: Chart, into out: UnsafeMutablePointer<Sample.Drawn>
    ) throws(MapsError) {
        var start = 0
        let scale = Double(width)
        // Half a sample within the tile, so that all four neighbours are there.
        let last = Double(width - 1)
        while start < count {
            var limit = count
            if case .mixed = chart {
                limit = faces[start...].prefix(count - start).firstIndex { $0 != faces[start] } ?? count
                if faces[start] < 0 {
                    (out + start).update(repeating: Sample.nothing, count: limit - start)
                    start = limit
                    continue
                }
            }
            let originX = (x[start] / scale).rounded(.down) * scale
            let originY = (y[start] / scale).rounded(.down) * scale
            var end = start
            x.withUnsafeBufferPointer { x in
                y.withUnsafeBufferPointer { y in
                    while end < limit {
                        let (px, py) = (x[end] - (originX + 0.5), y[end] - (originY + 0.5))
                        guard px >= 0, px < last, py >= 0, py < last else { break }
                        end += 1
                    }
                }
            }
            if end == start {
                out[start] = try drawAtBorder(place(start, chart))
                start += 1
                continue
            }
            if let tile = try tile(of: place((start + end) / 2, chart)) {
                let run = start
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeBufferPointer { y in
                        guard let x = x.baseAddress, let y = y.baseAddress else { return }
                        Sample.drawTile(
                            tile.samples, width: width, blank: tile.blank, x: x + run, originX: originX,
                            y: y + run, originY: originY, count: end - run, into: out + run)
                    }
                }
            } else {
                (out + start).update(repeating: Sample.nothing, count: end - start)
            }
            start = end
        }
    }

    /// The face of a pixel of the row and the coordinates in it, in samples.
    func place(_ i: Int, _ chart: Chart) -> FacePosition {
        switch chart {
        case .face(let face): return FacePosition(face: face, x: x[i], y: y[i])
        case .mixed: return FacePosition(face: faces[i], x: x[i], y: y[i])
        case .belt:
            let place = FacePosition.ofBelt(x: x[i] / side, y: y[i] / side)
            return FacePosition(face: place.face, x: place.x * side, y: place.y * side)
        }
    }

    /// Draws a pixel whose neighbours lie in several tiles, or beyond the corner of a face, where only three meet.
    private mutating func drawAtBorder(_ place: FacePosition) throws(MapsError) -> Sample.Drawn {
        let (px, py) = (place.x - 0.5, place.y - 0.5)
        let (ix, iy) = (Int(px.rounded(.down)), Int(py.rounded(.down)))
        let (fx, fy) = (px - Double(ix), py - Double(iy))
        var samples: InlineArray<4, Sample> = .init(repeating: Sample.defaultBlank)
        var weights = SIMD4<Double>()
        var missing = 0.0
        for corner in 0..<4 {
            let (dx, dy) = (corner >> 1, corner & 1)
            let share = (dx == 0 ? 1 - fx : fx) * (dy == 0 ? 1 - fy : fy)
            switch try neighbour(place.face, ix + dx, iy + dy) {
            case .beyond: missing += share
            case .nothing: break
            case .sample(let sample):
                samples[corner] = sample
                weights[corner] = share
            }
        }
        guard weights.sum() * 2 >= 1 - missing else { return Sample.nothing }
        return Sample.mean(samples[0], samples[1], samples[2], samples[3], weights: weights)
    }

    enum Neighbour {
        /// There is no sample beyond the corner of a face.
        case beyond
        case nothing
        case sample(Sample)
    }

    /// The sample at a place of a face, or just outside of it.
    mutating func neighbour(_ face: Int, _ x: Int, _ y: Int) throws(MapsError) -> Neighbour {
        let count = Int(side)
        var (face, x, y) = (face, x, y)
        if x < 0 || y < 0 || x >= count || y >= count {
            guard let order = Order(shift + max(0, order)) else { return .beyond }
            let (insideX, insideY) = (min(max(x, 0), count - 1), min(max(y, 0), count - 1))
            guard let cell = Cell(order: order, face: face, x: Int64(insideX), y: Int64(insideY)),
                let way = Compass(x: x - insideX, y: y - insideY), let other = cell.neighbour(way)
            else { return .beyond }
            (face, x, y) = (other.face, Int(other.x), Int(other.y))
        }
        let position = FacePosition(face: face, x: Double(x), y: Double(y))
        guard let tile = try tile(of: position) else { return .nothing }
        let sample = tile.samples[(x & (width - 1)) * width + (y & (width - 1))]
        return sample.isBlank(tile.blank) ? .nothing : .sample(sample)
    }

    /// The tile of a place in samples.
    mutating func tile(of place: FacePosition) throws(MapsError) -> DecodedTile<Sample>? {
        let number: Int64
        if order <= 0 {
            number = Int64(place.face)
        } else {
            let last = (1 << order) - 1
            let (column, row) = (Int(place.x) >> shift, Int(place.y) >> shift)
            guard let order = Order(order),
                let cell = Cell(
                    order: order, face: place.face, x: Int64(min(max(column, 0), last)),
                    y: Int64(min(max(row, 0), last)))
            else { return nil }
            number = cell.npix
        }
        if number == latest.number { return latest.tile }
        if let kept = tiles[number] {
            latest = (number, kept)
            return kept
        }
        let tile = try source.tile(order: order, npix: number)
        // The shared cache keeps them under its limit; here only those at hand are held.
        if tiles.count >= max(16, (64 << 20) / (width * width * MemoryLayout<Sample>.stride)) {
            tiles.removeAll(keepingCapacity: true)
        }
        tiles[number] = .some(tile)
        latest = (number, tile)
        return tile
    }
}
