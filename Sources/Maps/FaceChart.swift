internal import Glibc
internal import HEALPix

/// Tries to interpolate the coordinates of a face over a square of which 5 x 5 unit vectors are known.
struct FaceChart {
    private let nodes: [SIMD3<Double>]

    init(_ nodes: [SIMD3<Double>]) {
        self.nodes = nodes
    }

    /// Interpolated coordinates; nil when the square does not lie in the belt or in one face, or is too wide for them.
    func content(columnSpan: Double, rowSpan: Double) -> Patch.Content? {
        var (inBelt, north, south) = (0, 0, 0)
        for v in nodes {
            if abs(v.z) * 3 <= 2 { inBelt += 1 } else if v.z > 0 { north += 1 } else { south += 1 }
        }
        if inBelt == 25 { return belt(columnSpan, rowSpan) }
        if north > 0, south > 0 { return nil }
        return face(columnSpan, rowSpan)
    }

    private func belt(_ columnSpan: Double, _ rowSpan: Double) -> Patch.Content? {
        let middle = atan2(nodes[12].y, nodes[12].x)
        var (x, y) = ([Double](repeating: 0, count: 25), [Double](repeating: 0, count: 25))
        for i in 0..<25 {
            let v = nodes[i]
            // The difference in longitude by the rotated vector: no jump at 180 degrees.
            let turn = atan2(
                v.y * nodes[12].x - v.x * nodes[12].y, v.x * nodes[12].x + v.y * nodes[12].y)
            let quarters = (middle + turn) * (2 / .pi)
            let a = 0.75 * v.z + 0.5
            x[i] = a + quarters
            y[i] = a - quarters
        }
        guard let (qx, qy) = fit(x, y, columnSpan, rowSpan) else { return nil }
        return .belt(x: qx, y: qy)
    }

    private func face(_ columnSpan: Double, _ rowSpan: Double) -> Patch.Content? {
        var (x, y) = ([Double](repeating: 0, count: 25), [Double](repeating: 0, count: 25))
        let face = FacePosition(x: nodes[12].x, y: nodes[12].y, z: nodes[12].z).face
        for i in 0..<25 {
            let place = FacePosition(x: nodes[i].x, y: nodes[i].y, z: nodes[i].z)
            guard place.face == face else { return nil }
            x[i] = place.x
            y[i] = place.y
        }
        guard let (qx, qy) = fit(x, y, columnSpan, rowSpan) else { return nil }
        // The border of the face may come in between the nodes.
        let slack = Placement.tolerancePixels * max(1 / columnSpan, 1 / rowSpan)
        for row in 0...8 {
            for column in 0...8 {
                let (s, t) = (Double(column) / 8, Double(row) / 8)
                for value in [qx.value(s, t), qy.value(s, t)] where value < -slack || value > 1 + slack {
                    return nil
                }
            }
        }
        return .face(face, x: qx, y: qy)
    }

    private func fit(
        _ x: [Double], _ y: [Double], _ columnSpan: Double, _ rowSpan: Double
    ) -> (Quadratic, Quadratic)? {
        let qx = Quadratic { x[2 * ($0 / 3) * 5 + 2 * ($0 % 3)] }
        let qy = Quadratic { y[2 * ($0 / 3) * 5 + 2 * ($0 % 3)] }
        let right = hypot(x[13] - x[11], y[13] - y[11]) * 2 / columnSpan
        let down = hypot(x[17] - x[7], y[17] - y[7]) * 2 / rowSpan
        let step = min(max(right, down / 4), max(down, right / 4))
        let limit = max(step * Placement.tolerancePixels, 4e-15)
        for row in 0..<5 {
            for column in 0..<5 where row & 1 == 1 || column & 1 == 1 {
                let (s, t) = (Double(column) / 4, Double(row) / 4)
                let i = row * 5 + column
                guard hypot(qx.value(s, t) - x[i], qy.value(s, t) - y[i]) <= limit else { return nil }
            }
        }
        return (qx, qy)
    }
}
