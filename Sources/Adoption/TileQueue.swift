internal import HEALPix
internal import Synchronization
internal import Tiles

/// The tiles of one order that workers take one after the other; they are counted through, never listed.
final class TileQueue: Sendable {
    private struct State {
        var range = 0
        var next: Int64 = 0
        var format = 0
    }

    private let order: Order
    private let ranges: [Range<Int64>]
    private let formats: [TileFormat]
    private let state = Mutex(State())

    /// - Parameter ranges: numbers of cells of the order, sorted and apart.
    init(_ order: Order, _ ranges: [Range<Int64>], _ formats: [TileFormat]) {
        self.order = order
        self.ranges = ranges.filter { !$0.isEmpty }
        self.formats = formats
    }

    /// The next tile: all formats of a cell, then those of the next cell.
    func next() -> (cell: Cell, format: TileFormat)? {
        state.withLock { state in
            guard state.range < ranges.count, !formats.isEmpty else { return nil }
            let range = ranges[state.range]
            let npix = max(state.next, range.lowerBound)
            let format = formats[state.format]
            state.format += 1
            if state.format == formats.count {
                state.format = 0
                state.next = npix + 1
                if state.next == range.upperBound { state.range += 1 }
            }
            return Cell(order: order, npix: npix).map { ($0, format) }
        }
    }

    /// The numbers of the children of cells.
    static func children(of cells: some Sequence<Int64>) -> [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        for npix in Set(cells).sorted() {
            let children = (4 * npix)..<(4 * npix + 4)
            if let last = ranges.last, last.upperBound == children.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<children.upperBound
            } else {
                ranges.append(children)
            }
        }
        return ranges
    }
}
