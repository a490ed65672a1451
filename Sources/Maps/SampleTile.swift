internal import Pixels

/// The samples of one tile, as they were decoded, and what in them means "no data".
///
/// A row is the tile's x, a column its y, as in pictures of tiles. Written once, before anybody else sees it.
protocol SampleTile: AnyObject, Sendable {
    associatedtype Sample: MapPixel

    /// Samples along each side.
    var width: Int { get }

    /// What the tile takes in memory.
    var byteCount: Int { get }

    /// The sample that means "no data"; nil when none of the tile does.
    var blank: Sample? { get }

    /// A tile of `width * width` samples.
    ///
    /// - Parameters:
    ///   - blank: What would mean "no data"; whether any sample does is looked up here.
    ///   - fill: Writes all samples.
    init(width: Int, blank: Sample?, fill: (UnsafeMutablePointer<Sample>) -> Void)

    /// The sample with this number, row by row.
    func sample(at index: Int) -> Sample

    /// Has the processor bring the sample with this number into its nearest cache, without waiting for it.
    func fetch(_ index: Int)

    /// Draws pixels whose four neighbours lie in the tile; see ``MapPixel``.
    func draw(
        x: UnsafePointer<Double>, originX: Double, y: UnsafePointer<Double>, originY: Double, count: Int,
        into out: UnsafeMutablePointer<Sample.Drawn>)

    /// The mean of each square of 2 x 2 samples.
    func halve(into out: UnsafeMutablePointer<Sample>, outStride: Int)
}
