internal import Pixels
internal import Tiles

/// A picture with as few channels as show it whole.
struct PlainPicture {
    let picture: Picture

    /// Takes the channels out that say nothing.
    ///
    /// - Parameter keepsAlpha: Whether transparency may stay; otherwise what is transparent is laid on white, and the
    ///   fourth channel of a picture in colours stays for the encoder to pass over.
    init(_ given: Picture, keepsAlpha: Bool) {
        guard given.channels == 4 else {
            picture = given
            return
        }
        let count = given.width * given.height
        let (isOpaque, isGrey) = Self.look(given)
        let hasAlpha = keepsAlpha && !isOpaque
        if !isGrey, hasAlpha || (isOpaque && !keepsAlpha) {
            picture = given
            return
        }
        let channels = (isGrey ? 1 : 3) + (hasAlpha ? 1 : 0)
        let laysOnWhite = !isOpaque && !keepsAlpha
        if channels == 3, !laysOnWhite {
            // The last pixel is written with a byte more than it has.
            let samples = [UInt8](unsafeUninitializedCapacity: 4 * count) { out, initialised in
                given.samples.withUnsafeBytes { source in
                    guard let source = source.bindMemory(to: RGBA8.self).baseAddress,
                        let out = out.baseAddress
                    else { return }
                    RGBA8.packRGB(source, count: count, into: out)
                }
                initialised = 3 * count
            }
            picture = Picture(width: given.width, height: given.height, channels: 3, samples: samples)
            return
        }
        let samples = [UInt8](unsafeUninitializedCapacity: count * channels) { out, initialised in
            if channels == 1, !laysOnWhite {
                given.samples.withUnsafeBytes { source in
                    let pixels = source.bindMemory(to: UInt32.self)
                    for i in 0..<count {
                        out[i] = UInt8(truncatingIfNeeded: UInt32(littleEndian: pixels[i]))
                    }
                }
                initialised = count
                return
            }
            given.samples.withUnsafeBufferPointer { source in
                for i in 0..<count {
                    let pixel = source.baseAddress! + 4 * i
                    let target = out.baseAddress! + channels * i
                    if laysOnWhite {
                        let alpha = Int(pixel[3])
                        for channel in 0..<channels {
                            target[channel] = UInt8(
                                (Int(pixel[channel]) * alpha + 255 * (255 - alpha) + 127) / 255)
                        }
                        continue
                    }
                    target[0] = pixel[0]
                    target[1] = pixel[3]
                }
            }
            initialised = count * channels
        }
        picture = Picture(width: given.width, height: given.height, channels: channels, samples: samples)
    }

    /// Whether a picture of four channels is opaque everywhere, and whether it is grey everywhere.
    private static func look(_ picture: Picture) -> (isOpaque: Bool, isGrey: Bool) {
        picture.samples.withUnsafeBytes { bytes in
            var (common, difference) = (UInt32.max, UInt32.zero)
            for pixel in bytes.bindMemory(to: UInt32.self) {
                let pixel = UInt32(littleEndian: pixel)
                common &= pixel
                // Red beside green, and green beside blue.
                difference |= pixel ^ (pixel &>> 8)
            }
            return (common >> 24 == 255, difference & 0xFFFF == 0)
        }
    }
}
