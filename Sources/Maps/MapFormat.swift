/// A format in which pictures of maps are sent.
public enum MapFormat: String, Sendable, Hashable, CaseIterable {
    /// PNG in grey or true colour, as the picture is.
    case png
    /// PNG with a palette of at most 256 colours.
    case png8
    case jpeg
    case webp

    /// The media type for HTTP.
    public var mediaType: String {
        switch self {
        case .png, .png8: "image/png"
        case .jpeg: "image/jpeg"
        case .webp: "image/webp"
        }
    }

    /// Whether pixels may be transparent.
    public var hasTransparency: Bool { self != .jpeg }
}
