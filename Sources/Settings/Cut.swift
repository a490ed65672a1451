/// The values that become the darkest and the brightest of an 8-bit view.
public struct Cut: Sendable, Hashable {
    /// The value shown darkest.
    public var low: Double
    /// The value shown brightest, above `low`.
    public var high: Double

    /// Makes a cut of two finite physical values, the lower one first.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }
}
