internal import Tiles

/// The codecs of pictures; one set per worker, as each keeps scratch memory.
final class PictureEncoder {
    private let png = PNGEncoder()
    private let jpeg = JPEGEncoder(quality: 90)
    private let webp = WebPEncoder(quality: 90)

    /// A picture as a file; empty for FITS, which holds no pictures.
    func encode(
        _ samples: Span<UInt8>, width: Int, height: Int, channels: Int, format: TileFormat
    ) throws(TilerError) -> [UInt8] {
        do {
            switch format {
            case .png: return try png.encode(samples, width: width, height: height, channels: channels)
            case .jpeg: return try jpeg.encode(samples, width: width, height: height, channels: channels)
            case .webp: return try webp.encode(samples, width: width, height: height, channels: channels)
            case .fits: return []
            }
        } catch {
            throw .encoding(error)
        }
    }
}
