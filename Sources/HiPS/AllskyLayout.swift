public import HEALPix

/// Where each tile of an order lies in the `Allsky` picture of that order (HiPS 1.0, section 4.3.2).
///
/// The reduced tiles lie row by row from the top left in the order of their npix; a row holds
/// floor(sqrt(number of tiles)) of them: 27 columns and 29 rows at order 3.
public struct AllskyLayout: Equatable, Sendable {
    /// The order whose tiles are shown.
    public let order: Order
    /// The number of reduced tiles in a row.
    public let columns: Int
    /// The number of rows; the last one need not be full.
    public let rows: Int
    /// Width and height of one reduced tile in pixels: 64, or the width of the tile where that is less.
    public let side: Int

    /// The layout for an order.
    /// - Parameters:
    ///   - order: the order of the tiles.
    ///   - tileWidth: the width of a full tile in pixels, at least 1.
    public init(order: Order, tileWidth: Int = 512) {
        self.order = order
        let count = Int(order.cellCount)
        // The root is taken in Double and corrected, as 12 * 4^29 has more digits than a Double.
        var root = Int(Double(count).squareRoot())
        while root * root > count { root -= 1 }
        while (root + 1) * (root + 1) <= count { root += 1 }
        columns = root
        rows = (count + root - 1) / root
        side = min(64, max(1, tileWidth))
    }

    /// Width of the whole picture in pixels.
    public var width: Int { columns * side }

    /// Height of the whole picture in pixels.
    public var height: Int { rows * side }

    /// Column from the left and row from the top of a tile; nil when the order has no such tile.
    public func position(of npix: Int64) -> (column: Int, row: Int)? {
        guard npix >= 0, npix < order.cellCount else { return nil }
        let (row, column) = Int(npix).quotientAndRemainder(dividingBy: columns)
        return (column, row)
    }
}
