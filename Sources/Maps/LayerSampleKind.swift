/// The samples that the tiles of a layer hold.
public enum LayerSampleKind: Sendable, Hashable {
    /// Colours, or grey pictures, with or without transparency.
    case picture
    /// Whole numbers of so many bits, 8, 16 or 32, that are the values themselves.
    case integer(bits: Int)
    /// Floating-point values of 32 or 64 bits, or whole numbers that stand for others by a scale.
    case real(bits: Int)
}
