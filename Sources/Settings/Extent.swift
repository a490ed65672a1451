/// The outer edges of a map in degrees: planetocentric latitude, longitude to the east, unless the survey says otherwise.
///
/// With `longitude_sense: west`, `west` is the longitude of the left edge and `east` that of the right one, both counted
/// to the west: columns of [360, -90, 0, 90] run east, those of [0, -90, 360, 90] run west.
public struct Extent: Sendable, Hashable {
    /// Longitude of the left edge.
    public var west: Double
    /// Latitude of the lower edge, -90 to 90.
    public var south: Double
    /// Longitude of the right edge; where it is below `west` the map crosses the meridian of the jump.
    public var east: Double
    /// Latitude of the upper edge, -90 to 90.
    public var north: Double

    /// Makes an extent of four edges in degrees, in the order of a bounding box.
    public init(west: Double, south: Double, east: Double, north: Double) {
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }

    /// The width in degrees, counted from west to east over the jump of longitudes where there is one.
    public var widthDegrees: Double { east > west ? east - west : east - west + 360 }

    /// The height in degrees.
    public var heightDegrees: Double { north - south }
}
