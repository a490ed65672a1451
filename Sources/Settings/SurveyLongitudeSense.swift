/// The direction in which the longitudes of a source grow.
public enum SurveyLongitudeSense: String, Sendable, Hashable, CaseIterable {
    /// To the east.
    case east
    /// To the west.
    case west
}
