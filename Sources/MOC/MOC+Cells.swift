public import HEALPix

extension MOC {
    /// The fewest cells that make up this coverage, sorted by order and then by number.
    ///
    /// This is the order of their NUNIQ numbers (MOC 2.0, section 3.1).
    public var cells: [Cell] {
        let table = CellTable(ranges, axis: .space)
        return table.orders.flatMap { order in
            table.numbers(at: order).compactMap { Cell(order: order, npix: $0) }
        }
    }

    /// How many cells ``cells`` has.
    public var cellCount: Int {
        ranges.reduce(0) { count, range in
            var count = count
            Axis.space.forEachCell(of: range) { _, _ in count += 1 }
            return count
        }
    }

    /// Whether nothing but whole cells of an order is covered.
    func isMadeOfCells(of order: Order) -> Bool {
        let mask = order.cellSize - 1
        return ranges.allSatisfy { ($0.lowerBound | $0.upperBound) & mask == 0 }
    }
}
