/// What the numbers of an extent or a geotransform belong to.
public enum Registration: String, Sendable, Hashable, CaseIterable {
    /// The outer edges of pixels.
    case pixel
    /// The centres of pixels.
    case grid
}
