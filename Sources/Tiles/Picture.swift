/// A picture of 8 bits a channel in memory.
public struct Picture: Sendable, Equatable {
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; alpha is not premultiplied.
    public var channels: Int
    /// `width * height * channels` samples: rows from the top, channels interleaved.
    public var samples: [UInt8]

    /// Makes a picture; the encoders check that the number of samples agrees with the sizes.
    public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
    }
}

/// Checks what all encoders need: positive sizes, a sample for every channel and pixel.
func checkShape(count: Int, width: Int, height: Int, channels: Int) throws(TileError) {
    // No format here reaches 2^16 a side except PNG, and no tile or preview needs more.
    guard width <= 65535, height <= 65535 else {
        throw .tooLarge("\(width) x \(height) where at most 65535 a side can be encoded")
    }
    guard width > 0, height > 0, (1...4).contains(channels), count == width * height * channels else {
        throw .sampleCount(found: count, width: width, height: height, channels: channels)
    }
}
