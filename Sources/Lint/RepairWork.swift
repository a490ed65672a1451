internal import FITS
internal import HEALPix
internal import HiPS
internal import MOC
internal import Storage
internal import Tiles

/// The steps of a repair in a copy that is not published yet.
struct RepairWork {
    private let copy: RepairCopy
    private let files: RepairFiles
    private let jobs: Int
    private let text: String
    private let properties: HiPSProperties
    private let shape: RepairShape
    private var inventory: RepairInventory
    private var made: [RepairReport.Entry] = []
    private var underivable: [RepairReport.Entry] = []

    /// Lists what there is.
    init(_ copy: RepairCopy, jobs: Int) throws(LintError) {
        self.copy = copy
        self.jobs = jobs
        files = RepairFiles(store: FolderStore(root: copy.root))
        text = String(decoding: try files.bytes(PropertiesCheck.path) ?? [], as: UTF8.self)
        properties = (try? HiPSProperties(parsing: text)) ?? HiPSProperties()
        let type = properties["dataproduct_type"] ?? "image"
        guard type == "image" || type.isEmpty else {
            throw .underivable(path: copy.target, reason: "its product is \(type), not image")
        }
        inventory = try RepairInventory(files.store)
        shape = try RepairShape(inventory, properties, files)
    }

    /// Writes all that follows from the tiles.
    func run() async throws -> (made: [RepairReport.Entry], underivable: [RepairReport.Entry]) {
        var work = self
        try await work.derive()
        return (work.made, work.underivable)
    }

    private mutating func derive() async throws {
        let (stated, isUsable) = try statedCoverage()
        let order = coverageOrder(stated)
        var leaves = RepairLeaves()
        let cells = inventory.cells(shape.order, shape.formats)
        let parts = try await RepairWorkers.run(cells, jobs: jobs, start: RepairLeaves()) {
            [shape, inventory, files] cell, gathered in
            try gathered.add(cell, shape, inventory, files, coverage: order)
        }
        for part in parts { leaves.merge(part) }
        underivable += leaves.damaged
        var coverage = RepairCoverage(shape, inventory, files, stated: stated, order: order)
        let moc = try coverage.make(leaves)
        guard !moc.isEmpty else {
            throw LintError.underivable(path: copy.target, reason: "no leaf holds a valid pixel")
        }
        try await makeParents(moc)
        try writeCoverage(moc, stated: isUsable ? stated : nil, dropped: coverage.dropped)
        try await makeAllsky(moc)
        try writeProperties(leaves, moc)
    }

    // MARK: - Coverage

    /// The coverage that there is, and whether it may stay as it is if it is right.
    private func statedCoverage() throws(LintError) -> (moc: MOC?, isUsable: Bool) {
        guard let bytes = try files.bytes(HiPSFile.coverage.path), let moc = try? MOC(fits: bytes),
            !moc.isEmpty
        else { return (nil, false) }
        let system = try? FITSTable.decode(bytes).cards.string("COORDSYS")
        return (moc, system == "C")
    }

    /// The stated order, or three orders below the leaves, as far as there are pixels.
    private func coverageOrder(_ stated: MOC?) -> Order {
        let pixels = min(Order.maximum.value, shape.order.value + shape.width.trailingZeroBitCount)
        let asked =
            stated?.order.value ?? properties["moc_order"].flatMap { Int($0) } ?? shape.order.value + 3
        return Order(max(0, min(asked, pixels))) ?? shape.order
    }

    private mutating func writeCoverage(_ moc: MOC, stated: MOC?, dropped: [Cell]) throws {
        if let stated, stated.order == moc.order, stated.ranges == moc.ranges { return }
        let path = HiPSFile.coverage.path
        try copy.write(try moc.fits(body: body), to: path)
        var text = "the cells of order \(moc.order) that hold a valid pixel"
        if let first = dropped.first {
            text +=
                "; the cell \(first)\(dropped.count > 1 ? " and others" : "") of the former coverage left out, "
                + "as neither a tile nor an Allsky shows anything there"
        }
        made.append(.init(path: path, text: text))
    }

    /// The body in the coverage's header; the sky has none.
    private var body: String? {
        guard let word = (properties.body ?? properties.frame)?.lowercased(), !word.isEmpty,
            !PropertiesCheck.skyFrames.contains(word)
        else { return nil }
        return word
    }

    // MARK: - Tiles

    /// From the deepest up, so that what was made can be made use of.
    private mutating func makeParents(_ moc: MOC) async throws {
        let maker = RepairParents(shape: shape, moc: moc, files: files)
        for order in Order.all.reversed() where shape.orderMin <= order && order < shape.order {
            guard let finer = order.finer else { continue }
            let parents = Set(inventory.cells(finer, shape.formats).compactMap(\.parent)).filter(
                moc.intersects)
            // A whole order that is missing would not fit into memory at once.
            for group in parents.sorted().chunks(of: 256) {
                let parts = try await RepairWorkers.run(group, jobs: jobs, start: RepairParents.Made()) {
                    [inventory] cell, gathered in
                    try maker.make(cell, inventory, &gathered)
                }
                for tile in parts.flatMap(\.tiles) {
                    let path = tile.cell.tilePath(tile.format)
                    try copy.write(tile.bytes, to: path)
                    inventory.insert(tile.cell, tile.format)
                    made.append(.init(path: path, text: "the mean of its children"))
                }
                underivable += parts.flatMap(\.underivable)
            }
        }
    }

    private mutating func makeAllsky(_ moc: MOC) async throws {
        let subject = Subject(
            properties: properties, orderMin: shape.orderMin, order: shape.order, width: shape.width,
            formats: shape.formats, moc: moc, comparedOrder: nil)
        let allsky = try await RepairAllsky(subject: subject, files: files, jobs: jobs).make(inventory)
        for (path, bytes) in allsky.made {
            try copy.write(bytes, to: path)
            made.append(.init(path: path, text: "the tiles of its order, reduced"))
        }
        underivable += allsky.underivable
    }

    // MARK: - Properties

    private mutating func writeProperties(_ leaves: RepairLeaves, _ moc: MOC) throws {
        var presence = PresenceCheck(files.store)
        var ignored = Findings()
        let subject = Subject(
            properties: properties, orderMin: shape.orderMin, order: shape.order, width: shape.width,
            formats: shape.formats, moc: moc, comparedOrder: nil)
        try presence.check(subject, &ignored)
        var derived = RepairProperties(properties)
        derived.derive(
            .init(
                shape: shape, leaves: leaves, moc: moc, tileCells: presence.cells,
                tileFiles: presence.files.values.reduce(0, +),
                kilobytes: Int((try copy.bytes(below: "Norder") + 1023) / 1024)))
        underivable += derived.underivable
        var changes = derived.changes
        var findings = Findings()
        PropertiesCheck.check(text, properties, &findings)
        if findings.counts[.keyDuplicate] != nil { changes.append("keys that stood twice, once") }
        if findings.counts[.lineMalformed] != nil { changes.append("without lines of no key") }
        guard !changes.isEmpty else { return }
        let path = PropertiesCheck.path
        try copy.write(Array(RepairPropertiesText.applying(derived.properties, to: text).utf8), to: path)
        made += changes.map { .init(path: path, text: $0) }
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
