internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// Makes the coverage of the leaves.
///
/// Where leaves are lost, what the stated coverage promised there is kept, so that they are missed further on. Lost
/// is what an ancestor or an Allsky still shows; what nothing shows was a cell too many.
struct RepairCoverage {
    let shape: RepairShape
    let inventory: RepairInventory
    let files: RepairFiles
    let stated: MOC?
    let order: Order
    private let leaves: [Cell]
    /// Cells of order 29 below leaves that are lost.
    private var lost: [Range<Int64>] = []
    private var sheets: [String: PixelImage] = [:]
    /// Cells that the stated coverage has, but that nothing shows.
    private(set) var dropped: [Cell] = []

    init(
        _ shape: RepairShape, _ inventory: RepairInventory, _ files: RepairFiles, stated: MOC?, order: Order
    ) {
        self.shape = shape
        self.inventory = inventory
        self.files = files
        self.stated = stated
        self.order = order
        leaves = inventory.cells(shape.order, shape.formats)
    }

    /// The coverage of what the leaves hold, and of what is lost.
    mutating func make(_ tiles: RepairLeaves) throws(LintError) -> MOC {
        try readSheets()
        for npix in 0..<shape.orderMin.cellCount {
            guard let cell = Cell(order: shape.orderMin, npix: npix) else { continue }
            try descend(cell, leaves[...], shown: nil)
        }
        var ranges = tiles.held + lost
        let unclear = tiles.unclear.map(\.range)
        if let stated {
            let kept = stated.intersection(MOC(order: .maximum, covering: unclear))
            ranges += kept.ranges
            ranges += tiles.unclear.filter { !stated.intersects($0) }.map(\.range)
        } else {
            ranges += unclear
        }
        return MOC(order: order, covering: ranges)
    }

    private mutating func readSheets() throws(LintError) {
        for order in Order.all where order.value <= AllskySheets.lastOrder {
            for format in shape.formats {
                let path = HiPSFile.allsky(order, format).path
                guard let bytes = try files.bytes(path),
                    case .success(let image) = PixelImage.decode(bytes, format, maximumSize: 8192)
                else { continue }
                sheets[path] = image
            }
        }
    }

    /// - Parameters:
    ///   - below: the leaves from the first one in the cell on.
    ///   - shown: the deepest ancestor of which there is a tile.
    private mutating func descend(
        _ cell: Cell, _ below: ArraySlice<Cell>, shown: (cell: Cell, images: [PixelImage])?
    ) throws(LintError) {
        guard let span = cell.descendants(at: shape.order) else { return }
        let inside = Self.part(below, span)
        if inside.isEmpty {
            guard stated?.intersects(cell) ?? true else { return }
            if shows(cell, shown) {
                let whole = MOC(order: .maximum, covering: [cell.range])
                lost += stated.map { $0.intersection(whole).ranges } ?? whole.ranges
            } else if stated != nil {
                dropped.append(cell)
            }
            return
        }
        guard cell.order < shape.order else { return }
        var shown = shown
        let isWhole = inside.count == span.count
        if !isWhole, shape.formats.contains(where: { inventory.contains(cell, $0) }) {
            var images: [PixelImage] = []
            for format in shape.formats {
                if let image = try files.plainImage(cell, format, width: shape.width) { images.append(image) }
            }
            if !images.isEmpty { shown = (cell, images) }
        }
        guard !isWhole else { return }
        for child in cell.children { try descend(child, inside, shown: shown) }
    }

    private static func part(_ cells: ArraySlice<Cell>, _ span: Range<Int64>) -> ArraySlice<Cell> {
        func first(_ npix: Int64) -> Int {
            var (low, high) = (cells.startIndex, cells.endIndex)
            while low < high {
                let middle = (low + high) / 2
                if cells[middle].npix < npix { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return cells[first(span.lowerBound)..<first(span.upperBound)]
    }

    /// Whether an ancestor's tile has data where a cell lies, or an Allsky has.
    private func shows(_ cell: Cell, _ shown: (cell: Cell, images: [PixelImage])?) -> Bool {
        if let shown {
            let depth = cell.order.value - shown.cell.order.value
            let side = shape.width >> depth
            if side > 0 {
                let area = PixelArea(
                    row: Int(cell.x - shown.cell.x << Int64(depth)) * side,
                    column: Int(cell.y - shown.cell.y << Int64(depth)) * side, side: side)
                if shown.images.contains(where: { Self.holds($0, area) }) { return true }
            }
        }
        for value in 0...min(AllskySheets.lastOrder, cell.order.value) {
            guard let order = Order(value), let ancestor = cell.ancestor(at: order) else { continue }
            let layout = AllskyLayout(order: order, tileWidth: shape.width)
            let depth = cell.order.value - value
            let side = layout.side >> depth
            guard side > 0, let place = layout.position(of: ancestor.npix) else { continue }
            let area = PixelArea(
                row: place.row * layout.side + Int(cell.x - ancestor.x << Int64(depth)) * side,
                column: place.column * layout.side + Int(cell.y - ancestor.y << Int64(depth)) * side,
                side: side)
            for format in shape.formats {
                guard let sheet = sheets[HiPSFile.allsky(order, format).path], sheet.width == layout.width,
                    sheet.height == layout.height
                else { continue }
                if Self.holds(sheet, area) { return true }
            }
        }
        return false
    }

    /// JPEG blurs what is beside black into it; what is brighter than that is data.
    private static let blurred: Float = 24

    private static func holds(_ image: PixelImage, _ area: PixelArea) -> Bool {
        for row in area.row..<(area.row + area.side) {
            for column in area.column..<(area.column + area.side) {
                let index = row * image.width + column
                if image.knowsValidity {
                    if image.surelyHolds(index) { return true }
                } else if image.planes.contains(where: { $0[index] > blurred }) {
                    return true
                }
            }
        }
        return false
    }
}
