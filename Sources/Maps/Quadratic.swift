/// A function of two variables in the unit square, given by its values on a lattice of 3 x 3 points.
///
/// Nodes run along the first variable (columns of a picture), then along the second (rows).
struct Quadratic: Sendable {
    var nodes: InlineArray<9, Double>

    init(_ value: (Int) -> Double) {
        nodes = InlineArray { value($0) }
    }

    /// a + b s + c s^2 at the second variable t.
    @inline(__always)
    func row(_ t: Double) -> (a: Double, b: Double, c: Double) {
        let (l0, l1, l2) = ((1 - t) * (1 - 2 * t), 4 * t * (1 - t), t * (2 * t - 1))
        let f0 = nodes[0] * l0 + nodes[3] * l1 + nodes[6] * l2
        let f1 = nodes[1] * l0 + nodes[4] * l1 + nodes[7] * l2
        let f2 = nodes[2] * l0 + nodes[5] * l1 + nodes[8] * l2
        return (f0, 4 * f1 - 3 * f0 - f2, 2 * (f0 + f2) - 4 * f1)
    }

    /// The derivative by t as a + b s + c s^2.
    @inline(__always)
    func slopeRow(_ t: Double) -> (a: Double, b: Double, c: Double) {
        let (l0, l1, l2) = (4 * t - 3, 4 - 8 * t, 4 * t - 1)
        let f0 = nodes[0] * l0 + nodes[3] * l1 + nodes[6] * l2
        let f1 = nodes[1] * l0 + nodes[4] * l1 + nodes[7] * l2
        let f2 = nodes[2] * l0 + nodes[5] * l1 + nodes[8] * l2
        return (f0, 4 * f1 - 3 * f0 - f2, 2 * (f0 + f2) - 4 * f1)
    }

    @inline(__always)
    func value(_ s: Double, _ t: Double) -> Double {
        let (a, b, c) = row(t)
        return a + s * (b + s * c)
    }
}
