public import Pixels

/// How the samples of a source become the pixels of tiles.
public enum Resampling: Sendable, Equatable {
    /// The value at the pixel's centre, by an interpolation.
    case at(Interpolation)
    /// The mean of the source over the pixel where the source is finer; bilinear where it is not.
    case average
}
