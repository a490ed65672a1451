/// Which side of the border of a polygon is inside.
///
/// The border divides the sphere into parts that are in and out by turns (even-odd rule): what a ring that crosses
/// itself encloses twice is outside. The choice is between the two colourings.
public enum Interior: String, Hashable, Sendable, CaseIterable {
    /// Each ring encloses the smaller of its two sides; of several rings what an odd number enclose is in, so that
    /// rings within a ring are holes.
    case smaller
    /// What is outside by the rule of `smaller`.
    case larger
    /// The side to the left of the first ring, as RFC 7946 and DALI order the vertices of outer rings: the
    /// polygon may exceed a hemisphere.
    case left
}
