internal import Synchronization
public import Tiles

/// Encodes pictures of maps; may be used from many threads at a time.
public final class MapEncoder: Sendable {
    /// The quality of JPEG and WebP pictures, 1 to 100.
    public let quality: Int

    /// An encoder's scratch memory belongs to one thread at a time, which the pools see to.
    private struct Lent<Encoder>: @unchecked Sendable {
        let encoder: Encoder
    }

    private let pngs = Mutex<[Lent<PNGEncoder>]>([])
    private let jpegs = Mutex<[Lent<JPEGEncoder>]>([])
    private let webps = Mutex<[Lent<WebPEncoder>]>([])

    /// An encoder.
    public init(quality: Int = 85) {
        self.quality = min(max(quality, 1), 100)
    }

    /// Encodes a picture.
    ///
    /// Pictures without a transparent pixel lose their alpha channel, and grey ones their colours, wherever the format has
    /// a shorter form for them. Transparent pixels of JPEG pictures are white; their colours have half the resolution (4:2:0),
    /// as other map servers send them.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - format: The format.
    ///   - cancelled: Whether nobody waits for it any more; asked between the steps.
    /// - Throws: ``MapsError/encoding(reason:)``, ``MapsError/cancelled``.
    public func encode(
        _ picture: Picture, as format: MapFormat, cancelled: () -> Bool = { false }
    ) throws(MapsError) -> [UInt8] {
        if cancelled() { throw .cancelled }
        let plain = PlainPicture(picture, keepsAlpha: format.hasTransparency)
        if cancelled() { throw .cancelled }
        if format == .png8 { return try encodePalette(plain.picture, cancelled) }
        do {
            switch format {
            case .png, .png8: return try encodePNG(plain.picture)
            case .jpeg:
                let lent =
                    jpegs.withLock { $0.popLast() }
                    ?? Lent(encoder: JPEGEncoder(quality: quality, halvesColour: true))
                defer { jpegs.withLock { $0.append(lent) } }
                return try lent.encoder.encode(plain.picture)
            case .webp:
                let lent =
                    webps.withLock { $0.popLast() } ?? Lent(encoder: WebPEncoder(quality: Float(quality)))
                defer { webps.withLock { $0.append(lent) } }
                return try lent.encoder.encode(plain.picture)
            }
        } catch {
            throw .encoding(reason: error.description)
        }
    }

    private func encodePNG(_ picture: Picture) throws(TileError) -> [UInt8] {
        let lent = pngs.withLock { $0.popLast() } ?? Lent(encoder: PNGEncoder())
        defer { pngs.withLock { $0.append(lent) } }
        return try lent.encoder.encode(picture)
    }

    private func encodePalette(
        _ picture: Picture, _ cancelled: () -> Bool
    ) throws(MapsError) -> [UInt8] {
        let paletted = try PalettePicture(picture, cancelled: cancelled)
        if cancelled() { throw .cancelled }
        do {
            guard let paletted else { return try encodePNG(picture) }
            let lent = pngs.withLock { $0.popLast() } ?? Lent(encoder: PNGEncoder())
            defer { pngs.withLock { $0.append(lent) } }
            return try lent.encoder.encode(
                indices: paletted.indices.span, palette: paletted.palette, width: picture.width,
                height: picture.height)
        } catch {
            throw .encoding(reason: error.description)
        }
    }
}
