internal import Pixels
internal import Tiles

/// A picture that layers are drawn onto.
struct Canvas {
    let width: Int
    let height: Int
    private let background: RGBA8?
    /// nil until the first layer.
    private var pixels: [RGBA8]?

    init(width: Int, height: Int, background: (red: UInt8, green: UInt8, blue: UInt8)?) {
        self.width = width
        self.height = height
        self.background = background.map { RGBA8(red: $0.red, green: $0.green, blue: $0.blue) }
    }

    /// Draws a layer over what is there.
    mutating func add(_ colours: [RGBA8], opacity: Double) {
        let factor = Float(min(max(opacity, 0), 1))
        guard var below = pixels else {
            let ground = background ?? RGBA8(channels: .zero)
            let isCopy = factor == 1 && background == nil
            pixels = isCopy ? colours : colours.map { Self.over($0, factor, ground) }
            return
        }
        pixels = nil
        below.withUnsafeMutableBufferPointer { target in
            colours.withUnsafeBufferPointer { source in
                for i in 0..<source.count {
                    target[i] = Self.over(source[i], factor, target[i])
                }
            }
        }
        pixels = below
    }

    /// One colour over another, neither multiplied with its opacity (Porter and Duff 1984, "over").
    @inline(__always)
    private static func over(_ above: RGBA8, _ opacity: Float, _ below: RGBA8) -> RGBA8 {
        let (top, bottom) = (above.channels, below.channels)
        if top.w == 255, opacity == 1 { return above }
        if top.w == 0 { return below }
        let a = Float(top.w) / 255 * opacity
        let b = Float(bottom.w) / 255 * (1 - a)
        let alpha = a + b
        guard alpha > 0 else { return RGBA8(channels: .zero) }
        let mixed =
            (SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: top)) * a + SIMD4<Float>(
                SIMD4<Int32>(truncatingIfNeeded: bottom)) * b) / alpha
        var result = RGBA8(clamping: mixed)
        result.channels.w = UInt8(min(255, alpha * 255 + 0.5))
        return result
    }

    /// The picture, RGBA.
    var picture: Picture {
        let count = width * height
        let drawn = pixels ?? [RGBA8](repeating: background ?? RGBA8(channels: .zero), count: count)
        let samples = drawn.withUnsafeBytes { bytes in [UInt8](bytes) }
        return Picture(width: width, height: height, channels: 4, samples: samples)
    }
}
