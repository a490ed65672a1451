/// What a survey says of a source's angles against what the file says.
///
/// Files are often wrong here: planetocentric latitudes under the name of an ellipsoid, or longitudes that grow to
/// the west under an axis that says east.
public struct FrameOverrides: Sendable, Hashable {
    /// What the latitudes of the system really are; nil to believe the file.
    public var latitude: LatitudeKind?
    /// In which direction longitudes and x really grow; nil to believe the file.
    public var longitude: LongitudeSense?
    /// Polar by equatorial radius of the ellipsoid that planetographic latitudes belong to, where the system itself lies on
    /// a sphere: its formulas then take those latitudes as they are, as ISIS draws a sinusoidal map.
    public var axisRatio: Double?

    /// Makes overrides; without arguments the file is believed.
    public init(
        latitude: LatitudeKind? = nil, longitude: LongitudeSense? = nil, axisRatio: Double? = nil
    ) {
        self.latitude = latitude
        self.longitude = longitude
        self.axisRatio = axisRatio
    }
}
