/// How much one request to the map service may ask for.
public struct WMSLimits: Sendable, Hashable {
    /// The largest width of a map in pixels.
    public var largestWidth: Int
    /// The largest height of a map in pixels.
    public var largestHeight: Int
    /// The most pixels of a map, layers counted one by one, and each as often as its style weighs (`MapStyle.weight`).
    public var mostPixels: Int
    /// The most layers of a map.
    public var mostLayers: Int

    /// Limits; each has a default.
    public init(
        largestWidth: Int = 8192, largestHeight: Int = 8192, mostPixels: Int = 33_554_432,
        mostLayers: Int = 16
    ) {
        self.largestWidth = largestWidth
        self.largestHeight = largestHeight
        self.mostPixels = mostPixels
        self.mostLayers = mostLayers
    }
}
