internal import FITS
internal import HEALPix
internal import HiPS
internal import Pixels
internal import Tiles

/// A picture that is put together of reduced tiles: a parent or an Allsky.
struct RepairMosaic {
    /// A tile, reduced, and the place of its upper left corner as it is seen.
    struct Piece: Sendable {
        let image: RepairImage
        let samples: any RepairSamples
        let row: Int
        let column: Int

        /// - Parameter side: of the tile once it is reduced.
        init(_ image: RepairImage, side: Int, row: Int, column: Int) {
            self.image = image
            samples = image.samples.reduced(to: side)
            self.row = row
            self.column = column
        }
    }

    let format: TileFormat
    let width: Int
    let height: Int

    /// The file.
    /// - Parameter cell: whose tile it is, for the header of a FITS file; nil for an Allsky.
    /// - Throws: ``PixelImage/Failure`` where the pieces do not go together.
    func file(_ pieces: [Piece], cell: Cell?) throws(PixelImage.Failure) -> [UInt8] {
        guard let first = pieces.first else {
            throw PixelImage.Failure(reason: "there is no tile to make it of")
        }
        guard pieces.allSatisfy(\.image.isUnscaled) else {
            throw PixelImage.Failure(reason: "its tiles have a BSCALE or a BZERO, which is not written")
        }
        let parts = pieces.map { piece in
            let seen = format == .fits ? height - piece.row - piece.samples.width : piece.row
            return RepairPart(samples: piece.samples, row: seen, column: piece.column)
        }
        guard let samples = first.samples.mosaic(width: width, height: height, parts: parts) else {
            throw PixelImage.Failure(
                reason: "its tiles differ in BITPIX or BLANK, or have no BLANK for what they leave open")
        }
        do {
            if format != .fits { return try picture(samples, isGrey: pieces.allSatisfy(\.image.isGrey)) }
            var cards: [FITSCard] = []
            if let cell {
                cards.append(FITSCard("ORDER", .integer(Int64(cell.order.value))))
                cards.append(FITSCard("NPIX", .integer(cell.npix)))
            }
            cards += first.image.cards.filter { $0.keyword != "BSCALE" && $0.keyword != "BZERO" }
            return try values(samples, cards)
        } catch {
            throw PixelImage.Failure(reason: "\(error)")
        }
    }

    private func values(_ samples: any RepairSamples, _ cards: [FITSCard]) throws -> [UInt8] {
        switch samples {
        case let grid as RepairGrid<UInt8>: try encode(grid.values, cards)
        case let grid as RepairGrid<Int16>: try encode(grid.values, cards)
        case let grid as RepairGrid<Int32>: try encode(grid.values, cards)
        case let grid as RepairGrid<Float>: try encode(grid.values, cards)
        case let grid as RepairGrid<Double>: try encode(grid.values, cards)
        default: throw PixelImage.Failure(reason: "its samples are colours")
        }
    }

    private func encode<T: FITSSample>(_ values: [T], _ cards: [FITSCard]) throws -> [UInt8] {
        try FITSImageEncoder().encode(values.span, width: width, height: height, cards: cards)
    }

    private func picture(_ samples: any RepairSamples, isGrey: Bool) throws -> [UInt8] {
        guard let grid = samples as? RepairGrid<RGBA8> else {
            throw PixelImage.Failure(reason: "its samples are values")
        }
        let hasAlpha = format != .jpeg && grid.values.contains { $0.channels.w == 0 }
        let channels = (isGrey ? 1 : 3) + (hasAlpha ? 1 : 0)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(grid.values.count * channels)
        for pixel in grid.values {
            bytes.append(pixel.channels.x)
            if !isGrey {
                bytes.append(pixel.channels.y)
                bytes.append(pixel.channels.z)
            }
            if hasAlpha { bytes.append(pixel.channels.w) }
        }
        let picture = Picture(width: width, height: height, channels: channels, samples: bytes)
        switch format {
        case .jpeg: return try JPEGEncoder(quality: 90).encode(picture)
        case .webp: return try WebPEncoder(quality: 90).encode(picture)
        default: return try PNGEncoder().encode(picture)
        }
    }
}
