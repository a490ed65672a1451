internal import PlanetaryFrames

extension MapCRS {
    /// Projects places in the order of their list.
    ///
    /// - Parameters:
    ///   - x: east longitudes in degrees, which become x in the system's units; NaN where the map does not show the place.
    ///   - y: planetocentric latitudes in degrees, which become y; NaN where x is.
    /// - Throws: ``MapsError/frame(_:)`` when PROJ cannot be had.
    /// - Precondition: both lists have the same length.
    public func project(x: inout [Double], y: inout [Double]) throws(MapsError) {
        precondition(x.count == y.count, "lengths differ")
        let lon = x.map { $0 * .pi / 180 }
        let lat = y.map { $0 * .pi / 180 }
        try transformers.with { (transformer) throws(MapsError) in
            var xs = x.mutableSpan
            var ys = y.mutableSpan
            transformer.project(lonRad: lon.span, latRad: lat.span, x: &xs, y: &ys)
        }
        guard scale != 1 else { return }
        for index in x.indices {
            x[index] /= scale
            y[index] /= scale
        }
    }
}
