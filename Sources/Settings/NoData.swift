/// What a survey says about the values that stand for no data, against what the file says.
public enum NoData: Sendable, Hashable {
    /// Every value is data, whatever the file declares.
    case none
    /// NaN stands for no data.
    case nan
    /// This value stands for no data.
    case value(Double)
    /// Some values, or those in a range, or what is connected to the edge or near the border of data.
    case rule(Rule)

    /// A mapping of `values`, `range`, `edge_connected` and `erode_px`.
    public struct Rule: Sendable, Hashable {
        /// Values that stand for no data (key `values`); NaN always does.
        public var values: [Double]
        /// The least and the greatest of further such values (key `range`).
        public var range: ClosedRange<Double>?
        /// Only where such pixels are connected to the edge of the image through one another (key `edge_connected`).
        public var isEdgeConnected: Bool
        /// Pixels this near to one without data are none either, 0 to ``mostErosion`` (key `erode_px`).
        public var erodePixels: Int

        /// The largest `erode_px`.
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
    }
}
