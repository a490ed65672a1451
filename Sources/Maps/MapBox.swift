/// A rectangle of a map in the units of its coordinate reference system: x to the right, y up.
///
/// x is the axis that runs east (west where the system's longitudes grow to the west, in its own values). Boxes of
/// systems that repeat themselves may lie on any turn: 170 to 190 degrees, 350 to 370.
public struct MapBox: Sendable, Hashable {
    /// The left edge.
    public let minX: Double
    /// The lower edge.
    public let minY: Double
    /// The right edge.
    public let maxX: Double
    /// The upper edge.
    public let maxY: Double

    /// A box of these edges, unchecked; `MapWindow` refuses what cannot be drawn.
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The length in x.
    public var width: Double { maxX - minX }
    /// The length in y.
    public var height: Double { maxY - minY }

    /// Whether all edges are numbers and the box has an area.
    public var isProper: Bool {
        minX.isFinite && minY.isFinite && maxX.isFinite && maxY.isFinite && minX < maxX && minY < maxY
            && width.isFinite && height.isFinite
    }

    /// The part that two boxes share; nil when they share no area.
    public func intersection(_ other: MapBox) -> MapBox? {
        let box = MapBox(
            minX: max(minX, other.minX), minY: max(minY, other.minY), maxX: min(maxX, other.maxX),
            maxY: min(maxY, other.maxY))
        return box.isProper ? box : nil
    }
}
