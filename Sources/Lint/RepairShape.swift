internal import HEALPix
internal import HiPS
internal import Tiles

/// Which orders and formats the tiles have, and how wide they are: from the tiles, and from the properties where
/// the tiles leave it open.
struct RepairShape: Sendable {
    let orderMin: Order
    let order: Order
    let formats: [TileFormat]
    let width: Int

    /// - Throws: ``LintError/underivable(path:reason:)`` when there is no tile that can be read.
    init(
        _ inventory: RepairInventory, _ properties: HiPSProperties, _ files: RepairFiles
    ) throws(LintError) {
        // A stray tile makes no order: a whole order has at least as many tiles as the one above it.
        var deepest: (order: Order, count: Int)?
        for order in inventory.orders {
            let count = inventory.cells(order, TileFormat.allCases).count
            if deepest.map({ count >= $0.count }) ?? true { deepest = (order, count) }
        }
        guard let deepest, let first = inventory.orders.first else {
            throw .underivable(path: files.root, reason: "it holds no tile")
        }
        let stated = properties.order.flatMap { inventory.tiles[$0] == nil ? nil : $0 }
        let order = max(deepest.order, stated ?? deepest.order)
        self.order = order
        // Maps begin with order 0, or with 3 as in HiPS 1.0; another first order has to be stated.
        let usual = first.value < 3 ? .zero : first
        orderMin = min(order, properties.orderMin ?? usual, first)

        // A stray file makes no format either, unless it is stated.
        let leaves = inventory.tiles[order] ?? [:]
        let words = properties.formats ?? []
        let half = (inventory.cells(order, TileFormat.allCases).count + 1) / 2
        let added = leaves.keys.sorted().filter { !words.contains($0) && leaves[$0]?.count ?? 0 >= half }
        var seen: Set<TileFormat> = []
        formats = (words.filter { leaves[$0] != nil } + added).filter { seen.insert($0).inserted }
        width = try Self.width(inventory, order, formats, properties, files)
    }

    /// The width that most of a few leaves have.
    private static func width(
        _ inventory: RepairInventory, _ order: Order, _ formats: [TileFormat], _ properties: HiPSProperties,
        _ files: RepairFiles
    ) throws(LintError) -> Int {
        var votes: [Int: Int] = [:]
        let cells = inventory.cells(order, formats)
        for cell in stride(from: 0, to: cells.count, by: max(1, cells.count / 9)).map({ cells[$0] }) {
            for format in formats where inventory.contains(cell, format) {
                guard case .success(let image) = try files.image(cell, format), image.width == image.height,
                    image.width & (image.width - 1) == 0
                else { continue }
                votes[image.width, default: 0] += 1
            }
        }
        let most = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        guard let most else {
            throw .underivable(
                path: files.root, reason: "no leaf of order \(order) among its first can be read")
        }
        return most
    }
}
