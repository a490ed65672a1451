internal import Tiles

/// A picture as numbers of at most 256 colours: its own where they are no more, else the means of boxes of like colours.
struct PalettePicture {
    /// Red, green, blue and alpha; transparent entries first.
    private(set) var palette: [SIMD4<UInt8>]
    /// The entry of each pixel.
    private(set) var indices: [UInt8]

    /// nil for a picture without pixels.
    ///
    /// - Parameter cancelled: Whether nobody waits for it any more; asked between the passes over the pixels.
    /// - Throws: ``MapsError/cancelled``.
    init?(_ picture: Picture, cancelled: () -> Bool = { false }) throws(MapsError) {
        let pixels = Self.pixels(picture)
        guard !pixels.isEmpty else { return nil }
        if cancelled() { throw .cancelled }
        if let exact = Self.exact(pixels) {
            (palette, indices) = exact
        } else {
            if cancelled() { throw .cancelled }
            (palette, indices) = ColourBoxes(pixels).result
        }
    }

    /// The pixels as RGBA; colours that cannot be seen are all the same.
    private static func pixels(_ picture: Picture) -> [SIMD4<UInt8>] {
        let channels = picture.channels
        return (0..<picture.width * picture.height).map { i in
            let at = i * channels
            let s = picture.samples
            switch channels {
            case 1: return SIMD4(s[at], s[at], s[at], 255)
            case 2: return s[at + 1] == 0 ? SIMD4() : SIMD4(s[at], s[at], s[at], s[at + 1])
            case 3: return SIMD4(s[at], s[at + 1], s[at + 2], 255)
            default: return s[at + 3] == 0 ? SIMD4() : SIMD4(s[at], s[at + 1], s[at + 2], s[at + 3])
            }
        }
    }

    /// nil when there are more than 256 colours.
    private static func exact(_ pixels: [SIMD4<UInt8>]) -> ([SIMD4<UInt8>], [UInt8])? {
        // An open table of a power of two, four times as large as the most that it will hold.
        let size = 1024
        var keys = [UInt32](repeating: 0, count: size)
        var numbers = [Int16](repeating: -1, count: size)
        var colours: [SIMD4<UInt8>] = []
        var indices = [UInt8](repeating: 0, count: pixels.count)
        var (lastKey, lastNumber): (UInt32, UInt8) = (0, 0)
        for (i, pixel) in pixels.enumerated() {
            let key = unsafeBitCast(pixel, to: UInt32.self)
            if i > 0, key == lastKey {
                indices[i] = lastNumber
                continue
            }
            var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 22)
            while numbers[slot] >= 0, keys[slot] != key { slot = (slot + 1) & (size - 1) }
            if numbers[slot] < 0 {
                guard colours.count < 256 else { return nil }
                keys[slot] = key
                numbers[slot] = Int16(colours.count)
                colours.append(pixel)
            }
            (lastKey, lastNumber) = (key, UInt8(numbers[slot]))
            indices[i] = lastNumber
        }
        return Self.transparentFirst(colours, indices)
    }

    /// Sorts a palette so that its transparent entries come first.
    static func transparentFirst(
        _ colours: [SIMD4<UInt8>], _ indices: [UInt8]
    ) -> ([SIMD4<UInt8>], [UInt8]) {
        let isOpaque = colours.allSatisfy { $0.w == 255 }
        guard !isOpaque else { return (colours, indices) }
        let order = colours.indices.sorted { colours[$0].w < colours[$1].w }
        var place = [UInt8](repeating: 0, count: colours.count)
        for (new, old) in order.enumerated() { place[old] = UInt8(new) }
        return (order.map { colours[$0] }, indices.map { place[Int($0)] })
    }
}
