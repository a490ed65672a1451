/// How values between the two ends of the cut are spread over the 8-bit view.
public enum Stretch: String, Sendable, Hashable, CaseIterable {
    /// In proportion.
    case linear
    /// By the square root: dark parts are opened.
    case sqrt
    /// By the logarithm: dark parts are opened strongly.
    case log
    /// By the inverse hyperbolic sine: linear near 0, logarithmic far from it.
    case asinh
}
