public import HEALPix

/// A coverage of the sphere by HEALPix cells (IVOA MOC 2.0).
///
/// It is kept as sorted ranges of nested indices at order 29, so that every operation is one pass over two
/// sorted lists.
public struct MOC: Sendable, Equatable {
    /// The finest order at which this coverage can tell cells apart.
    public let order: Order
    /// What is covered: sorted ranges of nested indices at order 29 that neither overlap nor touch.
    ///
    /// Every bound is a multiple of the size of a cell at ``order``.
    public let ranges: [Range<Int64>]

    /// Makes a coverage of cells.
    ///
    /// - Parameters:
    ///   - order: The finest order to keep.
    ///   - cells: Cells of any orders, in any sequence, doubled or nested in each other. A cell finer than
    ///     `order` stands for the cell of that order around it.
    /// - Complexity: O(n log n).
    public init(order: Order, cells: some Sequence<Cell>) {
        self.init(order: order, covering: cells.map(\.range))
    }

    /// Makes a coverage without any cell.
    public init(order: Order) {
        self.order = order
        ranges = []
    }

    /// Makes a coverage of the cells of `order` that meet ranges of nested indices at order 29, given in any sequence.
    /// - Complexity: O(n log n).
    public init(order: Order, covering unsorted: [Range<Int64>]) {
        self.init(order: order, sorted: unsorted.sorted { $0.lowerBound < $1.lowerBound })
    }

    /// Makes a coverage of ranges sorted by their lower bounds, widened to whole cells of `order` and merged.
    init(order: Order, sorted: [Range<Int64>]) {
        self.order = order
        let cellSize = order.cellSize
        var merged: [Range<Int64>] = []
        merged.reserveCapacity(sorted.count)
        for range in sorted where !range.isEmpty {
            let lower = range.lowerBound & ~(cellSize - 1)
            let upper = (range.upperBound + cellSize - 1) & ~(cellSize - 1)
            if let last = merged.last, lower <= last.upperBound {
                if upper > last.upperBound { merged[merged.count - 1] = last.lowerBound..<upper }
            } else {
                merged.append(lower..<upper)
            }
        }
        ranges = merged
    }

    /// Whether nothing is covered.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The number of order-29 cells on the whole sphere.
    static let sphere = Order.maximum.cellCount

    /// The covered part of the sphere, 0 to 1.
    ///
    /// The count of order-29 cells is exact; the quotient is rounded once or twice to `Double`.
    public var coverageFraction: Double {
        Double(ranges.reduce(0) { $0 + Int64($1.count) }) / Double(MOC.sphere)
    }
}

extension Order {
    /// The number of order-29 cells in a cell of this order.
    var cellSize: Int64 { 1 << Int64(2 * (Order.maximum.value - value)) }
}

extension Cell {
    /// The nested indices of the order-29 cells inside this cell.
    public var range: Range<Int64> {
        let size = order.cellSize
        return (npix * size)..<((npix + 1) * size)
    }
}
