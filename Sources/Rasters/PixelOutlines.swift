public import HEALPix
public import PlanetaryFrames

/// Draws the outlines of pixels of a map projection on the sphere, for one thread.
public struct PixelOutlines: ~Copyable {
    private let map: ProjectedPlacement
    private let transformer: MapTransformer

    /// Parts of a pixel's side that are told apart where the edge of the projection runs through it.
    private static let parts = 8.0

    /// The most columns and rows of a rectangle: wherever it lies it covers at most about 900 square degrees, well below a
    /// hemisphere.
    public var largest: Int {
        let widest = map.resolutionDegrees * map.areas.largest.squareRoot()
        return max(1, Int(min(256, 30 / widest)))
    }

    /// - Throws: `FrameError` when PROJ cannot make the projection.
    public init(_ map: ProjectedPlacement) throws(FrameError) {
        self.map = map
        transformer = try map.frame.makeTransformer()
    }

    /// Rings around a rectangle of pixels, each with a vertex at every corner of a pixel, so that rings of neighbours have
    /// their common vertices.
    ///
    /// There is one ring, unless the edge of the projection runs through the rectangle: then it is divided, and of the pixels
    /// that the edge runs through there is what an eighth of a pixel tells apart.
    public func rings(around block: PixelBlock) -> [[Direction]] {
        var rings: [[Direction]] = []
        add(
            Double(block.columns.lowerBound)...Double(block.columns.upperBound),
            Double(block.rows.lowerBound)...Double(block.rows.upperBound), step: 1, &rings)
        return rings
    }

    private func add(
        _ columns: ClosedRange<Double>, _ rows: ClosedRange<Double>, step: Double,
        _ rings: inout [[Direction]]
    ) {
        let corners = border(columns, rows, step)
        let seen = corners.compactMap { $0 }
        if seen.count == corners.count {
            rings.append(seen)
            return
        }
        let (width, height) = (columns.upperBound - columns.lowerBound, rows.upperBound - rows.lowerBound)
        if max(width, height) > step * 1.5 {
            if width >= height {
                let middle = columns.lowerBound + step * (width / step / 2).rounded(.down)
                add(columns.lowerBound...middle, rows, step: step, &rings)
                add(middle...columns.upperBound, rows, step: step, &rings)
            } else {
                let middle = rows.lowerBound + step * (height / step / 2).rounded(.down)
                add(columns, rows.lowerBound...middle, step: step, &rings)
                add(columns, middle...rows.upperBound, step: step, &rings)
            }
        } else if step == 1 {
            add(columns, rows, step: 1 / Self.parts, &rings)
        }
    }

    /// The corners along the border of a rectangle, once around; nil where the map shows nothing.
    private func border(
        _ columns: ClosedRange<Double>, _ rows: ClosedRange<Double>, _ step: Double
    ) -> [Direction?] {
        let across = Int(((columns.upperBound - columns.lowerBound) / step).rounded())
        let down = Int(((rows.upperBound - rows.lowerBound) / step).rounded())
        var places: [(column: Double, row: Double)] = []
        for i in 0..<across { places.append((columns.lowerBound + Double(i) * step, rows.lowerBound)) }
        for i in 0..<down { places.append((columns.upperBound, rows.lowerBound + Double(i) * step)) }
        for i in 0..<across { places.append((columns.upperBound - Double(i) * step, rows.upperBound)) }
        for i in 0..<down { places.append((columns.lowerBound, rows.upperBound - Double(i) * step)) }
        let g = map.geotransform
        let x = places.map { g[0] + g[1] * $0.column + g[2] * $0.row }
        let y = places.map { g[3] + g[4] * $0.column + g[5] * $0.row }
        var lon = [Double](repeating: 0, count: places.count)
        var lat = lon
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        return zip(lon, lat).map {
            $0.isFinite && $1.isFinite ? Direction(lonRad: $0 + map.longitudeOffsetRad, latRad: $1) : nil
        }
    }
}
