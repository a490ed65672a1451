public import HEALPix

/// What a layer holds at one place.
public struct PointSample: Sendable {
    /// What was found.
    public enum Content: Sendable, Hashable {
        /// The map has no data there.
        case nothing
        /// A measured value.
        case value(Double)
        /// A colour, or a shade of grey, with its opacity from 0 to 255.
        case colour(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8)
    }

    /// What the pixel of the deepest tiles holds.
    public let content: Content
    /// The longitude on the body in degrees, positive to the east, from 0 to 360.
    public let lonDeg: Double
    /// The planetocentric latitude on the body in degrees.
    public let latDeg: Double
    /// The pixel of the deepest tiles as a HEALPix cell of the HiPS.
    public let cell: Cell
}
