internal import CPNGShims
internal import Glibc

extension PictureDecoder {
    static func decodePNG(_ bytes: [UInt8], _ maximumSize: Int) throws(TileError) -> Picture {
        // The header's sizes are looked at here because libpng's own message does not name them.
        if bytes.count >= 24 {
            func size(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
            try checkSize(size(at: 16), size(at: 20), maximumSize)
        }
        if let plain = bytes.withUnsafeBufferPointer({ PlainPNG($0)?.decode() }) { return plain }
        var picture = tessera_png_picture()
        let failure = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message -> String? in
            message.initialize(repeating: 0)
            let limit = UInt32(clamping: maximumSize)
            let done = tessera_png_decode(
                bytes, bytes.count, limit, &picture, message.baseAddress, message.count)
            return done == 1 ? nil : String(cString: message.baseAddress!)
        }
        if let failure { throw .malformed(format: .png, reason: failure) }
        defer { free(picture.samples) }
        let (width, height, channels) = (Int(picture.width), Int(picture.height), Int(picture.channels))
        let samples = [UInt8](
            UnsafeBufferPointer(start: picture.samples, count: width * height * channels))
        return Picture(width: width, height: height, channels: channels, samples: samples)
    }
}
