internal import FITS
internal import HEALPix
internal import HiPS
internal import Pixels
internal import Rasters
internal import Storage
internal import Tiles

/// Writes the Allsky pictures of orders 0 to 3: every tile of an order at 64 x 64 pixels on one sheet.
struct AllskyWriter<Sample: TilePixel> {
    let plan: TilePlan
    let files: any FileStore

    /// - Returns: the bytes written.
    func write(_ reduced: [ReducedTile<Sample>]) throws(TilerError) -> Int {
        var bytes = 0
        let last = min(WorkerOutput<Sample>.lastAllskyOrder, plan.leafOrder.value)
        for value in 0...last {
            guard let order = Order(value) else { continue }
            bytes += try write(order, reduced.filter { $0.cell.order == order })
        }
        return bytes
    }

    private func write(_ order: Order, _ tiles: [ReducedTile<Sample>]) throws(TilerError) -> Int {
        let layout = AllskyLayout(order: order, tileWidth: tileWidth)
        let width = layout.columns * layout.side
        let height = layout.rows * layout.side
        let nothing = Sample.blank(plan.source.plan) ?? Sample.defaultBlank
        let sheet = UnsafeMutablePointer<Sample>.allocate(capacity: width * height)
        sheet.initialize(repeating: nothing, count: width * height)
        defer { sheet.deallocate() }
        for tile in tiles {
            guard let place = layout.position(of: tile.cell.npix) else { continue }
            for row in 0..<layout.side {
                for column in 0..<layout.side {
                    let target = (place.row * layout.side + row) * width + place.column * layout.side + column
                    sheet[target] = tile.samples[row * layout.side + column]
                }
            }
        }
        var total = 0
        for format in plan.formats {
            let bytes = try encode(sheet, width, height, format, blank: Sample.blank(plan.source.plan))
            try files.put(bytes, at: "Norder\(order.value)/Allsky.\(format.fileExtension)")
            total += bytes.count
        }
        return total
    }

    private func encode(
        _ sheet: UnsafeMutablePointer<Sample>, _ width: Int, _ height: Int, _ format: TileFormat,
        blank: Sample?
    ) throws(TilerError) -> [UInt8] {
        let count = width * height
        if format == .fits { return try fitsSheet(sheet, width, height) }
        let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * count)
        let painted = UnsafeMutablePointer<UInt8>.allocate(capacity: 4 * count)
        defer {
            scratch.deallocate()
            painted.deallocate()
        }
        let channels = Sample.paint(
            sheet, count: count, blank: blank, opaque: blank == nil, keepsAlpha: format != .jpeg,
            palette: plan.palette, scratch: scratch, into: painted)
        // The span lives no longer than this call, in which the painted channels stay as they are.
        let span = Span(_unsafeStart: UnsafePointer(painted), count: count * channels)
        return try PictureEncoder().encode(
            span, width: width, height: height, channels: channels, format: format)
    }

    private func fitsSheet(
        _ sheet: UnsafeMutablePointer<Sample>, _ width: Int, _ height: Int
    ) throws(TilerError) -> [UInt8] {
        let flipped = UnsafeMutablePointer<Sample>.allocate(capacity: width * height)
        defer { flipped.deallocate() }
        for row in 0..<height {
            (flipped + row * width).update(from: sheet + (height - 1 - row) * width, count: width)
        }
        var cards: [FITSCard] = []
        if let blank = plan.source.plan.blank {
            cards.append(FITSCard("BLANK", .integer(Int64(blank)), comment: "no data"))
        }
        do {
            return try Sample.fitsFile(
                flipped, width: width, height: height, cards: cards, encoder: FITSImageEncoder()) ?? []
        } catch {
            throw .fits(error)
        }
    }
}
