/// A longitude that grows to the west, as in the planetographic systems of bodies that turn as the Earth does.
public struct WestLongitude: Sendable, Hashable {
    /// Degrees, from 0 to below 360.
    public let degrees: Double

    /// Makes a longitude of any turn; nil for infinity and NaN.
    public init?(degrees: Double) {
        guard degrees.isFinite else { return nil }
        self.degrees = LongitudeSense.east.eastDegrees(degrees)
    }

    /// The same meridian counted to the east.
    public var east: EastLongitude { EastLongitude(reduced: LongitudeSense.east.eastDegrees(-degrees)) }

    /// Degrees from -180 to below 180.
    public var signedDegrees: Double { degrees < 180 ? degrees : degrees - 360 }

    init(reduced degrees: Double) { self.degrees = degrees }
}
