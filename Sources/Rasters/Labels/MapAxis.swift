/// One axis of a map in a PDS label: where its pixels lie in pixels from the origin of the projection.
///
/// `LINE_PROJECTION_OFFSET` and its sister are defined as the offset of the projection's origin from line and sample
/// (1, 1) (PDS Standards Reference, Planetary Science Data Dictionary). Archives understand that in three ways, half a
/// pixel apart from one another: MOLA's MEGDR count 1-based positions (360.5), LOLA's GDR the distance from the centre
/// of the first pixel (359.5), CRISM's lines the distance from its edge (-640). Which one it is follows from the
/// limits of latitude and longitude in the same label.
struct MapAxis {
    /// How an offset is counted.
    enum Convention: String, CaseIterable {
        case position = "the position of the origin, the first pixel being 1"
        case edge = "the distance of the origin from the edge of the first pixel"
        case centre = "the distance of the origin from the centre of the first pixel"

        /// What is taken from the offset to count from the edge of the first pixel.
        var correction: Double {
            switch self {
            case .position: 0.5
            case .edge: 0
            case .centre: -0.5
            }
        }
    }

    /// The offset of the label, towards the end of the axis.
    let offset: Double?
    /// The limits in pixels from the origin, against the direction of the axis: first and last edge.
    let limits: (first: Double, last: Double)?
    /// Pixels of the axis.
    let count: Int

    /// Where the axis begins, and why.
    struct Placement {
        /// From the edge of the first pixel to the origin, in pixels along the axis.
        let edge: Double
        /// How the offset was understood; nil where the limits alone decide.
        let convention: Convention?
        /// Pixels from the limit in the label to the edge; nil without limits.
        let residual: Double?
        /// Whether nothing but the definition in the standard decides, or the limits speak for another convention.
        let isUnconfirmed: Bool

        /// Whether the limits, if there are any, are not near to where the offset is taken to put the edge.
        var contradictsLimits: Bool { convention != nil && (residual.map { abs($0) > 0.75 } ?? true) }
    }

    /// Limits and offset agree when they differ by less than this: half of what tells two conventions apart.
    static let tolerance = 0.25

    /// - Returns: nil when the label gives neither an offset nor limits that fit the number of pixels.
    func placement() -> Placement? {
        let span = limits.map { $0.first - $0.last }
        // Limits that are as far apart as the pixels reach are the outer edges; of others nothing follows to a pixel.
        let fits = span.map { abs($0 - Double(count)) <= 0.5 } ?? false
        guard let offset else {
            guard fits, let limits else { return nil }
            return Placement(edge: limits.first, convention: nil, residual: 0, isUnconfirmed: false)
        }
        guard let limits else {
            return Placement(edge: offset - 0.5, convention: .position, residual: nil, isUnconfirmed: true)
        }
        func residual(_ convention: Convention) -> Double { offset - convention.correction - limits.first }
        let best = Convention.allCases.min { abs(residual($0)) < abs(residual($1)) } ?? .position
        if fits, abs(residual(best)) <= Self.tolerance {
            return Placement(
                edge: offset - best.correction, convention: best, residual: residual(best),
                isUnconfirmed: false)
        }
        return Placement(
            edge: offset - Convention.position.correction, convention: .position,
            residual: residual(.position),
            isUnconfirmed: best != .position || abs(residual(.position)) > 0.75)
    }
}
