public import HEALPix

/// What workers found out about a HiPS, added up in any order with the same result.
public struct BuildStatistics: Sendable, Equatable {
    /// Least valid value of the leaves, physical.
    public var minimum = Double.infinity
    /// Greatest valid value of the leaves, physical.
    public var maximum = -Double.infinity
    /// Tiles written at each order, whatever the number of formats.
    public var tiles: [Int]
    /// Bytes of all files.
    public var bytes = 0
    /// Cells with a valid pixel, at the coverage's order or coarser.
    public var coverage: [Cell] = []

    init(leafOrder: Order) {
        tiles = [Int](repeating: 0, count: leafOrder.value + 1)
    }

    mutating func add(_ other: BuildStatistics) {
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        for order in tiles.indices { tiles[order] += other.tiles[order] }
        bytes += other.bytes
        coverage += other.coverage
    }

    /// Range of the values; nil for colour or where nothing is valid.
    public var dataRange: (low: Double, high: Double)? { minimum <= maximum ? (minimum, maximum) : nil }
}
