internal import FITS
internal import HEALPix
internal import HiPS
internal import Pixels
internal import Rasters
internal import Storage
internal import Tiles

/// Turns tiles into files; one per worker, its scratch memory reused.
final class TileEncoder<Sample: TilePixel> {
    private let plan: TilePlan
    private let files: any FileStore
    private let fits = FITSImageEncoder()
    private let pictures = PictureEncoder()
    private let flipped: UnsafeMutablePointer<Sample>
    private let scratch: UnsafeMutablePointer<UInt8>
    private let painted: UnsafeMutablePointer<UInt8>
    private let count = tileWidth * tileWidth

    init(plan: TilePlan, files: any FileStore) {
        self.plan = plan
        self.files = files
        flipped = .allocate(capacity: count)
        scratch = .allocate(capacity: 2 * count)
        scratch.initialize(repeating: 0, count: 2 * count)
        painted = .allocate(capacity: 4 * count)
        painted.initialize(repeating: 0, count: 4 * count)
    }

    deinit {
        flipped.deallocate()
        scratch.deallocate()
        painted.deallocate()
    }

    /// Writes a tile in every format of the plan.
    /// - Returns: the bytes written.
    func write(
        _ samples: UnsafePointer<Sample>, _ tile: Cell, blank: Sample?, opaque: Bool
    ) throws(TilerError) -> Int {
        var total = 0
        for format in plan.formats {
            let bytes: [UInt8]
            if format == .fits {
                bytes = try fitsFile(samples, tile)
            } else {
                bytes = try picture(samples, format, blank: blank, opaque: opaque)
            }
            try files.put(bytes, at: tile.tilePath(format))
            total += bytes.count
        }
        return total
    }

    private func fitsFile(_ samples: UnsafePointer<Sample>, _ tile: Cell) throws(TilerError) -> [UInt8] {
        // The first row of a FITS file is the lowest: x runs from the top of the picture.
        for row in 0..<tileWidth {
            (flipped + row * tileWidth).update(
                from: samples + (tileWidth - 1 - row) * tileWidth, count: tileWidth)
        }
        do {
            let bytes = try Sample.fitsFile(
                flipped, width: tileWidth, height: tileWidth, cards: TileCards.cards(for: tile, plan),
                encoder: fits)
            return bytes ?? []
        } catch {
            throw .fits(error)
        }
    }

    /// A tile as a picture: what cannot be seen through, as black where there is no data.
    private func picture(
        _ samples: UnsafePointer<Sample>, _ format: TileFormat, blank: Sample?, opaque: Bool
    ) throws(TilerError) -> [UInt8] {
        let channels = Sample.paint(
            samples, count: count, blank: blank, opaque: opaque, keepsAlpha: format != .jpeg,
            palette: plan.palette, scratch: scratch, into: painted)
        // The span lives no longer than this call, in which the painted channels stay as they are.
        let span = Span(_unsafeStart: UnsafePointer(painted), count: count * channels)
        return try pictures.encode(
            span, width: tileWidth, height: tileWidth, channels: channels, format: format)
    }
}
