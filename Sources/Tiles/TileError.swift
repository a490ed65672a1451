/// What went wrong while a picture was encoded or decoded.
///
/// Every case says what was met, what would have been right and, where that helps, what to do.
public enum TileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number of samples differs from width times height times channels.
    case sampleCount(found: Int, width: Int, height: Int, channels: Int)
    /// The format cannot hold a picture with so many channels.
    case channels(found: Int, format: TileFormat, accepted: String)
    /// The picture has more samples or a longer side than is accepted.
    case tooLarge(String)
    /// The bytes are none of the picture formats.
    case unrecognised(String)
    /// The bytes begin like a picture, but cannot be decoded whole.
    case malformed(format: TileFormat, reason: String)
    /// The codec library refused an encoding.
    case library(format: TileFormat, reason: String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .sampleCount(let found, let width, let height, let channels):
            "A picture of \(width) x \(height) with \(channels) channels needs as many samples, "
                + "but \(found) were given."
        case .channels(let found, let format, let accepted):
            "A \(format.rawValue.uppercased()) picture cannot be made of \(found) channels; "
                + "it takes \(accepted)."
        case .tooLarge(let text): "The picture is too large: \(text)."
        case .unrecognised(let text): "These bytes are no picture: \(text)."
        case .malformed(let format, let reason):
            "This \(format.rawValue.uppercased()) picture cannot be decoded: \(reason)."
        case .library(let format, let reason):
            "The \(format.rawValue.uppercased()) picture could not be encoded: \(reason)."
        }
    }
}
