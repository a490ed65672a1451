internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// What the properties and the coverage of a HiPS say of its tiles: what all further checks go by.
struct Subject: Sendable {
    let properties: HiPSProperties
    let orderMin: Order
    let order: Order
    let width: Int
    /// Formats that are stated and of which there are tiles.
    var formats: [TileFormat]
    /// The coverage; nil where it is not known.
    var moc: MOC?
    /// The order at which the coverage is compared with pixels; nil where the coverage was not stated.
    var comparedOrder: Order?

    /// What the coverage says of a tile.
    enum Promise {
        /// It must be there.
        case promised
        /// It may be there.
        case open
        /// It must not.
        case excluded
    }

    func promise(_ cell: Cell) -> Promise {
        guard let moc else { return .open }
        guard moc.intersects(cell) else { return .excluded }
        return cell.order <= moc.order ? .promised : .open
    }

    /// The orders that have tiles.
    var orders: [Order] { Order.all.filter { orderMin <= $0 && $0 <= order } }

    /// The numbers of the tiles of an order that the coverage does not exclude, as sorted ranges.
    func ranges(at order: Order) -> [Range<Int64>] {
        guard let moc else { return [0..<order.cellCount] }
        let shift = Int64(2 * (Order.maximum.value - order.value))
        return moc.degraded(to: order).ranges.flatMap { range -> [Range<Int64>] in
            // A coverage coarser than the order has whole tiles, a finer one was widened to such.
            [(range.lowerBound >> shift)..<(range.upperBound >> shift)]
        }
    }

    /// How exactly parents follow from their children: the word of `hips_hierarchy`, the mean by default.
    var isMean: Bool {
        let word = properties["hips_hierarchy"]?.lowercased() ?? "mean"
        return word == "mean"
    }

    /// Whether picture tiles may be drawings of values, whose levels do not average as colours do.
    var drawsValues: Bool {
        formats.contains(.fits) || properties["hips_pixel_cut"] != nil
            || properties["tessera_stretch"] != nil
    }
}
