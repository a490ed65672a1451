internal import CWebP

extension PictureDecoder {
    static func decodeWebP(_ bytes: [UInt8], _ maximumSize: Int) throws(TileError) -> Picture {
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else {
            throw .malformed(format: .webp, reason: "its header is damaged or cut short")
        }
        let (width, height) = (Int(features.width), Int(features.height))
        try checkSize(width, height, maximumSize)
        guard features.has_animation == 0 else {
            throw .malformed(format: .webp, reason: "it is an animation, not one picture")
        }
        let channels = features.has_alpha != 0 ? 4 : 3
        let count = width * height * channels
        var isDecoded = false
        let samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            let stride = Int32(width * channels)
            let decode = channels == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto
            isDecoded = decode(bytes, bytes.count, buffer.baseAddress, count, stride) != nil
            initialised = isDecoded ? count : 0
        }
        guard isDecoded else {
            throw .malformed(format: .webp, reason: "its data are damaged or cut short")
        }
        return Picture(width: width, height: height, channels: channels, samples: samples)
    }
}
