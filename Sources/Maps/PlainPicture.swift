internal import Tiles

/// A picture with as few channels as show it whole.
struct PlainPicture {
    let picture: Picture

    /// Takes the channels out that say nothing.
    ///
    /// - Parameter keepsAlpha: Whether transparency may stay; otherwise what is transparent is laid on white.
    init(_ given: Picture, keepsAlpha: Bool) {
        guard given.channels == 4 else {
            picture = given
            return
        }
        let count = given.width * given.height
        var (isOpaque, isGrey) = (true, true)
        given.samples.withUnsafeBufferPointer { samples in
            var (alpha, difference) = (UInt8(255), UInt8(0))
            for i in 0..<count {
                let (r, g, b) = (samples[4 * i], samples[4 * i + 1], samples[4 * i + 2])
                alpha &= samples[4 * i + 3]
                difference |= (r ^ g) | (g ^ b)
            }
            (isOpaque, isGrey) = (alpha == 255, difference == 0)
        }
        let hasAlpha = keepsAlpha && !isOpaque
        if hasAlpha, !isGrey {
            picture = given
            return
        }
        let channels = (isGrey ? 1 : 3) + (hasAlpha ? 1 : 0)
        let laysOnWhite = !isOpaque && !keepsAlpha
        let samples = [UInt8](unsafeUninitializedCapacity: count * channels) { out, initialised in
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
                    if !isGrey {
                        target[1] = pixel[1]
                        target[2] = pixel[2]
                    }
                    if hasAlpha { target[1] = pixel[3] }
                }
            }
            initialised = count * channels
        }
        picture = Picture(width: given.width, height: given.height, channels: channels, samples: samples)
    }
}
