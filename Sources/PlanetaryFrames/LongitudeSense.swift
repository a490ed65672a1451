/// The direction in which longitudes grow.
public enum LongitudeSense: String, Sendable, Hashable, CaseIterable {
    /// To the east, as everywhere inside this program.
    case east
    /// To the west, as in planetographic systems of bodies that turn prograde.
    case west

    /// The east longitude in 0 ..< 360 degrees of a longitude counted in this sense.
    public func eastDegrees(_ longitudeDegrees: Double) -> Double {
        let east = self == .east ? longitudeDegrees : -longitudeDegrees
        let rest = east.truncatingRemainder(dividingBy: 360)
        guard rest < 0 else { return rest + 0 }
        // A tiny negative angle rounds up to 360, which is 0.
        return rest + 360 < 360 ? rest + 360 : 0
    }
}
