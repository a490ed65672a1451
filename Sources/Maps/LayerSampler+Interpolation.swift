internal import HEALPix
internal import Pixels

extension LayerSampler {
    /// Draws a patch pixel by pixel with any interpolation.
    ///
    /// - Parameters:
    ///   - out: The pixel at the patch's first column and row.
    ///   - stride: Pixels from one row to the next.
    ///   - pixel: What a sum of samples with weight 1 becomes, nil standing for no data.
    @inline(__always)
    mutating func draw<Out>(
        _ patch: Patch, _ interpolation: MapInterpolation, into out: UnsafeMutablePointer<Out>, stride: Int,
        pixel: (Sample.Sum?) -> Out
    ) throws(MapsError) {
        let count = patch.columns.count
        for row in patch.rows {
            let target = out + (row - patch.rows.lowerBound) * stride
            guard let chart = prepare(patch, row) else {
                target.update(repeating: pixel(nil), count: count)
                continue
            }
            for i in 0..<count {
                let place = place(i, chart)
                target[i] = pixel(place.face < 0 ? nil : try sum(place, interpolation))
            }
        }
    }

    /// Finds the places of a row; nil where all of it lies outside of the globe.
    mutating func prepare(_ patch: Patch, _ row: Int) -> Chart? {
        let count = patch.columns.count
        let t = patch.t(row: row)
        switch patch.content {
        case .outside: return nil
        case .belt(let qx, let qy):
            _ = fill(patch, t, qx, qy, within: -.infinity ... .infinity)
            return .belt
        case .face(let face, let qx, let qy):
            _ = fill(patch, t, qx, qy, within: 0...side.nextDown)
            return .face(face)
        case .vectors: fillByVectors(patch, t)
        case .exact(let places):
            let first = (row - patch.rows.lowerBound) * count
            for i in 0..<count {
                faces[i] = places[first + i].face
                x[i] = min(max(places[first + i].x * side, 0), side.nextDown)
                y[i] = min(max(places[first + i].y * side, 0), side.nextDown)
            }
        }
        return .mixed
    }

    private mutating func sum(
        _ place: FacePosition, _ interpolation: MapInterpolation
    ) throws(MapsError) -> Sample.Sum? {
        switch interpolation {
        case .nearest:
            let last = Int(side) - 1
            let (ix, iy) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
            let found = try neighbour(place.face, min(max(ix, 0), last), min(max(iy, 0), last))
            guard case .sample(let sample) = found else { return nil }
            return sample.sum
        case .linear: return try linear(place)
        case .cubic:
            if let sum = try cubic(place) { return sum }
            return try linear(place)
        }
    }

    private mutating func linear(_ place: FacePosition) throws(MapsError) -> Sample.Sum? {
        let (px, py) = (place.x - 0.5, place.y - 0.5)
        let (ix, iy) = (Int(px.rounded(.down)), Int(py.rounded(.down)))
        let (fx, fy) = (px - Double(ix), py - Double(iy))
        var (sum, total, missing) = (Sample.zero, 0.0, 0.0)
        for corner in 0..<4 {
            let (dx, dy) = (corner >> 1, corner & 1)
            let share = (dx == 0 ? 1 - fx : fx) * (dy == 0 ? 1 - fy : fy)
            switch try neighbour(place.face, ix + dx, iy + dy) {
            case .beyond: missing += share
            case .nothing: break
            case .sample(let sample):
                // Not-a-number times 0 would be not-a-number.
                if share > 0 { sum = Sample.add(sum, sample.sum, share) }
                total += share
            }
        }
        guard total > 0, total * 2 >= 1 - missing else { return nil }
        return Sample.scale(sum, 1 / total)
    }

    /// The weights of four samples in a row (Keys 1981, a = -1/2) for a place between the second and the third.
    private static func weights(_ t: Double) -> SIMD4<Double> {
        let (t2, t3) = (t * t, t * t * t)
        return SIMD4(
            -0.5 * t + t2 - 0.5 * t3, 1 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2 * t2 - 1.5 * t3,
            -0.5 * t2 + 0.5 * t3)
    }

    private mutating func cubic(_ place: FacePosition) throws(MapsError) -> Sample.Sum? {
        let (px, py) = (place.x - 0.5, place.y - 0.5)
        let (ix, iy) = (Int(px.rounded(.down)), Int(py.rounded(.down)))
        let (wx, wy) = (Self.weights(px - Double(ix)), Self.weights(py - Double(iy)))
        var sum = Sample.zero
        let (inX, inY) = (ix & (width - 1), iy & (width - 1))
        if ix >= 0, iy >= 0, ix < Int(side), iy < Int(side), inX >= 1, inY >= 1, inX + 2 < width,
            inY + 2 < width
        {
            // All sixteen in one tile: the way of nearly all pixels.
            guard let tile = try tile(of: FacePosition(face: place.face, x: Double(ix), y: Double(iy))) else {
                return nil
            }
            for dx in 0..<4 {
                let first = (inX - 1 + dx) * width + inY - 1
                for dy in 0..<4 {
                    let sample = tile.sample(at: first + dy)
                    guard !sample.isBlank(tile.blank) else { return nil }
                    sum = Sample.add(sum, sample.sum, wx[dx] * wy[dy])
                }
            }
            return sum
        }
        for dx in 0..<4 {
            for dy in 0..<4 {
                guard case .sample(let sample) = try farther(place.face, ix - 1 + dx, iy - 1 + dy) else {
                    return nil
                }
                sum = Sample.add(sum, sample.sum, wx[dx] * wy[dy])
            }
        }
        return sum
    }

    /// The sample at a place of a face, or up to two beyond one of its sides.
    private mutating func farther(_ face: Int, _ x: Int, _ y: Int) throws(MapsError) -> Neighbour {
        let last = Int(side) - 1
        let (insideX, insideY) = (min(max(x, 0), last), min(max(y, 0), last))
        let (outX, outY) = (x - insideX, y - insideY)
        if abs(outX) <= 1, abs(outY) <= 1 { return try neighbour(face, x, y) }
        // The lattice of another face may be turned: straight on is away from where one came from.
        guard outX == 0 || outY == 0, let order = Order(shift + max(0, order)),
            let edge = Cell(order: order, face: face, x: Int64(insideX), y: Int64(insideY)),
            let first = Compass(x: outX.signum(), y: outY.signum()).flatMap({ edge.neighbour($0) })
        else { return .beyond }
        for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
            guard let back = Compass(x: dx, y: dy), first.neighbour(back) == edge,
                let on = Compass(x: -dx, y: -dy), let second = first.neighbour(on)
            else { continue }
            return try neighbour(second.face, Int(second.x), Int(second.y))
        }
        return .beyond
    }
}
