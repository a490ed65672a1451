internal import PlanetaryFrames

extension RasterSource {
    /// Draws a projected source: some samples of some rows, each into the cell that it lies in.
    func sketch(columns: Int, _ map: ProjectedPlacement) throws(RasterError) -> GlobeSketch {
        let reader = try RasterReader<Float>(unmasked: self)
        let transformer: MapTransformer
        do {
            transformer = try map.frame.makeTransformer()
        } catch {
            throw .frame(error)
        }
        let cell = 360 / Double(columns)
        // Two samples a cell in each direction leave no cell of the map empty.
        let step = max(1, Int(min(1e9, cell / map.resolutionDegrees / 2)))
        // A sample of a coarse map stands for all the cells that it covers.
        let parts = step > 1 ? 1 : max(1, Int((2 * map.resolutionDegrees / cell).rounded(.up)))
        let offsets = (0..<parts).map { (Double($0) + 0.5) / Double(parts) }
        let rows = columns / 2
        var sums = [Float](repeating: 0, count: columns * rows)
        var counts = [Int32](repeating: 0, count: columns * rows)
        let g = map.geotransform
        // The lattice leaves out columns that repeat the first ones, and lines are read without them.
        let across = lattice.columns
        let samples = Array(stride(from: min(step / 2, across - 1), to: across, by: step))
        let places = samples.flatMap { sample in offsets.map { Double(sample) + $0 } }
        var lon = [Double](repeating: 0, count: places.count)
        var lat = lon
        for row in stride(from: min(step / 2, map.rows - 1), to: map.rows, by: step) {
            try reader.loadLine(row)
            for offset in offsets {
                let y = Double(row) + offset
                let xs = places.map { g[0] + g[1] * $0 + g[2] * y }
                let ys = places.map { g[3] + g[4] * $0 + g[5] * y }
                var lonSpan = lon.mutableSpan
                var latSpan = lat.mutableSpan
                transformer.unproject(x: xs.span, y: ys.span, lonRad: &lonSpan, latRad: &latSpan)
                for index in places.indices {
                    let sample = samples[index / parts]
                    guard reader.lineMask[sample] != 0, lon[index].isFinite else { continue }
                    let turned = (lon[index] + map.longitudeOffsetRad + 4 * .pi).truncatingRemainder(
                        dividingBy: 2 * .pi)
                    let x = min(columns - 1, Int(turned * 180 / .pi / cell))
                    let y = max(0, min(rows - 1, Int((90 - lat[index] * 180 / .pi) / cell)))
                    sums[y * columns + x] += reader.line[sample]
                    counts[y * columns + x] += 1
                }
            }
        }
        return GlobeSketch(columns: columns, sourceDegrees: map.resolutionDegrees) { row in
            (0..<columns).map {
                let index = row * columns + $0
                return counts[index] > 0 ? sums[index] / Float(counts[index]) : .nan
            }
        }
    }
}
