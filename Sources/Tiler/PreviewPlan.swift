internal import Glibc
internal import HEALPix
internal import Pixels

/// A view of the body from far above the middle of the map: which tile gives each pixel of `preview.jpg`.
struct PreviewPlan: Sendable {
    /// Side of the picture in pixels.
    static let side = 256

    /// Where a pixel of the picture comes from.
    struct Source: Sendable {
        let pixel: Int
        let row: Int
        let column: Int
    }

    /// Order of the tiles that are looked at.
    let order: Order
    /// Each tile is first reduced by `2^reduction`.
    let reduction: Int
    /// Pixels of the picture by npix of the tile that shows there.
    let sources: [Int64: [Source]]

    /// - Parameters:
    ///   - centre: direction in the middle of the picture.
    ///   - fieldDegrees: width of the picture; 180 shows the hemisphere.
    init(centre: Direction, fieldDegrees: Double, leafOrder: Order) {
        let side = Self.side
        // The first HEALPix order whose pixels are no larger than the picture's in its middle.
        let radius = sin(min(fieldDegrees, 180) / 2 * .pi / 180)
        let pixel = 2 * radius / Double(side) * 180 / .pi
        var pixelOrder = 0
        while pixelOrder < leafOrder.value + tileWidthOrder,
            TilePlan.pixelDegrees(order: pixelOrder) * Double(tileWidth) > pixel
        {
            pixelOrder += 1
        }
        let tileOrder = min(max(pixelOrder - tileWidthOrder, 0), leafOrder.value)
        order = Order(tileOrder)!
        reduction = max(0, tileWidthOrder - (pixelOrder - tileOrder))
        let lookup = Order(tileOrder + tileWidthOrder - reduction)!
        var sources: [Int64: [Source]] = [:]
        let mask = Int64((tileWidth >> reduction) - 1)
        for v in 0..<side {
            for u in 0..<side {
                let x = (Double(u) + 0.5 - Double(side) / 2) / (Double(side) / 2) * radius
                let y = -(Double(v) + 0.5 - Double(side) / 2) / (Double(side) / 2) * radius
                guard let direction = Self.direction(x, y, centre),
                    let cell = Cell(containing: direction, order: lookup),
                    let tile = cell.ancestor(at: order)
                else { continue }
                sources[tile.npix, default: []].append(
                    Source(pixel: v * side + u, row: Int(cell.x & mask), column: Int(cell.y & mask)))
            }
        }
        self.sources = sources
    }

    /// Orthographic projection backwards, east to the right (Snyder 1987, p. 145); nil beyond the limb.
    private static func direction(_ x: Double, _ y: Double, _ centre: Direction) -> Direction? {
        let squared = x * x + y * y
        guard squared < 1 else { return nil }
        let cosine = (1 - squared).squareRoot()
        let latRad = asin(max(-1, min(1, cosine * sin(centre.latRad) + y * cos(centre.latRad))))
        let lonRad =
            centre.lonRad + atan2(x, cosine * cos(centre.latRad) - y * sin(centre.latRad))
        return Direction(lonRad: lonRad, latRad: latRad)
    }
}

/// The preview as far as a worker has painted it.
struct PreviewPicture: Sendable {
    private let plan: PreviewPlan
    /// RGB, black where nothing is known.
    private(set) var colours: [UInt8]

    init(_ plan: PreviewPlan) {
        self.plan = plan
        colours = [UInt8](repeating: 0, count: 3 * PreviewPlan.side * PreviewPlan.side)
    }

    /// Paints what a finished tile shows of the view.
    mutating func paint<Sample: TilePixel>(
        _ samples: UnsafePointer<Sample>, _ cell: Cell, blank: Sample?, palette: Palette?
    ) {
        guard cell.order == plan.order, let sources = plan.sources[cell.npix] else { return }
        let width = tileWidth >> plan.reduction
        let count = width * width
        let small = UnsafeMutablePointer<Sample>.allocate(capacity: count)
        let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * count)
        let painted = UnsafeMutablePointer<UInt8>.allocate(capacity: 4 * count)
        defer {
            small.deallocate()
            scratch.deallocate()
            painted.deallocate()
        }
        Sample.thumbnail(samples, width: tileWidth, side: 1 << plan.reduction, blank: blank, into: small)
        let channels = Sample.paint(
            small, count: count, blank: blank, opaque: blank == nil, keepsAlpha: false, palette: palette,
            scratch: scratch, into: painted)
        for source in sources {
            let from = (source.row * width + source.column) * channels
            for channel in 0..<3 {
                colours[3 * source.pixel + channel] = painted[from + (channels == 1 ? 0 : channel)]
            }
        }
    }

    /// Writes the pixels that are not black.
    func write(to writer: inout ByteWriter) {
        var painted: [UInt32] = []
        var channels: [UInt8] = []
        for pixel in 0..<(colours.count / 3) {
            let colour = colours[(3 * pixel)..<(3 * pixel + 3)]
            guard colour.contains(where: { $0 != 0 }) else { continue }
            painted.append(UInt32(pixel))
            channels += colour
        }
        writer.add(painted)
        writer.add(channels)
    }

    /// Reads what ``write(to:)`` wrote.
    /// - Returns: whether it was whole.
    mutating func read(from reader: inout ByteReader) -> Bool {
        guard let painted = reader.array(of: UInt32.self), let channels = reader.array(of: UInt8.self),
            channels.count == 3 * painted.count, painted.allSatisfy({ 3 * Int($0) + 2 < colours.count })
        else { return false }
        for (place, pixel) in painted.enumerated() {
            for channel in 0..<3 { colours[3 * Int(pixel) + channel] = channels[3 * place + channel] }
        }
        return true
    }

    /// Takes over what another worker painted: each pixel belongs to one tile, so one of the two is black.
    mutating func add(_ other: PreviewPicture) {
        for i in colours.indices { colours[i] |= other.colours[i] }
    }
}
