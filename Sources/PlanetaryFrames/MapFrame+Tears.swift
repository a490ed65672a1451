extension MapFrame {
    /// Whether neighbours on the body lie apart on the map along a meridian, as they do on both sides of a sinusoidal map.
    ///
    /// Maps that repeat themselves (`periodX`) are not torn: their columns go on.
    public var isTorn: Bool {
        loci.contains { if case .arc = $0 { true } else { false } }
    }

    /// The angles in radians from a direction to the nearest meridian along which the map is torn, and to the nearest
    /// point where it is not smooth; infinite where there is none.
    ///
    /// - Parameters:
    ///   - lonRad: east longitude in the map's own system.
    ///   - latRad: planetocentric latitude.
    public func anglesToTears(lonRad: Double, latRad: Double) -> (meridian: Double, point: Double) {
        let direction = Direction(lonRad: lonRad, latRad: latRad)
        var (meridian, point) = (Double.infinity, Double.infinity)
        for locus in loci {
            switch locus {
            case .arc: meridian = min(meridian, locus.distance(to: direction))
            case .point: point = min(point, locus.distance(to: direction))
            case .circle: break
            }
        }
        return (meridian, point)
    }
}
