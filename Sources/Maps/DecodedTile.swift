internal import Pixels

/// The samples of one tile, as they were decoded, and what in them means "no data".
///
/// A row is the tile's x, a column its y, as in pictures of tiles. Written once, before anybody else sees it.
final class DecodedTile<Sample: MapPixel>: @unchecked Sendable {
    let samples: UnsafeMutablePointer<Sample>
    /// Samples along each side.
    let width: Int
    /// The sample that means "no data"; nil when none of the tile does.
    let blank: Sample?

    /// Takes over `width * width` samples.
    ///
    /// - Parameter blank: What would mean "no data"; whether any sample does is looked up here.
    init(width: Int, blank: Sample?, fill: (UnsafeMutablePointer<Sample>) -> Void) {
        let count = width * width
        // Interpolation at the last row and column reads one more of each, with weight 0.
        let beyond = width + 1
        samples = UnsafeMutablePointer<Sample>.allocate(capacity: count + beyond)
        (samples + count).initialize(repeating: Sample(convex: Sample.zero), count: beyond)
        self.width = width
        fill(samples)
        let isWhole = Sample.countValid(samples, count: count, blank: blank) == count
        self.blank = isWhole ? nil : blank ?? Sample.defaultBlank
    }

    deinit { samples.deallocate() }

    var byteCount: Int { width * (width + 1) * MemoryLayout<Sample>.stride }
}
