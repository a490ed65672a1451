/// Reads PNG, JPEG and WebP pictures from bytes that need not be trusted.
public enum PictureDecoder {
    /// Decodes one whole picture to 8 bits a channel.
    ///
    /// Palettes become RGB, 16 bits are scaled to 8, and transparency of any kind becomes an alpha channel.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - format: What it is said to be; nil to go by its first bytes.
    ///   - maximumSize: The longest side in pixels that is accepted.
    /// - Returns: The picture with 1 to 4 channels, as the file has them.
    /// - Throws: ``TileError`` when the bytes are no picture, another one than `format` says, damaged or cut
    ///   short, or larger than `maximumSize`.
    public static func decode(
        _ bytes: [UInt8], format: TileFormat? = nil, maximumSize: Int = 16384
    ) throws(TileError) -> Picture {
        guard let found = TileFormat(signatureOf: bytes) else {
            throw .unrecognised(
                "the first of \(bytes.count) bytes fit none of PNG, JPEG and WebP")
        }
        if let format, format != found {
            throw .malformed(format: format, reason: "its bytes are \(found.rawValue.uppercased())")
        }
        switch found {
        case .png: return try decodePNG(bytes, maximumSize)
        case .jpeg: return try decodeJPEG(bytes, maximumSize)
        case .webp: return try decodeWebP(bytes, maximumSize)
        case .fits: throw .unrecognised("they are a FITS file, which holds values; read it as such")
        }
    }

    static func checkSize(
        _ width: Int, _ height: Int, _ maximumSize: Int
    ) throws(TileError) {
        guard width <= maximumSize, height <= maximumSize else {
            throw .tooLarge("\(width) x \(height) where at most \(maximumSize) a side are accepted")
        }
    }
}
