/// How a pixel's value is made from the source pixels around its centre.
public enum ResamplingMethod: String, Sendable, Hashable, CaseIterable {
    /// From the four nearest pixels, linear in both directions.
    case bilinear
    /// The nearest pixel, unchanged.
    case nearest
    /// From sixteen pixels with Keys' cubic kernel.
    case bicubic
    /// From thirty-six pixels with the windowed sinc of three lobes.
    case lanczos
    /// The mean of the source over the pixel's area, where the source is finer.
    case average
}
