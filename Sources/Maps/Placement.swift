internal import HEALPix

/// Where the pixels of a window lie on the sphere of a HiPS, to a fraction of a pixel.
struct Placement: Sendable {
    /// Patches that cover the window without overlap.
    var patches: [Patch]
    /// The side in radians of a square of the same area as a pixel, in the middle of all sizes; nil when nothing of the
    /// window is on the globe.
    var pixelAngleRad: Double?
    /// How many samples along each side of a pixel it is the mean of: 1 or 2.
    var parts = 1

    /// The most that an interpolated place may be off, in pixels of the picture: half of what can be seen at the places
    /// that are tried, so that others stay below a quarter of a pixel.
    static let tolerancePixels = 0.05
}
