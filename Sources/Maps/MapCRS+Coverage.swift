public import MOC

extension MapCRS {
    /// The box around a coverage of the body, in the system's own units; nil when none of it is on the map.
    ///
    /// The whole map for coverages that cross its seam.
    public func boundingBox(of coverage: MOC) throws(MapsError) -> MapBox? {
        let (scale, domain) = (self.scale, self.domain)
        return try transformers.with { (transformer) throws(MapsError) in
            MapDomain(transformer: transformer, scale: scale).box(around: coverage, within: domain)
        }
    }
}
