/// The values of a layer in a window.
public struct ValueGrid: Sendable {
    /// Values in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// `width * height` values, rows from the top; not-a-number where there are no data and outside of the globe.
    public var values: [Float]

    /// A grid of these values.
    public init(width: Int, height: Int, values: [Float]) {
        self.width = width
        self.height = height
        self.values = values
    }
}
