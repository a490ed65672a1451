/// What the latitudes of a source are.
public enum SurveyLatitudeKind: String, Sendable, Hashable, CaseIterable {
    /// Angles at the body's centre.
    case planetocentric
    /// Angles of the normal of the body's ellipsoid.
    case planetographic
}
