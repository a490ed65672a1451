internal import HEALPix
internal import HiPS
internal import Storage
internal import Tiles

/// The tile files of a HiPS by their names.
struct RepairInventory: Sendable {
    private(set) var tiles: [Order: [TileFormat: Set<Int64>]] = [:]

    init(_ root: any FileStore) throws(LintError) {
        for order in try PresenceCheck.orders(root) {
            for (folder, name) in try PresenceCheck.folderNames(root, order) {
                for (format, numbers) in try PresenceCheck.tiles(root, order, folder, name) {
                    tiles[order, default: [:]][format, default: []].formUnion(numbers)
                }
            }
        }
    }

    /// Orders that have tiles.
    var orders: [Order] { tiles.keys.sorted() }

    func contains(_ cell: Cell, _ format: TileFormat) -> Bool {
        tiles[cell.order]?[format]?.contains(cell.npix) ?? false
    }

    mutating func insert(_ cell: Cell, _ format: TileFormat) {
        tiles[cell.order, default: [:]][format, default: []].insert(cell.npix)
    }

    /// Cells of an order that have a tile in one of the formats, sorted.
    func cells(_ order: Order, _ formats: [TileFormat]) -> [Cell] {
        var numbers: Set<Int64> = []
        for format in formats { numbers.formUnion(tiles[order]?[format] ?? []) }
        return numbers.sorted().compactMap { Cell(order: order, npix: $0) }
    }

    /// The number of cells of an order that have a tile in any format.
    func count(_ order: Order) -> Int { cells(order, TileFormat.allCases).count }

    /// The number of cells from one order to another that have a tile in one of the formats.
    func count(_ orders: ClosedRange<Order>, _ formats: [TileFormat]) -> Int {
        tiles.keys.filter(orders.contains).reduce(0) { $0 + cells($1, formats).count }
    }
}
