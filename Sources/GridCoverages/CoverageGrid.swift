public import Maps

/// A rectified grid: the box of a coordinate reference system and the pixels that it is divided into.
///
/// Columns run in the direction of x, rows against that of y. The origin is the outer corner of the first pixel; documents
/// of WCS 2.0 give its centre (OGC 09-146r2, 8.2.2), half a pixel inside.
public struct CoverageGrid: Sendable, Hashable {
    /// The x of the left edge.
    public let originX: Double
    /// The y of the upper edge.
    public let originY: Double
    /// The length of a pixel in x, positive.
    public let pixelWidth: Double
    /// The length of a pixel in y, positive.
    public let pixelHeight: Double
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int

    /// A grid; lengths and sizes positive.
    public init(
        originX: Double, originY: Double, pixelWidth: Double, pixelHeight: Double, width: Int, height: Int
    ) {
        self.originX = originX
        self.originY = originY
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
        self.width = width
        self.height = height
    }

    /// The outer edges.
    public var box: MapBox { box(of: CoveragePixels(columns: 0..<width, rows: 0..<height)) }

    /// All of its pixels.
    public var pixels: CoveragePixels { CoveragePixels(columns: 0..<width, rows: 0..<height) }

    /// The outer edges of some pixels, which may lie outside.
    public func box(of pixels: CoveragePixels) -> MapBox {
        MapBox(
            minX: originX + Double(pixels.columns.lowerBound) * pixelWidth,
            minY: originY - Double(pixels.rows.upperBound) * pixelHeight,
            maxX: originX + Double(pixels.columns.upperBound) * pixelWidth,
            maxY: originY - Double(pixels.rows.lowerBound) * pixelHeight)
    }

    /// The pixels whose centres lie in a box, at least one in each direction; nil when the box lies outside of the grid.
    ///
    /// So a trim is read (OGC 09-110r4, 8.3.3.1): its bounds are inside. A box along edges of pixels, as clients
    /// compute it, gives just these pixels in spite of rounding.
    public func pixels(of box: MapBox) -> CoveragePixels? {
        guard
            let columns = Self.range(
                (box.minX - originX) / pixelWidth, (box.maxX - originX) / pixelWidth, count: width),
            let rows = Self.range(
                (originY - box.maxY) / pixelHeight, (originY - box.minY) / pixelHeight, count: height)
        else { return nil }
        return CoveragePixels(columns: columns, rows: rows)
    }

    /// The same on the turn of the body on which the box shares most with the grid.
    func pixels(of box: MapBox, turn: Double?) -> CoveragePixels? {
        guard let turn else { return pixels(of: box) }
        var best: (pixels: CoveragePixels, count: Int)?
        for shift in [0, turn, -turn] {
            let turned = MapBox(
                minX: box.minX + shift, minY: box.minY, maxX: box.maxX + shift, maxY: box.maxY)
            guard let found = pixels(of: turned), found.columns.count > best?.count ?? 0 else { continue }
            best = (found, found.columns.count)
        }
        return best?.pixels
    }

    /// Whether a box that is no whole turn has columns at both ends of the grid.
    func isCut(_ box: MapBox, turn: Double?) -> Bool {
        guard let turn, box.width < turn * (1 - 1e-9) else { return false }
        let parts = [0, turn, -turn].filter { shift in
            let (low, high) = (
                max(box.minX + shift, originX), min(box.maxX + shift, originX + Double(width) * pixelWidth)
            )
            return high - low > pixelWidth
        }
        return parts.count > 1
    }

    /// Edges of rows of the grid, and in x the edges of columns, wherever the grid ends, that are next to those of a box.
    func box(over box: MapBox, rows: Range<Int>) -> MapBox {
        let first = ((box.minX - originX) / pixelWidth).rounded()
        let end = max(((box.maxX - originX) / pixelWidth).rounded(), first + 1)
        return MapBox(
            minX: originX + first * pixelWidth, minY: originY - Double(rows.upperBound) * pixelHeight,
            maxX: originX + end * pixelWidth, maxY: originY - Double(rows.lowerBound) * pixelHeight)
    }

    /// Rounding of numbers that were written in decimals, in pixels.
    private static let tolerance = 1e-4

    private static func range(_ low: Double, _ high: Double, count: Int) -> Range<Int>? {
        guard low.isFinite, high.isFinite, low <= high, high >= -tolerance, low <= Double(count) + tolerance
        else { return nil }
        // The centre of pixel i lies at i + 0.5.
        let first = Int(max(0, (low - 0.5 - tolerance).rounded(.up)))
        let last = Int(min(Double(count - 1), (high - 0.5 + tolerance).rounded(.down)))
        guard first <= last else {
            // Between two centres: the pixel that the middle lies in.
            let middle = min(max(Int(((low + high) / 2).rounded(.down)), 0), count - 1)
            return middle..<(middle + 1)
        }
        return first..<(last + 1)
    }
}

/// A rectangle of pixels of a grid.
public struct CoveragePixels: Sendable, Hashable {
    /// Columns, counted from 0 at the left.
    public var columns: Range<Int>
    /// Rows, counted from 0 at the top.
    public var rows: Range<Int>

    /// A rectangle.
    public init(columns: Range<Int>, rows: Range<Int>) {
        self.columns = columns
        self.rows = rows
    }
}
