public import HEALPix
public import MOC

extension MOC {
    /// Makes the coverage of a region; see ``Region/ranges(order:mode:)``.
    /// - Throws: ``RegionError`` where the region is none, or its border runs through too many cells.
    public init(order: Order, region: Region, mode: CellMode = .inclusive) throws(RegionError) {
        self.init(order: order, covering: try region.ranges(order: order, mode: mode))
    }

    /// Makes the coverage of all regions together.
    /// - Complexity: proportional to the cells along the borders, times the logarithm of the number of regions.
    /// - Throws: ``RegionError`` naming the number of the region where one is none, or its border runs through too
    ///   many cells.
    public init(order: Order, regions: some Sequence<Region>, mode: CellMode = .inclusive) throws(RegionError)
    {
        var merger = RegionMerger()
        var number = 0
        for region in regions {
            number += 1
            do throws(RegionError) {
                merger.add(try region.ranges(order: order, mode: mode))
            } catch { throw .member("region \(number)", error) }
        }
        self.init(order: order, covering: merger.finish())
    }
}
