/// A part of an edge of a cell: a curve along which one coordinate of the face is fixed, coordinates being
/// fractions of the face.
///
/// An edge of a cell never crosses from the equatorial belt into a cap: the border runs through corners only.
struct CellEdge {
    let start: Vector
    let end: Vector
    /// The curve is nowhere farther than this from the straight line between its ends.
    let sagitta: Double

    private let face: Int
    private let fixed: Double
    private let isUFixed: Bool
    private let from: Double
    private let to: Double

    init(
        _ face: Int, fixed: Double, isUFixed: Bool, _ from: Double, _ to: Double, _ start: Vector,
        _ end: Vector
    ) {
        self.face = face
        self.fixed = fixed
        self.isUFixed = isUFixed
        self.from = from
        self.to = to
        self.start = start
        self.end = end
        let length = to - from
        let bend = Self.bend(row: face >> 2, fixed: fixed, from: from, to: to)
        sagitta = bend * length * length / 8
    }

    /// The two halves of the curve.
    var halves: (CellEdge, CellEdge) {
        let middle = 0.5 * (from + to)
        let point =
            isUFixed ? Vector(face: face, u: fixed, v: middle) : Vector(face: face, u: middle, v: fixed)
        return (
            CellEdge(face, fixed: fixed, isUFixed: isUFixed, from, middle, start, point),
            CellEdge(face, fixed: fixed, isUFixed: isUFixed, middle, to, point, end)
        )
    }

    /// A bound of the second derivative of the curve by its coordinate; a curve stays within bend * length^2 / 8
    /// of its chord.
    ///
    /// In the belt z and longitude are linear: z' = 2/3, lon' = pi/4. With rho = sqrt(1 - z^2) >= sqrt(5)/3 the
    /// radial part is at most z'^2 / rho^3 + rho lon'^2 < 1.7 and the tangential one 2 z z' lon' / rho < 1.
    /// In a cap let a and b be the distances of the fixed and the moving coordinate from the pole and s = a + b.
    /// Then z = 1 - s^2/3, rho = s g with g = sqrt(2/3 - s^2/9), lon' = (pi/2) a / s^2. The radial part is at most
    /// (pi^2/4) g a^2 / s^3 + s/2, the tangential part reduces to pi a / (9 g) < 1/2, and |z''| = 2/3; s is
    /// smallest at the end nearer to the pole.
    private static func bend(row: Int, fixed: Double, from: Double, to: Double) -> Double {
        let sum = fixed + 0.5 * (from + to)
        let a: Double
        let nearest: Double
        if row == 0 && sum > 1 {
            a = 1 - fixed
            nearest = a + (1 - to)
        } else if row == 2 && sum < 1 {
            a = fixed
            nearest = a + from
        } else {
            return 2
        }
        return a > 0 ? 1.4 + 2.03 * a * a / (nearest * nearest * nearest) : 1.4
    }
}
