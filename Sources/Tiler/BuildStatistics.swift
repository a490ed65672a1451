internal import HEALPix

/// What workers found out about a HiPS, added up in any order with the same result.
public struct BuildStatistics: Sendable, Equatable {
    /// Least valid value of the leaves, physical.
    public var minimum = Double.infinity
    /// Greatest valid value of the leaves, physical.
    public var maximum = -Double.infinity
    /// Tiles written at each order, whatever the number of formats.
    public var tiles: [Int]
    /// Of these, tiles that an earlier run of the build had made.
    public var resumedTiles = 0
    /// Bytes of all files.
    public var bytes = 0
    /// Cells with a valid pixel, as ranges of nested indices at order 29: in any sequence, and no two of them overlap.
    public private(set) var coverage: [Range<Int64>] = []

    init(leafOrder: Order) {
        tiles = [Int](repeating: 0, count: leafOrder.value + 1)
    }

    mutating func add(_ other: BuildStatistics) {
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        for order in tiles.indices { tiles[order] += other.tiles[order] }
        resumedTiles += other.resumedTiles
        bytes += other.bytes
        for range in other.coverage { cover(range) }
    }

    /// Adds a range to the coverage; one that goes on where the last one ends, as in nested order, makes it longer.
    mutating func cover(_ range: Range<Int64>) {
        if let last = coverage.last, last.upperBound == range.lowerBound {
            coverage[coverage.count - 1] = last.lowerBound..<range.upperBound
        } else {
            coverage.append(range)
        }
    }

    /// Range of the values; nil for colour or where nothing is valid.
    public var dataRange: (low: Double, high: Double)? { minimum <= maximum ? (minimum, maximum) : nil }
}
