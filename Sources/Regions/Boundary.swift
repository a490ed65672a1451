/// The border of a region as straight pieces in the faces of HEALPix, made finer where they are looked at closely.
///
/// In the coordinates of a face, cells are squares. A piece stands for a part of a curve that keeps within
/// `tolerance` of it, in u and in v. Halving a piece lowers its tolerance down to `rounding`; halves are made once.
struct Boundary {
    /// A straight piece in a face, and what the curve strays from it.
    struct Piece {
        var x0: Double
        var y0: Double
        var x1: Double
        var y1: Double
        var tolerance: Double
        /// The number of the first of its two halves; 0 before they are made.
        var halves: Int32
    }

    /// Where a piece comes from.
    private struct Source {
        let curve: Int32
        let face: Int8
        let quarter: Int8
        let zone: Chart.Zone
        let start: Vec3
        let end: Vec3
        let length: Double
    }

    /// What rounding may move a place in a face by: coordinates of directions are good to 2e-16, longitudes of up to a
    /// turn to 4e-16 rad, and u and v are made of them in a few steps.
    static let rounding = 1e-15

    private let curves: [Curve]
    private(set) var pieces: [Piece] = []
    private var sources: [Source] = []
    /// The pieces of each face.
    private(set) var faces = [[Int32]](repeating: [], count: 12)

    init(_ curves: [Curve]) {
        self.curves = curves
        pieces.reserveCapacity(4 * curves.count)
        sources.reserveCapacity(4 * curves.count)
        for index in curves.indices {
            let curve = curves[index]
            for part in curve.parts {
                let chart = Chart(
                    holding: curve.middle(part.start, part.end), isGeographic: curve.isGeographic)
                add(part, curve: Int32(index), chart: chart)
            }
        }
    }

    /// Adds a part of a curve to all faces that it may touch.
    private mutating func add(_ part: Curve.Part, curve number: Int32, chart: Chart) {
        let isGeographic = curves[Int(number)].isGeographic
        let start = chart.place(part.start, isGeographic: isGeographic)
        let end = chart.place(part.end, isGeographic: isGeographic)
        let deviation = chart.deviation(curves[Int(number)], part.start, part.end, length: part.length)
        for face in chart.faces {
            add(
                part, number, chart, face, chart.inFace(face, start), chart.inFace(face, end), deviation)
        }
        let middle = curves[Int(number)].middle(part.start, part.end)
        if chart.zone != .belt, start.tau == end.tau, start.tau == 0 || start.tau == 1,
            chart.place(middle, isGeographic: isGeographic).tau == start.tau
        {
            // A meridian between two faces of a cap belongs to both.
            let other = Chart(quarter: chart.quarter + (start.tau == 0 ? 3 : 1), zone: chart.zone)
            let tau = 1 - start.tau
            for face in other.faces {
                add(
                    part, number, other, face,
                    other.inFace(face, Chart.Place(tau: tau, height: start.height)),
                    other.inFace(face, Chart.Place(tau: tau, height: end.height)), deviation)
            }
        }
        for end in [start, end] { addCorner(end, part, number, chart) }
    }

    /// Adds an end that lies on the border of its chart to the faces beyond, as a piece without length.
    private mutating func addCorner(_ place: Chart.Place, _ part: Curve.Part, _ number: Int32, _ chart: Chart)
    {
        if chart.zone != .belt, place.height == 0 {
            for quarter in 0..<4 {
                addPoint(place, part, number, Chart(quarter: quarter, zone: chart.zone))
            }
            return
        }
        var charts: [Chart] = []
        if place.tau == 0 || place.tau == 1 {
            charts.append(Chart(quarter: chart.quarter + (place.tau == 0 ? 3 : 1), zone: chart.zone))
        }
        if place.height == 1 || (chart.zone == .belt && place.height == 0) {
            // Only the corners of faces on this latitude have more neighbours.
            guard !charts.isEmpty else { return }
            charts.append(chart)
            let belt: Double =
                switch chart.zone {
                case .north: 1
                case .south: 0
                case .belt: place.height
                }
            for other in charts {
                let tau = other == chart ? place.tau : 1 - place.tau
                addPoint(
                    Chart.Place(tau: tau, height: belt), part, number,
                    Chart(quarter: other.quarter, zone: .belt))
            }
            return
        }
        for other in charts {
            addPoint(Chart.Place(tau: 1 - place.tau, height: place.height), part, number, other)
        }
    }

    private mutating func addPoint(_ place: Chart.Place, _ part: Curve.Part, _ number: Int32, _ chart: Chart)
    {
        for face in chart.faces {
            let point = chart.inFace(face, place)
            add(part, number, chart, face, point, point, 0)
        }
    }

    private mutating func add(
        _ part: Curve.Part, _ number: Int32, _ chart: Chart, _ face: Int, _ a: (u: Double, v: Double),
        _ b: (u: Double, v: Double), _ deviation: Double
    ) {
        let slack = deviation + Self.rounding
        guard max(a.u, b.u) >= -slack, min(a.u, b.u) <= 1 + slack, max(a.v, b.v) >= -slack,
            min(a.v, b.v) <= 1 + slack
        else { return }
        faces[face].append(Int32(pieces.count))
        append(
            Source(
                curve: number, face: Int8(face), quarter: Int8(chart.quarter), zone: chart.zone,
                start: part.start, end: part.end, length: part.length), a, b, deviation)
    }

    private mutating func append(
        _ source: Source, _ a: (u: Double, v: Double), _ b: (u: Double, v: Double), _ deviation: Double
    ) {
        pieces.append(
            Piece(x0: a.u, y0: a.v, x1: b.u, y1: b.v, tolerance: deviation + Self.rounding, halves: 0))
        sources.append(source)
    }

    /// The number of the first of the two halves of a piece that strays by more than rounding; the other one follows.
    mutating func halve(_ index: Int) -> Int {
        let known = pieces[index].halves
        if known > 0 { return Int(known) }
        let source = sources[index]
        let curve = curves[Int(source.curve)]
        let chart = Chart(quarter: Int(source.quarter), zone: source.zone)
        let middle = curve.middle(source.start, source.end)
        let length = 0.5 * source.length
        let face = Int(source.face)
        let place = chart.inFace(face, chart.place(middle, isGeographic: curve.isGeographic))
        let first = pieces.count
        let piece = pieces[index]
        pieces[index].halves = Int32(first)
        append(
            Source(
                curve: source.curve, face: source.face, quarter: source.quarter, zone: source.zone,
                start: source.start, end: middle, length: length), (piece.x0, piece.y0), place,
            chart.deviation(curve, source.start, middle, length: length))
        append(
            Source(
                curve: source.curve, face: source.face, quarter: source.quarter, zone: source.zone,
                start: middle, end: source.end, length: length), place, (piece.x1, piece.y1),
            chart.deviation(curve, middle, source.end, length: length))
        return first
    }
}
