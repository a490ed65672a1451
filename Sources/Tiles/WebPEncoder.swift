internal import CWebP

/// Writes lossy WebP pictures with libwebp; each worker has one of its own and keeps it.
public final class WebPEncoder {
    /// The quality, 0 to 100 on the scale of libwebp.
    public let quality: Float
    private var expanded = ScratchBytes()

    /// Makes an encoder; its memory grows to the largest picture and is used again.
    ///
    /// - Parameter quality: Brought into 0...100.
    public init(quality: Float = 90) {
        self.quality = min(max(quality, 0), 100)
    }

    /// Writes one picture of 8 bits a channel; transparency is kept without loss.
    ///
    /// - Parameters:
    ///   - samples: `width * height * channels` samples, rows from the top, channels interleaved.
    ///   - width: Pixels in a row, at most 16383.
    ///   - height: Rows, at most 16383.
    ///   - channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; grey is stored as equal colours.
    /// - Returns: The file.
    /// - Throws: ``TileError`` when the sizes do not agree or libwebp refuses the picture.
    public func encode(
        _ samples: Span<UInt8>, width: Int, height: Int, channels: Int
    ) throws(TileError) -> [UInt8] {
        try checkShape(count: samples.count, width: width, height: height, channels: channels)
        guard width <= WEBP_MAX_DIMENSION, height <= WEBP_MAX_DIMENSION else {
            throw .tooLarge("\(width) x \(height) where WebP holds at most \(WEBP_MAX_DIMENSION) a side")
        }
        guard channels < 3 else {
            return try samples.withUnsafeBufferPointer { (source) throws(TileError) in
                try encodeColour(source, width: width, height: height, channels: channels)
            }
        }
        let pixels = width * height
        let target = expanded.reserve(pixels * (channels + 2))
        for pixel in 0..<pixels {
            let grey = samples[pixel * channels]
            let base = target + pixel * (channels + 2)
            base[0] = grey
            base[1] = grey
            base[2] = grey
            if channels == 2 { base[3] = samples[pixel * channels + 1] }
        }
        return try encodeColour(
            UnsafeBufferPointer(start: target, count: pixels * (channels + 2)), width: width, height: height,
            channels: channels + 2)
    }

    /// Writes one picture of 8 bits a channel; see ``encode(_:width:height:channels:)``.
    public func encode(_ picture: Picture) throws(TileError) -> [UInt8] {
        try encode(
            picture.samples.span, width: picture.width, height: picture.height, channels: picture.channels)
    }

    private func encodeColour(
        _ source: UnsafeBufferPointer<UInt8>, width: Int, height: Int, channels: Int
    ) throws(TileError) -> [UInt8] {
        var config = WebPConfig()
        var picture = WebPPicture()
        var writer = WebPMemoryWriter()
        guard WebPConfigInit(&config) != 0, WebPPictureInit(&picture) != 0 else {
            throw .library(
                format: .webp, reason: "the installed libwebp differs from the one compiled against")
        }
        config.quality = quality
        config.method = WebPEncoder.method
        picture.width = Int32(width)
        picture.height = Int32(height)
        WebPMemoryWriterInit(&writer)
        defer {
            WebPPictureFree(&picture)
            WebPMemoryWriterClear(&writer)
        }
        let stride = Int32(width * channels)
        let imported =
            channels == 4
            ? WebPPictureImportRGBA(&picture, source.baseAddress, stride)
            : WebPPictureImportRGB(&picture, source.baseAddress, stride)
        guard imported != 0 else { throw .library(format: .webp, reason: "libwebp had no memory") }
        // libwebp writes through the pointer only inside WebPEncode, which the closure's scope encloses.
        let encoded = withUnsafeMutablePointer(to: &writer) { pointer in
            picture.writer = WebPMemoryWrite
            picture.custom_ptr = UnsafeMutableRawPointer(pointer)
            return WebPEncode(&config, &picture) != 0
        }
        guard encoded else {
            throw .library(format: .webp, reason: "libwebp error \(picture.error_code.rawValue)")
        }
        return [UInt8](UnsafeBufferPointer(start: writer.mem, count: writer.size))
    }

    /// The effort of libwebp, 0 to 6.
    private static let method: Int32 = 2
}
