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
    /// How many samples along each side of a pixel it is the mean of: 1 or 2.
    let parts: Int
    private var tiles: [Int64: Sample.Tile?] = [:]
    /// The tile that was asked for last, which most often is the next one too; its place is a face, a row and a column of
    /// tiles.
    private var latest: (place: SIMD3<Int>, tile: Sample.Tile?) = (SIMD3(repeating: -1), nil)
    /// The one before, as borders are drawn from two in turns.
    private var former: (place: SIMD3<Int>, tile: Sample.Tile?) = (SIMD3(repeating: -1), nil)
    /// The tile that was drawn from last, and the corner of it in the coordinates of the row that was drawn.
    var drawn: (tile: Sample.Tile, originX: Double, originY: Double)?
    /// Patches are drawn in strips of so many columns, of samples where pixels are means: those under one row of a strip,
    /// which lie across the rows of the tile, are still in the processor's nearest cache when the next row is drawn.
    private static var stripWidth: Int { 64 }
    var x: [Double]
    var y: [Double]
    var faces: [Int]

    init(source: TileSource<Sample>, order: Int, longestRow: Int, parts: Int) {
        self.source = source
        self.order = order
        width = order < 0 ? source.layer.tileWidth >> -order : source.layer.tileWidth
        shift = width.trailingZeroBitCount
        side = Double(width << max(0, order))
        self.parts = parts
        x = [Double](repeating: 0, count: parts * longestRow)
        y = x
        faces = [Int](repeating: 0, count: parts * longestRow)
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
            let columns = Self.stripWidth / parts
            for first in Swift.stride(
                from: patch.columns.lowerBound, to: patch.columns.upperBound, by: columns)
            {
                strip.columns = first..<min(first + columns, patch.columns.upperBound)
                try drawStrip(strip, into: out + (first - patch.columns.lowerBound), stride: stride)
            }
        }
    }

    private mutating func drawStrip(
        _ patch: Patch, into out: UnsafeMutablePointer<Sample.Drawn>, stride: Int
    ) throws(MapsError) {
        let count = patch.columns.count
        // Rows of samples of which pixels are the means.
        let means = parts > 1 ? UnsafeMutablePointer<Sample.Drawn>.allocate(capacity: 4 * count) : nil
        defer { means?.deallocate() }
        drawn = nil
        for line in 0..<patch.rows.count * parts {
            let (row, part) = line.quotientAndRemainder(dividingBy: parts)
            let pixels = out + row * stride
            let target = means.map { $0 + 2 * count * part } ?? pixels
            try drawRow(patch, patch.rows.lowerBound + row, part: part, into: target)
            if line == 0 {
                for next in 1..<rowsAhead { fetch(patch, line: next) }
            }
            fetch(patch, line: line + rowsAhead)
            if let means, part == parts - 1 {
                Sample.Drawn.means(means, means + 2 * count, count: count, into: pixels)
            }
        }
    }

    /// Draws a row of pixels, or one of the rows that they are the means of.
    private mutating func drawRow(
        _ patch: Patch, _ row: Int, part: Int, into target: UnsafeMutablePointer<Sample.Drawn>
    ) throws(MapsError) {
        let count = patch.columns.count * parts
        let t = patch.t(row: Double(row) + Patch.offset(ofPart: part, of: parts))
        switch patch.content {
        case .outside: target.update(repeating: Sample.nothing, count: count)
        case .belt(let qx, let qy):
            let bend = fill(patch, t, qx, qy, within: -.infinity ... .infinity)
            try drawRow(count, .belt, bend: bend, into: target)
        case .face(let face, let qx, let qy):
            let bend = fill(patch, t, qx, qy, within: 0...side.nextDown)
            try drawRow(count, .face(face), bend: bend, into: target)
        case .vectors:
            fillByVectors(patch, t)
            try drawRow(count, .mixed, bend: .infinity, into: target)
        case .exact(let places):
            let first = ((row - patch.rows.lowerBound) * parts + part) * count
            for i in 0..<count {
                faces[i] = places[first + i].face
                x[i] = min(max(places[first + i].x * side, 0), side.nextDown)
                y[i] = min(max(places[first + i].y * side, 0), side.nextDown)
            }
            try drawRow(count, .mixed, bend: .infinity, into: target)
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
    ///
    /// - Parameter bend: What `fill` says of the row's coordinates; infinite where they are not a parabola.
    private mutating func drawRow(
        _ count: Int, _ chart: Chart, bend: Double, into out: UnsafeMutablePointer<Sample.Drawn>
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
            /// Whether a pixel lies so far within the tile.
            func isInside(_ i: Int, by margin: Double) -> Bool {
                let (px, py) = (x[i] - (originX + 0.5), y[i] - (originY + 0.5))
                return px >= margin && px < last - margin && py >= margin && py < last - margin
            }
            // Most rows end in the tile that they begin in; then so does what is in between.
            let most = bend * Double((limit - 1 - start) * (limit - 1 - start))
            var end = start
            if isInside(start, by: most), isInside(limit - 1, by: most) {
                end = limit
            } else {
                while end < limit, isInside(end, by: 0) { end += 1 }
            }
            if end == start {
                out[start] = try drawAtBorder(place(start, chart))
                start += 1
                continue
            }
            if let tile = try tile(of: place((start + end) / 2, chart)) {
                let run = start
                drawn = (tile, originX, originY)
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeBufferPointer { y in
                        guard let x = x.baseAddress, let y = y.baseAddress else { return }
                        tile.draw(
                            x: x + run, originX: originX, y: y + run, originY: originY, count: end - run,
                            into: out + run)
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
        let sample = tile.sample(at: (x & (width - 1)) * width + (y & (width - 1)))
        return sample.isBlank(tile.blank) ? .nothing : .sample(sample)
    }

    /// The tile of a place in samples.
    mutating func tile(of place: FacePosition) throws(MapsError) -> Sample.Tile? {
        var wanted = SIMD3(place.face, 0, 0)
        if order > 0 {
            let last = (1 << order) - 1
            wanted.y = min(max(Int(place.x) >> shift, 0), last)
            wanted.z = min(max(Int(place.y) >> shift, 0), last)
        }
        if wanted == latest.place { return latest.tile }
        swap(&latest, &former)
        if wanted == latest.place { return latest.tile }
        guard let cellOrder = Order(max(0, order)),
            let cell = Cell(order: cellOrder, face: wanted.x, x: Int64(wanted.y), y: Int64(wanted.z))
        else { return nil }
        if let kept = tiles[cell.npix] {
            latest = (wanted, kept)
            return kept
        }
        let tile = try source.tile(order: order, npix: cell.npix)
        // The shared cache keeps them under its limit; here only those at hand are held.
        if tiles.count >= max(16, (64 << 20) / (width * width * MemoryLayout<Sample>.stride)) {
            tiles.removeAll(keepingCapacity: true)
        }
        tiles[cell.npix] = .some(tile)
        latest = (wanted, tile)
        return tile
    }
}
