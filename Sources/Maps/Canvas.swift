internal import Pixels
internal import Tiles

/// A picture that layers are drawn onto.
struct Canvas {
    let width: Int
    let height: Int
    private let background: RGBA8?
    /// RGBA, as pictures have it; nil until the first layer.
    private var samples: [UInt8]?

    init(width: Int, height: Int, background: (red: UInt8, green: UInt8, blue: UInt8)?) {
        self.width = width
        self.height = height
        self.background = background.map { RGBA8(red: $0.red, green: $0.green, blue: $0.blue) }
    }

    /// Draws a layer over what is there.
    mutating func add(_ colours: [RGBA8], opacity: Double) {
        add(samples: colours.withUnsafeBytes { [UInt8]($0) }, opacity: opacity)
    }

    /// Draws a layer, RGBA, over what is there.
    mutating func add(samples layer: [UInt8], opacity: Double) {
        let factor = Float(min(max(opacity, 0), 1))
        guard var below = samples else {
            samples = layer
            guard factor < 1 || background != nil, factor < 1 || !Self.isOpaque(layer) else { return }
            let ground = background ?? RGBA8(channels: .zero)
            samples?.withUnsafeMutableBytes { bytes in
                let pixels = bytes.bindMemory(to: RGBA8.self)
                for i in pixels.indices { pixels[i] = Self.over(pixels[i], factor, ground) }
            }
            return
        }
        samples = nil
        below.withUnsafeMutableBytes { bytes in
            layer.withUnsafeBytes { source in
                let (target, source) = (bytes.bindMemory(to: RGBA8.self), source.bindMemory(to: RGBA8.self))
                for i in source.indices { target[i] = Self.over(source[i], factor, target[i]) }
            }
        }
        samples = below
    }

    /// Whether no pixel lets anything below it through.
    private static func isOpaque(_ samples: [UInt8]) -> Bool {
        samples.withUnsafeBytes { bytes in
            var common = UInt32.max
            for pixel in bytes.bindMemory(to: UInt32.self) { common &= pixel }
            return UInt32(littleEndian: common) >> 24 == 255
        }
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
        let blank = background ?? RGBA8(channels: .zero)
        let drawn =
            samples
            ?? [RGBA8](repeating: blank, count: width * height).withUnsafeBytes { [UInt8]($0) }
        return Picture(width: width, height: height, channels: 4, samples: drawn)
    }
}
