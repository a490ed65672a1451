internal import HEALPix
internal import Tiles

/// What a HiPS turned out to hold.
struct TileLayout: Sendable {
    /// The first order that has tiles.
    var first: Order
    /// The deepest order that has tiles, or that is adopted.
    var last: Order
    /// The formats of which there are tiles.
    var formats: [TileFormat]
    /// Whether orders or formats were left out.
    var isPart = false
    /// What is unusual, a phrase for each.
    var peculiarities: [String] = []
}
