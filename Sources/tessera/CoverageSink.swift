import HEALPix
import MOC
import Regions

/// What shapes cover: together, or each as a line of text.
struct CoverageSink {
    let order: Order
    let mode: CellMode
    let each: Bool
    private var merger = RegionMerger()
    private(set) var lines: [UInt8] = []

    init(order: Order, mode: CellMode, each: Bool) {
        self.order = order
        self.mode = mode
        self.each = each
    }

    mutating func add(_ region: Region) throws(RegionError) {
        add(try region.ranges(order: order, mode: mode))
    }

    mutating func add(_ ranges: [Range<Int64>]) {
        if each {
            lines += Array(MOC(order: order, covering: ranges).ascii.utf8)
            lines.append(0x0A)
        } else {
            merger.add(ranges)
        }
    }

    mutating func coverage() -> MOC { MOC(order: order, covering: merger.finish()) }
}
