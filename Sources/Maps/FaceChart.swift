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
        let fitted = fit(columnSpan, rowSpan) { i in
            let v = nodes[i]
            // The difference in longitude by the rotated vector: no jump at 180 degrees.
            let turn = atan2(
                v.y * nodes[12].x - v.x * nodes[12].y, v.x * nodes[12].x + v.y * nodes[12].y)
            let quarters = (middle + turn) * (2 / .pi)
            let a = 0.75 * v.z + 0.5
            return SIMD2(a + quarters, a - quarters)
        }
        guard let (qx, qy) = fitted else { return nil }
        return .belt(x: qx, y: qy)
    }

    private func face(_ columnSpan: Double, _ rowSpan: Double) -> Patch.Content? {
        func place(_ i: Int) -> FacePosition { FacePosition(x: nodes[i].x, y: nodes[i].y, z: nodes[i].z) }
        let face = place(12).face
        let fitted = fit(columnSpan, rowSpan) { i in
            let place = place(i)
            return place.face == face ? SIMD2(place.x, place.y) : nil
        }
        guard let (qx, qy) = fitted else { return nil }
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

    /// The nodes that a quadratic function goes through, its corners first: they are most likely to be in the way.
    private static let main = [0, 4, 20, 24, 12, 2, 10, 14, 22]
    /// The others, which it is tried at.
    private static let tried = (0..<25).filter { !main.contains($0) }

    /// Functions through the coordinates of the nodes, as few of which are asked for as it takes to refuse them.
    private func fit(
        _ columnSpan: Double, _ rowSpan: Double, _ coordinates: (Int) -> SIMD2<Double>?
    ) -> (Quadratic, Quadratic)? {
        var known = InlineArray<25, SIMD2<Double>>(repeating: .zero)
        for i in Self.main {
            guard let place = coordinates(i) else { return nil }
            known[i] = place
        }
        let through = known
        let qx = Quadratic { through[2 * ($0 / 3) * 5 + 2 * ($0 % 3)].x }
        let qy = Quadratic { through[2 * ($0 / 3) * 5 + 2 * ($0 % 3)].y }
        func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }
        let right = length(known[14] - known[10]) / columnSpan
        let down = length(known[22] - known[2]) / rowSpan
        let step = min(max(right, down / 4), max(down, right / 4))
        let limit = max(step * Placement.tolerancePixels, 4e-15)
        for i in Self.tried {
            guard let place = coordinates(i) else { return nil }
            let (s, t) = (Double(i % 5) / 4, Double(i / 5) / 4)
            guard length(SIMD2(qx.value(s, t), qy.value(s, t)) - place) <= limit else { return nil }
        }
        return (qx, qy)
    }
}
