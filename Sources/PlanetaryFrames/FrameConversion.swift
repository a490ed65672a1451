/// Turns places of one coordinate reference system into another's of the same body.
///
/// Both systems are taken at what they say: x00 and x02 of the IAU count the same planetocentric angles, x01 counts
/// planetographic latitudes and longitudes in its own sense. PROJ 9 instead copies the number of a latitude from the
/// sphere to the ellipsoid, which on Mars moves a place by up to 20 km.
///
/// For one thread at a time.
public final class FrameConversion {
    private let from: MapTransformer
    private let to: MapTransformer

    /// Makes a conversion.
    ///
    /// - Throws: `FrameError.crossingBodies` for systems of two bodies.
    public init(from: MapFrame, to: MapFrame) throws(FrameError) {
        guard from.body.naifCode == to.body.naifCode else {
            throw .crossingBodies(
                from: from.crsName, fromBody: from.body.name, to: to.crsName, toBody: to.body.name)
        }
        self.from = try from.makeTransformer()
        self.to = try to.makeTransformer()
    }

    /// The place in the second system of x and y in the first, both in their own units and in the order of x (east or
    /// west) and y (north).
    ///
    /// Longitudes and periodic maps give the turn from -180 to 180 degrees about the centre.
    ///
    /// - Returns: NaN where one of the systems does not show the place.
    public func convert(x: Double, y: Double) -> (x: Double, y: Double) {
        let (xIn, yIn) = ([x], [y])
        var (lon, lat) = ([0.0], [0.0])
        var (xOut, yOut) = ([0.0], [0.0])
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        from.unproject(x: xIn.span, y: yIn.span, lonRad: &lonSpan, latRad: &latSpan)
        var xSpan = xOut.mutableSpan
        var ySpan = yOut.mutableSpan
        to.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
        return (xOut[0], yOut[0])
    }
}
