internal import HEALPix
internal import Pixels

/// Rows of a map run across those of tiles, which no processor foresees: samples so many rows ahead are asked for in time,
/// one of so many columns.
let rowsAhead = 8
private let columnsAsked = 6

// Where the samples of a row lie.
extension LayerSampler {
    /// The first place of a row of a patch and the step to the next one, along the columns of the interpolated square.
    private func columns(_ patch: Patch) -> (first: Double, step: Double) {
        let first = Double(patch.columns.lowerBound) + Patch.offset(ofPart: 0, of: parts)
        return (patch.s(column: first), 1 / (patch.columnSpan * Double(parts)))
    }

    /// Fills in the coordinates of a row, moved to the limits where they lie beyond.
    ///
    /// - Returns: How far they may lie beyond those of the two ends of any n steps, divided by the square of n.
    mutating func fill(
        _ patch: Patch, _ t: Double, _ qx: Quadratic, _ qy: Quadratic, within limits: ClosedRange<Double>
    ) -> Double {
        let (first, step) = columns(patch)
        let (px, py) = (parabola(qx, t, first, step), parabola(qy, t, first, step))
        let count = patch.columns.count * parts
        // A parabola leaves its chord by a quarter of the square of the distance in between.
        let bend = max(abs(px.c), abs(py.c)) / 4
        x.withUnsafeMutableBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                // In 32 bits, of which the processor turns several into doubles at a time.
                for i in 0..<Int32(truncatingIfNeeded: count) {
                    let s = Double(i)
                    x[Int(i)] = px.a + s * (px.b + s * px.c)
                    y[Int(i)] = py.a + s * (py.b + s * py.c)
                }
                let most = bend * Double(count) * Double(count)
                let (low, high) = (limits.lowerBound, limits.upperBound)
                func isWithin(_ place: Double) -> Bool { place - most >= low && place + most <= high }
                guard count > 0,
                    !(isWithin(x[0]) && isWithin(y[0]) && isWithin(x[count - 1]) && isWithin(y[count - 1]))
                else { return }
                for i in 0..<count {
                    x[i] = min(max(x[i], low), high)
                    y[i] = min(max(y[i], low), high)
                }
            }
        }
        return bend
    }

    /// A coordinate along a row in samples, as `a + i * (b + i * c)` of the number of the column.
    @inline(__always)
    private func parabola(
        _ q: Quadratic, _ t: Double, _ first: Double, _ step: Double
    ) -> (a: Double, b: Double, c: Double) {
        let (a, b, c) = q.row(t)
        return (
            (a + first * (b + first * c)) * side, (b + 2 * first * c) * step * side, c * step * step * side
        )
    }

    mutating func fillByVectors(_ patch: Patch, _ t: Double) {
        guard let vectors = patch.vectors else { return }
        let (vx, vy, vz) = (vectors.x.row(t), vectors.y.row(t), vectors.z.row(t))
        let (first, step) = columns(patch)
        for i in 0..<patch.columns.count * parts {
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

    /// Has the processor bring samples of a row that is to be drawn soon into its nearest cache, as far as they lie in the
    /// tile that was drawn from last.
    ///
    /// - Parameter line: The row of samples, from the first of the patch.
    func fetch(_ patch: Patch, line: Int) {
        guard let (tile, originX, originY) = drawn, line < patch.rows.count * parts else { return }
        let (qx, qy): (Quadratic, Quadratic)
        switch patch.content {
        case .belt(let x, let y), .face(_, let x, let y): (qx, qy) = (x, y)
        case .outside, .vectors, .exact: return
        }
        let (first, step) = columns(patch)
        let row = Double(patch.rows.lowerBound + line / parts) + Patch.offset(ofPart: line % parts, of: parts)
        let t = patch.t(row: row)
        let (px, py) = (parabola(qx, t, first, step), parabola(qy, t, first, step))
        // Whole samples are in the low bits of a double of this size.
        let (zeroX, zeroY) = (0x1.8p52 - originX - 0.5, 0x1.8p52 - originY - 0.5)
        let width = UInt32(truncatingIfNeeded: width)
        for column in Swift.stride(from: Int32(0), to: Int32(patch.columns.count * parts), by: columnsAsked) {
            let i = Double(column)
            let x = UInt32(truncatingIfNeeded: (px.a + i * (px.b + i * px.c) + zeroX).bitPattern)
            let y = UInt32(truncatingIfNeeded: (py.a + i * (py.b + i * py.c) + zeroY).bitPattern)
            if x | y < width { tile.fetch(Int(x &* width &+ y)) }
        }
    }
}
