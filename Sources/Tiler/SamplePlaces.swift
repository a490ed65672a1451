internal import Glibc
internal import PlanetaryFrames
internal import Rasters

/// Where single samples of a projected source lie on the sphere, and where directions lie in the file.
///
/// Unit vectors, in the map's own longitudes. What was projected back is kept, for neighbours ask for the same samples.
final class SamplePlaces {
    let columns: Int
    let rows: Int
    /// Side of a sample on the ground.
    let sampleRad: Double
    private let placement: ProjectedPlacement
    private let transformer: MapTransformer
    private var known: [Int: SIMD3<Double>] = [:]

    /// Samples that are kept: about three million bytes.
    private static let mostKnown = 1 << 15
    /// Samples beyond the file's edges may be asked for, this many of them.
    private static let border = 1 << 20

    init(_ placement: ProjectedPlacement) throws(FrameError) {
        self.placement = placement
        columns = placement.columns
        rows = placement.rows
        sampleRad = placement.resolutionDegrees * .pi / 180
        transformer = try placement.frame.makeTransformer()
        known.reserveCapacity(Self.mostKnown)
    }

    func isInFile(column: Int, row: Int) -> Bool {
        column >= 0 && column < columns && row >= 0 && row < rows
    }

    /// The centre of a sample, in the file or beside it; nil where that is no place of the map.
    func place(column: Int, row: Int) -> SIMD3<Double>? {
        let key = (row + Self.border) * (columns + 2 * Self.border) + column + Self.border
        if let place = known[key] { return place.x.isNaN ? nil : place }
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        let g = placement.geotransform
        let (c, r) = (Double(column) + 0.5, Double(row) + 0.5)
        let x = InlineArray<1, Double>(repeating: g[0] + g[1] * c + g[2] * r)
        let y = InlineArray<1, Double>(repeating: g[3] + g[4] * c + g[5] * r)
        var lon = InlineArray<1, Double>(repeating: 0)
        var lat = InlineArray<1, Double>(repeating: 0)
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        let place = Self.vector(lonRad: lon[0], latRad: lat[0])
        known[key] = place
        return place.x.isNaN ? nil : place
    }

    /// Where a direction lies in the file, in samples from the centre of the first one; nil outside of the map.
    func position(_ p: SIMD3<Double>) -> (column: Double, row: Double)? {
        let lon = InlineArray<1, Double>(repeating: atan2(p.y, p.x))
        let lat = InlineArray<1, Double>(repeating: atan2(p.z, (p.x * p.x + p.y * p.y).squareRoot()))
        var x = InlineArray<1, Double>(repeating: 0)
        var y = InlineArray<1, Double>(repeating: 0)
        var xSpan = x.mutableSpan
        var ySpan = y.mutableSpan
        transformer.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
        guard x[0].isFinite, y[0].isFinite else { return nil }
        let column = placement.pixels.column(x: x[0], y: y[0]) - 0.5
        let row = placement.pixels.row(x: x[0], y: y[0]) - 0.5
        // Far beside the file nothing is looked for.
        guard abs(column) < Double(columns + Self.border / 2), abs(row) < Double(rows + Self.border / 2)
        else { return nil }
        return (column, row)
    }

    static func vector(lonRad: Double, latRad: Double) -> SIMD3<Double> {
        SIMD3(cos(latRad) * cos(lonRad), cos(latRad) * sin(lonRad), sin(latRad))
    }
}
