internal import Glibc
internal import Pixels

/// The slopes of the values of a picture, measured on the ground: rise over run towards the picture's right and its upper
/// edge, whatever the projection does to lengths.
struct SlopeField {
    private let right: [Float]
    private let up: [Float]

    /// Computes the slopes by central differences; one-sided ones at edges and beside missing values.
    ///
    /// - Parameters:
    ///   - placement: Where the pixels lie, with the steps of exact patches.
    ///   - cancelled: Whether nobody waits for the picture any more.
    /// - Throws: ``MapsError/cancelled``.
    init(
        _ values: [Float], width: Int, height: Int, placement: Placement, radiusMetres: Double,
        metresPerValue: Double, cancelled: () -> Bool = { false }
    ) throws(MapsError) {
        var right = [Float](repeating: .nan, count: values.count)
        var up = right
        let scale = metresPerValue / radiusMetres
        for patch in placement.patches {
            if cancelled() { throw .cancelled }
            guard let vectors = patch.vectors else {
                // Outside of the globe there are none.
                guard !patch.steps.isEmpty else { continue }
                for row in patch.rows {
                    for column in patch.columns {
                        let i = row * width + column
                        guard !values[i].isNaN else { continue }
                        let step = patch.steps[
                            (row - patch.rows.lowerBound) * patch.columns.count + column
                                - patch.columns.lowerBound]
                        (right[i], up[i]) = Self.slopes(
                            step.right, step.down, Self.differences(values, column, row, width, height),
                            scale)
                    }
                }
                continue
            }
            for row in patch.rows {
                let t = patch.t(row: row)
                let (x, y, z) = (vectors.x.row(t), vectors.y.row(t), vectors.z.row(t))
                let (tx, ty, tz) = (
                    vectors.x.slopeRow(t), vectors.y.slopeRow(t), vectors.z.slopeRow(t)
                )
                for column in patch.columns {
                    let i = row * width + column
                    guard !values[i].isNaN else { continue }
                    let s = patch.s(column: column)
                    // One pixel to the right and one down, on the unit sphere.
                    let a =
                        SIMD3(x.b + 2 * s * x.c, y.b + 2 * s * y.c, z.b + 2 * s * z.c) / patch.columnSpan
                    let b =
                        SIMD3(
                            tx.a + s * (tx.b + s * tx.c), ty.a + s * (ty.b + s * ty.c),
                            tz.a + s * (tz.b + s * tz.c)) / patch.rowSpan
                    (right[i], up[i]) = Self.slopes(
                        a, b, Self.differences(values, column, row, width, height), scale)
                }
            }
        }
        self.right = right
        self.up = up
    }

    /// The slopes towards the right and up where a pixel to the right is the step `a` on the unit sphere and one down is `b`.
    @inline(__always)
    private static func slopes(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ change: (rise: Double, fall: Double), _ scale: Double
    ) -> (Float, Float) {
        let length = (a * a).sum()
        // At a pole itself nothing lies to the right: there the ground is taken to be level that way.
        guard length > 1e-30 else {
            let down = (b * b).sum().squareRoot()
            return (0, down > 1e-15 ? Float(-change.fall * scale / down) : 0)
        }
        let share = (a * b).sum() / length
        let across = b - a * share
        let height = (across * across).sum().squareRoot()
        return (
            Float(change.rise * scale / length.squareRoot()),
            height > 1e-15 ? Float(-(change.fall - change.rise * share) * scale / height) : 0
        )
    }

    /// The changes of the value by one pixel to the right and by one down.
    private static func differences(
        _ values: [Float], _ column: Int, _ row: Int, _ width: Int, _ height: Int
    ) -> (rise: Double, fall: Double) {
        let i = row * width + column
        return (
            difference(values, i, column > 0 ? -1 : 0, column < width - 1 ? 1 : 0),
            difference(values, i, row > 0 ? -width : 0, row < height - 1 ? width : 0)
        )
    }

    /// The change of the value by one step forward, from the neighbours that there are.
    @inline(__always)
    private static func difference(_ values: [Float], _ i: Int, _ back: Int, _ forward: Int) -> Double {
        var (first, last) = (values[i + back], values[i + forward])
        var steps: Double = (back == 0 ? 0 : 1) + (forward == 0 ? 0 : 1)
        if first.isNaN { (first, steps) = (values[i], steps - 1) }
        if last.isNaN { (last, steps) = (values[i], steps - 1) }
        return steps > 0 ? Double(last - first) / steps : 0
    }

    /// The angle to the horizontal in degrees; not-a-number where it is not known.
    func steepness(exaggeration: Double) -> [Float] {
        let factor = Float(exaggeration)
        return right.indices.map { i in
            let rise = factor * (right[i] * right[i] + up[i] * up[i]).squareRoot()
            return atanf(rise) * (180 / .pi)
        }
    }

    /// The light that the ground receives, 0 to 1 (Horn 1981, doi:10.1109/PROC.1981.11918).
    func light(azimuthDegrees: Double, altitudeDegrees: Double, exaggeration: Double) -> [Float] {
        let (azimuth, altitude) = (azimuthDegrees * .pi / 180, altitudeDegrees * .pi / 180)
        let factor = Float(exaggeration)
        let (lx, ly, lz) = (
            Float(sin(azimuth) * cos(altitude)), Float(cos(azimuth) * cos(altitude)), Float(sin(altitude))
        )
        var result = [Float](repeating: .nan, count: right.count)
        for i in result.indices {
            let (p, q) = (right[i] * factor, up[i] * factor)
            let light = (lz - p * lx - q * ly) / (1 + p * p + q * q).squareRoot()
            result[i] = light < 0 ? 0 : light
        }
        return result
    }
}
