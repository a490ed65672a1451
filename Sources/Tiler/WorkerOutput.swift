internal import HEALPix
internal import HiPS
internal import Pixels

/// A tile reduced for the Allsky picture of its order.
struct ReducedTile<Sample: TilePixel>: Sendable {
    let cell: Cell
    let samples: [Sample]
}

/// What a worker gives back when its work is done.
struct WorkerOutput<Sample: TilePixel>: Sendable {
    var statistics: BuildStatistics
    var preview: PreviewPicture
    private(set) var reduced: [ReducedTile<Sample>] = []

    /// Side of a tile in an Allsky picture.
    static var side: Int { 64 }
    /// The last order that has an Allsky picture.
    static var lastAllskyOrder: Int { 3 }

    init(leafOrder: Order, preview: PreviewPlan) {
        statistics = BuildStatistics(leafOrder: leafOrder)
        self.preview = PreviewPicture(preview)
    }

    /// Keeps what the Allsky picture needs of a tile: the means of its 8 x 8 squares.
    mutating func keepReduced(_ samples: UnsafePointer<Sample>, _ cell: Cell, blank: Sample?) {
        guard cell.order.value <= Self.lastAllskyOrder else { return }
        let count = Self.side * Self.side
        let small = [Sample](unsafeUninitializedCapacity: count) { buffer, initialised in
            Sample.thumbnail(
                samples, width: tileWidth, side: tileWidth / Self.side, blank: blank,
                into: buffer.baseAddress!)
            initialised = count
        }
        reduced.append(ReducedTile(cell: cell, samples: small))
    }

    /// Keeps a tile that was reduced before.
    mutating func keep(_ tile: ReducedTile<Sample>) {
        reduced.append(tile)
    }

    mutating func add(_ other: WorkerOutput) {
        statistics.add(other.statistics)
        preview.add(other.preview)
        reduced += other.reduced
    }
}
