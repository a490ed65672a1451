extension Cell {
    /// The 12 base cells.
    public static let bases: [Cell] = (0..<12).map { Cell(unchecked: .zero, npix: $0) }

    /// The cell that holds this one at the order above, nil at order 0.
    public var parent: Cell? {
        order.coarser.map { Cell(unchecked: $0, npix: npix &>> 2) }
    }

    /// The four cells that fill this one at the next order, in the order south, east, west, north;
    /// empty at order 29.
    public var children: [Cell] {
        guard let finer = order.finer else { return [] }
        return (0..<4).map { Cell(unchecked: finer, npix: npix &<< 2 | $0) }
    }

    /// The child 0 (south), 1 (east), 2 (west) or 3 (north), nil for another index and at order 29.
    public func child(_ index: Int) -> Cell? {
        guard index >= 0, index < 4, let finer = order.finer else { return nil }
        return Cell(unchecked: finer, npix: npix &<< 2 | Int64(index))
    }

    /// The cell of `order` that holds this one (itself at its own order), nil when `order` is deeper.
    public func ancestor(at order: Order) -> Cell? {
        guard order <= self.order else { return nil }
        return Cell(unchecked: order, npix: npix &>> Int64(2 &* (self.order.value &- order.value)))
    }

    /// The numbers of all cells of `order` inside this one, nil when `order` is coarser.
    public func descendants(at order: Order) -> Range<Int64>? {
        guard order >= self.order else { return nil }
        let shift = Int64(2 &* (order.value &- self.order.value))
        return npix &<< shift..<(npix &+ 1) &<< shift
    }

    /// Whether `other` is this cell or lies inside it.
    public func contains(_ other: Cell) -> Bool { other.ancestor(at: order) == self }
}
