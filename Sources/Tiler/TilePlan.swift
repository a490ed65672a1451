public import HEALPix
public import HiPS
internal import MOC
public import Pixels
public import Rasters
public import Tiles

/// Everything that decides the bytes of a HiPS, settled before the first tile.
public struct TilePlan: Sendable {
    /// Body and name of the map.
    public let map: MapName
    /// The source.
    public let source: RasterSource
    /// Order of the leaves.
    public let leafOrder: Order
    /// Formats of the tiles.
    public let formats: [TileFormat]
    /// How samples become pixels.
    public let resampling: Resampling
    /// How values become colours; nil for colour sources.
    public let palette: Palette?
    /// How colours of more than 8 bits become bytes; nil otherwise.
    public let colourStretch: ByteStretch?
    /// Order of the coverage map.
    public let mocOrder: Order
    /// Order of the subtrees that are the units of work.
    public let unitOrder: Order
    /// Order of the cells whose source window is read at once; may lie below the leaves.
    public let windowOrder: Order
    /// Bytes of a source window that a worker should not exceed by much.
    public let windowBytes: Int
    /// For `average`: sub-pixels are `2^averagingLevels` to a side at the equator.
    public let averagingLevels: Int

    /// Subtrees that the work is divided into at least, where there are as many: enough for a few to each worker.
    private static let leastUnits = 64

    init(
        map: MapName, source: RasterSource, leafOrder: Order, formats: [TileFormat], resampling: Resampling,
        palette: Palette?, colourStretch: ByteStretch?, mocOrder: Order, windowBytes: Int
    ) {
        self.map = map
        self.source = source
        self.leafOrder = leafOrder
        self.formats = formats
        self.resampling = resampling
        self.palette = palette
        self.colourStretch = colourStretch
        self.mocOrder = mocOrder
        self.windowBytes = windowBytes
        let leaf = leafOrder.value
        let unit = Self.unitOrder(source, leaf)
        unitOrder = Order(unit)!
        averagingLevels = resampling == .average ? Self.levels(source, leaf) : 0
        let deepest = resampling == .average ? leaf + averagingLevels : min(leaf + tileWidthOrder - 2, 20)
        var window = max(unit, min(leaf - 2, deepest))
        while window < deepest, !Self.windowFits(source, window, Double(windowBytes)) { window += 1 }
        windowOrder = Order(window)!
    }

    /// Order 3, or deeper where the map covers so little that there would not be enough units: not deeper than two
    /// orders above the leaves, where a unit is what one source window serves.
    private static func unitOrder(_ source: RasterSource, _ leaf: Int) -> Int {
        let deepest = max(leaf - 2, 0)
        var unit = min(deepest, 3)
        var cells = cells(of: source, at: Order(unit)!)
        while unit < deepest, cells.count < leastUnits {
            cells = cells.flatMap(\.children).filter { touches($0, source.placement) }
            unit += 1
        }
        return unit
    }

    /// Sub-pixels no larger than the source's pixels, at the equator.
    private static func levels(_ source: RasterSource, _ leaf: Int) -> Int {
        let ratio = pixelDegrees(order: leaf) / source.resolutionDegrees
        let wanted = ratio > 1 ? Int(ratio.binaryLogarithm.rounded(.up)) : 0
        return min(wanted, tileWidthOrder, 29 - tileWidthOrder - leaf)
    }

    /// Whether a source window of a cell keeps to the budget: that of an equatorial cell, and that of a cell at a
    /// pole, which is low but a quarter of the turn wide.
    private static func windowFits(_ source: RasterSource, _ order: Int, _ budget: Double) -> Bool {
        // What is read of projected sources is worked out leaf by leaf.
        guard case .grid(let grid) = source.placement else { return true }
        let side = Double(1 << order)
        func bytes(longitudes: Double, latitudes: Double) -> Double {
            min(longitudes / grid.longitudeStep, Double(grid.columns) + 4)
                * min(latitudes / grid.latitudeStep, Double(grid.rows) + 4)
                * Double(source.plan.kind.bytes + (source.plan.mayBeInvalid ? 1 : 0))
        }
        let equatorial = bytes(longitudes: 90 / side * 1.5, latitudes: 90 / side)
        let polar = bytes(longitudes: 90, latitudes: 48 / side)
        return equatorial <= budget
            && (polar <= 2 * budget || grid.northEdge < 60 && grid.southEdge > -60)
    }

