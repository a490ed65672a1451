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
    ///
    /// What lies outside of 0 to 12 * 4^29 is no part of the sphere and is left out.
    /// - Complexity: O(n) where they are sorted by their lower bounds, else O(n log n).
    public init(order: Order, covering unsorted: [Range<Int64>]) {
        let onSphere = 0..<MOC.sphere
        let isOutside = unsorted.contains { $0.lowerBound < 0 || $0.upperBound > MOC.sphere }
        let ranges = isOutside ? unsorted.map { $0.clamped(to: onSphere) } : unsorted
        let isSorted = zip(ranges, ranges.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound }
        self.init(
            order: order, sorted: isSorted ? ranges : ranges.sorted { $0.lowerBound < $1.lowerBound })
    }

    /// Makes a coverage of ranges on the sphere sorted by their lower bounds, widened to whole cells of `order` and merged.
    init(order: Order, sorted: [Range<Int64>]) {
        self.order = order
        let mask = order.cellSize - 1
        // Safe: one range is written for one that is read at the most.
        ranges = [Range<Int64>](unsafeUninitializedCapacity: sorted.count) { space, count in
            guard let result = space.baseAddress else { return }
            // The range that is being put together; nothing ends before the first.
            var (lower, upper) = (Int64(0), Int64(-1))
            for range in sorted where !range.isEmpty {
                let start = range.lowerBound & ~mask
                let end = (range.upperBound &+ mask) & ~mask
                if start > upper {
                    if upper >= 0 {
                        result[count] = Range(uncheckedBounds: (lower, upper))
                        count &+= 1
                    }
                    (lower, upper) = (start, end)
                } else if end > upper {
                    upper = end
                }
            }
            if upper >= 0 {
                result[count] = Range(uncheckedBounds: (lower, upper))
                count &+= 1
            }
        }
    }

    /// Makes a coverage of ranges that are what ``ranges`` must be.
    init(order: Order, normalised ranges: [Range<Int64>]) {
        self.order = order
        self.ranges = ranges
    }

    /// Whether nothing is covered.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The number of order-29 cells on the whole sphere.
    static var sphere: Int64 { 12 << 58 }

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
