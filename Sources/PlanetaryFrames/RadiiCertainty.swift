/// How sure a body's radii are.
public enum RadiiCertainty: String, Sendable, Hashable, CaseIterable {
    /// Adopted by a report of the IAU's working group.
    case report
    /// Measured by a spacecraft at the body, or by many occultations.
    case measured
    /// Derived from light, radar or a single encounter; the next paper may differ by per cents.
    case estimated
}
