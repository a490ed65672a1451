internal import Glibc
internal import HEALPix
internal import MOC

extension MapLayer {
    /// Whether a window shows nothing of the layer for certain, by its coverage alone.
    ///
    /// A cone around the window is held to the coverage, so that a window beside it may count as one that shows something.
    /// Costs some ten microseconds.
    public func hasNothing(in window: MapWindow) -> Bool {
        guard let coverage, lonOffsetRad == 0, graphicFactor == 1 else { return false }
        if coverage.isEmpty { return true }
        // Beyond the deepest tiles interpolation reaches as far as their pixels do.
        let reach = 1.5 * pixelScaleDegrees * .pi / 180
        if coverage.ranges == [0..<12 << 58] { return false }
        guard let cone = try? window.cone(reachRad: reach) else { return false }
        // At most some dozen cells, and none finer than the coverage.
        let fitting = Int(log2(0.5 / max(cone.radiusRad, 1e-9)).rounded(.down)) + 2
        let order = Order(min(max(fitting, 0), coverage.order.value)) ?? coverage.order
        let size = Int64(1) << Int64(2 * (29 - order.value))
        let ranges = cone.ranges(order: order, mode: .inclusive).map {
            $0.lowerBound * size..<$0.upperBound * size
        }
        return !coverage.intersects(MOC(order: order, covering: ranges))
    }
}

extension MapWindow {
    /// A cone that holds all places of the window and a border around it; nil where its places cannot be told.
    fileprivate func cone(reachRad: Double) throws(MapsError) -> Cone? {
        let steps = 8
        var places: [Direction] = []
        for row in 0...steps {
            for column in 0...steps {
                let x = box.minX + box.width * Double(column) / Double(steps)
                let y = box.minY + box.height * Double(row) / Double(steps)
                guard let place = try crs.direction(x: x, y: y) else { return nil }
                places.append(Direction(lonDeg: place.lonDeg, latDeg: place.latDeg))
            }
        }
        let centre = places[places.count / 2]
        var radius = 0.0
        var step = 0.0
        for (index, place) in places.enumerated() {
            radius = max(radius, centre.angularDistance(to: place))
            if index % (steps + 1) > 0 { step = max(step, place.angularDistance(to: places[index - 1])) }
            if index > steps { step = max(step, place.angularDistance(to: places[index - steps - 1])) }
        }
        // Between two places of the lattice nothing lies farther out than a step; the rest is for pixels whose
        // interpolation reaches over the edge.
        return Cone(centre: centre, radiusRad: radius + step + reachRad)
    }
}
