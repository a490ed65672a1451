/// What a latitude measures.
public enum LatitudeKind: String, Sendable, Hashable, CaseIterable {
    /// The angle between the equator and the line from the body's centre.
    case planetocentric
    /// The angle between the equator and the normal of the body's ellipsoid.
    case planetographic
}
