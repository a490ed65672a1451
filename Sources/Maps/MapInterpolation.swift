/// How a value between the pixels of a HiPS is found.
public enum MapInterpolation: Sendable, Hashable, CaseIterable {
    /// The value of the pixel that the place lies in.
    case nearest
    /// By the four pixels around it. Missing ones leave their weight to the others.
    case linear
    /// By the sixteen pixels around it, with the cubic convolution of R. Keys (IEEE Trans. ASSP 29, 1981), a = -1/2;
    /// linearly where one of the sixteen is missing, and at the places where only three faces meet.
    case cubic
}

/// Values of a layer in a window, row by row from the top, as precise as its tiles are.
public enum LayerSamples: Sendable {
    /// Of whole numbers of 8 and 16 bits and of floats; not-a-number where there are no data and outside of the globe.
    case floats([Float])
    /// Of whole numbers of 32 bits and of doubles; not-a-number likewise.
    case doubles([Double])
    /// Of pictures: red, green, blue and opacity, four bytes each; all 0 where there are no data.
    case colours([UInt8])
}