    /// Side of a tile's pixel in degrees: the root of its area.
    /// - Parameter order: the tile's order.
    public static func pixelDegrees(order: Int) -> Double {
        // sqrt(pi / 3) radian is the side of a square with the area of a cell of order 0.
        (Double.pi / 3).squareRoot() * 180 / .pi / Double(tileWidth) / Double(1 << order)
    }

    /// The first order whose pixel is at most 10 % larger than the source's at the equator, at least 1: Aladin
    /// Lite cannot show order 0 alone.
    public static func naturalOrder(of source: RasterSource) -> Order {
        var order = 1
        while order < 29 - tileWidthOrder, pixelDegrees(order: order) > 1.1 * source.resolutionDegrees {
            order += 1
        }
        return Order(order)!
    }

    /// Cells of an order that may touch the source, found by descent from the 12 base cells.
    func cells(at order: Order) -> [Cell] { Self.cells(of: source, at: order) }

    private static func cells(of source: RasterSource, at order: Order) -> [Cell] {
        var cells = Cell.bases.filter { touches($0, source.placement) }
        for _ in 0..<order.value {
            cells = cells.flatMap(\.children).filter { touches($0, source.placement) }
        }
        return cells
    }

    /// Whether a cell's bounds meet the source's.
    func touches(_ cell: Cell) -> Bool { Self.touches(cell, source.placement) }

    private static func touches(_ cell: Cell, _ placement: SourcePlacement) -> Bool {
        switch placement {
        case .grid(let grid): touches(cell, grid)
        case .projected(let map): map.footprint.intersects(cell)
        }
    }

    private static func touches(_ cell: Cell, _ grid: SourceGrid) -> Bool {
        let bounds = cell.bounds
        let degrees = 180 / Double.pi
        let slack = 1e-9
        guard bounds.northRad * degrees >= grid.southEdge - slack,
            bounds.southRad * degrees <= grid.northEdge + slack
        else { return false }
        if grid.wraps { return true }
        // Longitudes are compared as distances of the middles around the circle.
        let middle = (bounds.westRad + bounds.eastRad) / 2 * degrees
        let halfCell = (bounds.eastRad - bounds.westRad) / 2 * degrees
        let halfGrid = grid.longitudeSpan / 2
        var distance = (middle - grid.westEdge - halfGrid).truncatingRemainder(dividingBy: 360)
        if distance < 0 { distance += 360 }
        return min(distance, 360 - distance) <= halfCell + halfGrid + slack
    }

    /// Tiles of every order from 0 to the leaves that may hold data.
    ///
    /// Counted cell by cell while there are few, and from then on four to each: a fair estimate, as the share of
    /// cells at the border falls with every order.
    public func tileCounts() -> [Int] {
        var counts: [Int] = []
        var cells = Cell.bases.filter(touches)
        var scaled = 0
        for _ in 0...leafOrder.value {
            if scaled > 0 {
                counts.append(scaled)
                scaled *= 4
                continue
            }
            counts.append(cells.count)
            if cells.count > 20_000 || cells.count == 12 << (2 * (counts.count - 1)) && isComplete {
                scaled = cells.count * 4
            } else {
                cells = cells.flatMap(\.children).filter(touches)
            }
        }
        return counts
    }

    /// Whether the source covers the whole body.
    private var isComplete: Bool {
        source.placement.isComplete
    }
}

extension SampleKind {
    /// Bytes of a sample in memory.
    var bytes: Int {
        switch self {
        case .uint8: 1
        case .int16: 2
        case .int32, .float32, .colour: 4
        case .float64: 8
        }
    }
}

extension Double {
    fileprivate var binaryLogarithm: Double {
        var value = self
        var result = 0.0
        while value >= 2 {
            value /= 2
            result += 1
        }
        // Only the ceiling is asked for: anything above a whole power counts as the next.
        return value > 1 ? result + 0.5 : result
    }
}
