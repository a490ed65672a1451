internal import HEALPix
internal import MOC

/// The tiles that are decoded: all of them, or a sample with all ancestors of each tile in it.
enum Selection: Sendable {
    case all
    case sample(Set<Cell>)

    func contains(_ cell: Cell) -> Bool {
        switch self {
        case .all: true
        case .sample(let cells): cells.contains(cell)
        }
    }

    /// A sample that depends on nothing but the coverage: leaves at even distances, among them the first and
    /// the last, some that the coverage fills only in part, and every tile of orders 0 and 1.
    static func sample(of subject: Subject, leaves count: Int) -> Selection {
        var cells: Set<Cell> = []
        func insert(_ cell: Cell) {
            var ancestor: Cell? = cell
            while let current = ancestor, current.order >= subject.orderMin, cells.insert(current).inserted {
                ancestor = current.parent
            }
        }
        for order in subject.orders where order.value <= 1 {
            for range in subject.ranges(at: order) {
                for npix in range {
                    if let cell = Cell(order: order, npix: npix) { insert(cell) }
                }
            }
        }
        let ranges = subject.ranges(at: subject.order)
        let total = ranges.reduce(0) { $0 + Int64($1.count) }
        for position in positions(total: total, count: count) {
            var rest = position
            for range in ranges {
                if rest < Int64(range.count) {
                    if let cell = Cell(order: subject.order, npix: range.lowerBound + rest) { insert(cell) }
                    break
                }
                rest -= Int64(range.count)
            }
        }
        if let moc = subject.moc {
            // Ranges of the coverage that begin or end inside a leaf are where it is at its edge.
            let shift = Int64(2 * (Order.maximum.value - subject.order.value))
            let size = Int64(1) << shift
            let edges = moc.ranges.flatMap { [$0.lowerBound, $0.upperBound] }.filter { $0 % size != 0 }
            for position in positions(total: Int64(edges.count), count: max(1, count / 3)) {
                if let cell = Cell(order: subject.order, npix: edges[Int(position)] >> shift) { insert(cell) }
            }
        }
        return .sample(cells)
    }

    /// Places at even distances in `0..<total`, the first and the last among them.
    private static func positions(total: Int64, count: Int) -> [Int64] {
        guard total > 0 else { return [] }
        guard total > Int64(count), count > 1 else { return Array(0..<min(total, Int64(count))) }
        let step = Double(total - 1) / Double(count - 1)
        return (0..<count).map { min(total - 1, Int64((Double($0) * step).rounded())) }
    }
}
