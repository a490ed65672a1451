public import HEALPix

/// The cells of one order that pixels of HiPS tiles cover: each pixel is a cell itself (IVOA HiPS 1.0, section 4.1).
///
/// However fine the pixels are, the ranges of a tile are no more than half its cells of that order.
public struct TilePixels: Sendable {
    /// Pixels along a side of a tile.
    public let width: Int
    private let tileOrder: Order
    private let pixelOrder: Order
    private let order: Order
    private let mode: CellMode

    /// - Parameters:
    ///   - tileOrder: of the tiles.
    ///   - width: a power of 2.
    ///   - order: of the cells that are wanted.
    ///   - mode: whether a cell of many pixels is covered by any of them, or by one of those at its centre.
    /// - Returns: nil when the width is no power of 2, or the pixels would be of an order above 29.
    public init?(tileOrder: Order, width: Int, order: Order, mode: CellMode) {
        guard width > 0, width & (width - 1) == 0,
            let pixelOrder = Order(tileOrder.value + width.trailingZeroBitCount)
        else { return nil }
        self.width = width
        self.tileOrder = tileOrder
        self.pixelOrder = pixelOrder
        self.order = order
        self.mode = mode
    }

    /// The cells of the pixels of a tile that count.
    ///
    /// - Parameters:
    ///   - tile: of the order of the tiles.
    ///   - counts: asked for each pixel, by HEALPix's x and y in the tile; in centre mode only for those at the centre of a
    ///     cell.
    /// - Returns: ranges at order 29 of whole cells, ascending and apart from each other.
    public func ranges(of tile: Cell, where counts: (_ x: Int, _ y: Int) -> Bool) -> [Range<Int64>] {
        precondition(tile.order == tileOrder, "a tile of order \(tile.order) where \(tileOrder) is expected")
        let deepest = Order.maximum.value
        let pixelShift = Int64(2 * (deepest - pixelOrder.value))
        let cellShift = max(pixelShift, Int64(2 * (deepest - order.value)))
        let first = tile.npix * Int64(width * width)
        // In centre mode a cell of many pixels has its centre in the corners of four.
        let side = Int64(1) << ((cellShift - pixelShift) / 2)
        let isChoosy = mode == .centre && side > 1
        let middles = side / 2 - 1...side / 2
        let (left, top) = (tile.x * Int64(width), tile.y * Int64(width))
        var ranges: [Range<Int64>] = []
        for index in 0..<width * width {
            let start = (((first + Int64(index)) << pixelShift) >> cellShift) << cellShift
            let end = start + 1 << cellShift
            // Pixels of a cell follow each other, and one of them is enough.
            if let last = ranges.last, start < last.upperBound { continue }
            let (x, y) = (Self.evenBits(index), Self.evenBits(index >> 1))
            if isChoosy,
                !middles.contains((left + Int64(x)) % side) || !middles.contains((top + Int64(y)) % side)
            {
                continue
            }
            guard counts(x, y) else { continue }
            if let last = ranges.last, last.upperBound == start {
                ranges[ranges.count - 1] = last.lowerBound..<end
            } else {
                ranges.append(start..<end)
            }
        }
        return ranges
    }

    /// The number that every other bit of a number makes.
    private static func evenBits(_ number: Int) -> Int {
        var result = 0
        var rest = number
        var place = 0
        while rest > 0 {
            result |= (rest & 1) << place
            rest >>= 2
            place += 1
        }
        return result
    }
}
