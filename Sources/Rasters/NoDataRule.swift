/// Which stored values stand for no data, and where.
public struct NoDataRule: Sendable, Equatable {
    /// These values.
    public var values: [Double]
    /// And those in this range, limits included.
    public var range: ClosedRange<Double>?
    /// Only where such pixels are connected, by their sides, to the edge of the image through one another.
    ///
    /// In an image that closes around the body the left and the right edge are none: its columns go on there.
    public var isEdgeConnected: Bool
    /// Pixels within this distance of one without data, in columns and rows, are none either; at most ``mostErosion``.
    public var erodePixels: Int

    /// The largest ``erodePixels``: so many rows are in memory at a time, twice.
    public static let mostErosion = 64

    /// A rule.
    public init(
        values: [Double] = [], range: ClosedRange<Double>? = nil, isEdgeConnected: Bool = false,
        erodePixels: Int = 0
    ) {
        self.values = values
        self.range = range
        self.isEdgeConnected = isEdgeConnected
        self.erodePixels = erodePixels
    }

    /// Whether a pixel's validity depends on others, so that the whole image has to be gone through for a mask.
    public var needsWholeImage: Bool { isEdgeConnected || erodePixels > 0 }

    /// Whether a value stands for no data, wherever it is.
    @inline(__always)
    func matches(_ value: Double) -> Bool {
        if let range, range.contains(value) { return true }
        for listed in values where value == listed { return true }
        return false
    }

    /// The rule with its numbers as a 32-bit float holds them: -3.4028235e38 is declared with more digits than that.
    func rounded(to type: FloatingPointRounding) -> NoDataRule {
        guard type == .float32 else { return self }
        var copy = self
        copy.values = values.map { Double(Float($0)) }
        return copy
    }

    /// What rounds numbers.
    enum FloatingPointRounding { case none, float32 }
}
