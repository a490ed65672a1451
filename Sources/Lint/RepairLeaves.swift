internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// What the leaves say of the HiPS: where there is data, and its values.
struct RepairLeaves: Sendable {
    /// Cells of order 29 with data.
    private(set) var held: [Range<Int64>] = []
    /// Leaves that do not say which of their pixels are valid, as they are damaged or cannot.
    private(set) var unclear: [Cell] = []
    /// Leaves that cannot be read.
    private(set) var damaged: [RepairReport.Entry] = []
    private(set) var low = Double.infinity
    private(set) var high = -Double.infinity
    private(set) var bitpix: Set<Int> = []

    /// Reads a leaf.
    /// - Parameter coverage: the order of the coverage that is made.
    mutating func add(
        _ leaf: Cell, _ shape: RepairShape, _ inventory: RepairInventory, _ files: RepairFiles,
        coverage: Order
    ) throws {
        var isKnown = false
        for format in shape.formats.sorted(by: Self.tellsMore) where inventory.contains(leaf, format) {
            switch try files.image(leaf, format, width: shape.width) {
            case .failure(let failure):
                damaged.append(.init(path: leaf.tilePath(format), text: failure.reason))
            case .success(let image):
                if let bits = image.bitpix { bitpix.insert(bits) }
                if let range = image.range {
                    low = min(low, range.low)
                    high = max(high, range.high)
                }
                // One format that tells the valid pixels is enough; the others are read for what is damaged.
                guard !isKnown, format != .jpeg else { continue }
                take(image, leaf, coverage)
                isKnown = image.statesValidity
            }
        }
        if !isKnown { unclear.append(leaf) }
    }

    mutating func merge(_ other: RepairLeaves) {
        held += other.held
        unclear += other.unclear
        damaged += other.damaged
        low = min(low, other.low)
        high = max(high, other.high)
        bitpix.formUnion(other.bitpix)
    }

    /// FITS files tell validity best, JPEG files not at all.
    private static func tellsMore(_ left: TileFormat, _ right: TileFormat) -> Bool {
        rank(left) < rank(right)
    }

    private static func rank(_ format: TileFormat) -> Int {
        switch format {
        case .fits: 0
        case .png: 1
        case .webp: 2
        case .jpeg: 3
        }
    }

    private mutating func take(_ image: RepairImage, _ leaf: Cell, _ coverage: Order) {
        let depth = max(0, coverage.value - leaf.order.value)
        let across = 1 << depth
        let flags = image.heldBlocks(side: image.width >> depth)
        if !flags.contains(false) {
            held.append(leaf.range)
            return
        }
        let order = max(coverage, leaf.order)
        for row in 0..<across {
            for column in 0..<across where flags[row * across + column] {
                let x = leaf.x << Int64(depth) + Int64(row)
                let y = leaf.y << Int64(depth) + Int64(column)
                if let cell = Cell(order: order, face: leaf.face, x: x, y: y) { held.append(cell.range) }
            }
        }
    }
}
