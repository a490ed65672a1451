internal import CKernelShims
internal import Pixels

/// A tile of colours: three bytes for each where all are opaque, as most tiles are, so that more of them fit into memory.
final class ColourTile: SampleTile, @unchecked Sendable {
    let width: Int
    /// Colours without their fourth channel; nil where some are transparent.
    private let opaque: UnsafeMutablePointer<UInt8>?
    /// All four channels where some are transparent.
    private let transparent: DecodedTile<RGBA8>?

    init(width: Int, blank: RGBA8?, fill: (UnsafeMutablePointer<RGBA8>) -> Void) {
        let tile = DecodedTile(width: width, blank: blank, fill: fill)
        self.width = width
        guard tile.blank == nil, tile.isOpaque else {
            (opaque, transparent) = (nil, tile)
            return
        }
        let bytes = Self.allocate(width)
        tile.packRGB(into: bytes)
        (opaque, transparent) = (bytes, nil)
    }

    /// A tile of opaque colours.
    ///
    /// - Parameter colours: `3 * width * width` bytes.
    init(width: Int, opaque colours: [UInt8]) {
        let bytes = Self.allocate(width)
        bytes.update(from: colours, count: 3 * width * width)
        self.width = width
        (opaque, transparent) = (bytes, nil)
    }

    deinit { opaque?.deallocate() }

    /// Interpolation at the last row and column reads one more of each with weight 0, and two bytes with them.
    private static func allocate(_ width: Int) -> UnsafeMutablePointer<UInt8> {
        let count = byteCount(width)
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        (bytes + 3 * width * width).initialize(repeating: 0, count: count - 3 * width * width)
        return bytes
    }

    private static func byteCount(_ width: Int) -> Int { 3 * (width * width + width + 1) + 2 }

    var byteCount: Int { transparent?.byteCount ?? Self.byteCount(width) }

    var blank: RGBA8? { transparent?.blank }

    func sample(at index: Int) -> RGBA8 {
        guard let opaque else { return transparent?.sample(at: index) ?? .defaultBlank }
        let colour = opaque + 3 * index
        return RGBA8(red: colour[0], green: colour[1], blue: colour[2])
    }

    func fetch(_ index: Int) {
        if let opaque { tessera_prefetch(opaque + 3 * index) } else { transparent?.fetch(index) }
    }

    func draw(
        x: UnsafePointer<Double>, originX: Double, y: UnsafePointer<Double>, originY: Double, count: Int,
        into out: UnsafeMutablePointer<RGBA8>
    ) {
        if let opaque {
            RGBA8.drawOpaque(
                opaque, width: width, x: x, originX: originX, y: y, originY: originY, count: count, into: out)
        } else {
            transparent?.draw(x: x, originX: originX, y: y, originY: originY, count: count, into: out)
        }
    }

    func halve(into out: UnsafeMutablePointer<RGBA8>, outStride: Int) {
        guard opaque != nil else {
            transparent?.halve(into: out, outStride: outStride)
            return
        }
        let whole = DecodedTile<RGBA8>(width: width, blank: nil) { samples in
            for i in 0..<width * width { samples[i] = sample(at: i) }
        }
        whole.halve(into: out, outStride: outStride)
    }
}

extension DecodedTile<RGBA8> {
    /// Whether no colour lets anything through.
    fileprivate var isOpaque: Bool {
        (0..<width * width).allSatisfy { sample(at: $0).channels.w == 255 }
    }

    fileprivate func packRGB(into bytes: UnsafeMutablePointer<UInt8>) {
        for i in 0..<width * width {
            let colour = sample(at: i).channels
            (bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]) = (colour.x, colour.y, colour.z)
        }
    }
}
