internal import FITS
internal import HEALPix
internal import MOC
internal import Pixels
internal import Rasters
internal import Storage
internal import Tiles

/// Builds subtrees of the pyramid depth first: leaves from the source, parents in memory from their children.
///
/// Each worker has its own file handle, window, tile buffers and encoders, so that workers share nothing but
/// the list of work. One buffer an order is enough: a parent takes in each child as soon as it is finished.
final class PyramidWorker<Sample: TilePixel> {
    private let plan: TilePlan
    private let blank: Sample?
    private let sampler: any LeafSampler<Sample>
    private let checkpoints: CheckpointStore
    /// Whether the orders above the units of work are made, which are not kept.
    private let isTop: Bool
    private let progress: ProgressMeter
    private var buffers: [UnsafeMutablePointer<Sample>] = []
    private var encoder: TileEncoder<Sample>
    private let emptyOutput: WorkerOutput<Sample>
    private(set) var output: WorkerOutput<Sample>

    static var pixelCount: Int { tileWidth * tileWidth }

    init(
        plan: TilePlan, files: any FileStore, checkpoints: CheckpointStore, isTop: Bool, preview: PreviewPlan,
        progress: ProgressMeter
    ) throws(TilerError) {
        self.plan = plan
        self.checkpoints = checkpoints
        self.isTop = isTop
        self.progress = progress
        blank = Sample.blank(plan.source.plan)
        switch plan.source.placement {
        case .grid(let grid): sampler = try GridLeafSampler(plan, grid)
        case .projected(let map): sampler = try ProjectedLeafSampler(plan, map)
        }
        encoder = TileEncoder(plan: plan, files: files)
        emptyOutput = WorkerOutput(leafOrder: plan.leafOrder, preview: preview)
        output = emptyOutput
        for _ in 0...plan.leafOrder.value {
            let buffer = UnsafeMutablePointer<Sample>.allocate(capacity: Self.pixelCount)
            buffer.initialize(repeating: blank ?? Sample.defaultBlank, count: Self.pixelCount)
            buffers.append(buffer)
        }
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
    }

    /// Builds the subtree below a cell at the order of the units of work, and keeps its root.
    func buildUnit(_ cell: Cell) throws(TilerError) {
        _ = try build(cell) { child throws(TilerError) in
            child.order == self.plan.leafOrder ? try self.sampleLeaf(child) : nil
        }
    }

    /// Builds the orders above the units of work below one base cell, from the kept roots.
    func buildTop(_ cell: Cell) throws(TilerError) {
        _ = try build(cell) { child throws(TilerError) in
            guard child.order == self.plan.unitOrder else { return nil }
            return try self.checkpoints.load(
                into: self.buffers[child.order.value], count: Self.pixelCount, of: child,
                empty: self.emptyOutput)
        }
    }

    /// Builds a subtree, or takes over what an earlier process built of it.
    private func buildKept(
        _ cell: Cell, bottom: (Cell) throws(TilerError) -> Int?
    ) throws(TilerError) -> Int {
        let samples = buffers[cell.order.value]
        if let kept = try checkpoints.take(cell, empty: emptyOutput) {
            output.add(kept.output)
            output.statistics.resumedTiles += kept.output.statistics.tiles.reduce(0, +)
            progress.passed(leaves: kept.output.statistics.tiles.last ?? 0)
            // The root of a unit is needed only when all units are there.
            if cell.order == plan.unitOrder { return kept.valid }
            return try checkpoints.load(into: samples, count: Self.pixelCount, of: cell, empty: emptyOutput)
        }
        let before = output
        output = emptyOutput
        let valid = try buildTiles(cell, bottom: bottom)
        try checkpoints.save(samples, count: Self.pixelCount, of: cell, valid: valid, output)
        if cell.order.value < plan.checkpointOrders.upperBound { try checkpoints.forget(childrenOf: cell) }
        let own = output
        output = before
        output.add(own)
        return valid
    }

    /// Depth first; `bottom` gives the number of valid pixels of a cell whose buffer it filled, nil for cells
    /// whose children are to be built first.
    /// - Returns: the number of valid pixels now in the cell's buffer.
    private func build(
        _ cell: Cell, bottom: (Cell) throws(TilerError) -> Int?
    ) throws(TilerError) -> Int {
        guard plan.touches(cell) else { return 0 }
        guard !isTop, plan.checkpointOrders.contains(cell.order.value) else {
            return try buildTiles(cell, bottom: bottom)
        }
        return try buildKept(cell, bottom: bottom)
    }

    private func buildTiles(
        _ cell: Cell, bottom: (Cell) throws(TilerError) -> Int?
    ) throws(TilerError) -> Int {
        if Task.isCancelled { throw .cancelled }
        let order = cell.order.value
        if !isTop, cell.order == plan.windowOrder, cell.order <= plan.leafOrder { try sampler.prepare(cell) }
        if let valid = try bottom(cell) {
            // A root that comes from the store was written as a tile when its subtree was built.
            if cell.order == plan.leafOrder { try finish(cell, valid) }
            return valid
        }
        let half = tileWidth / 2
        var valid = 0
        for index in 0..<4 {
            guard let child = cell.child(index) else { continue }
            let count = try build(child, bottom: bottom)
            // Bit 0 of the child's number is x, which counts rows; bit 1 is y, which counts columns.
            let corner = buffers[order] + (index & 1) * half * tileWidth + (index >> 1) * half
            if count == 0 {
                for row in 0..<half {
                    (corner + row * tileWidth).update(repeating: blank ?? Sample.defaultBlank, count: half)
                }
            } else {
                Sample.halve(
                    buffers[order + 1], width: half, height: half,
                    blank: count == Self.pixelCount ? nil : blank, into: corner, outStride: tileWidth)
                valid += count
            }
        }
        if valid == 4 * Self.pixelCount {
            valid = Self.pixelCount
        } else if valid > 0 {
            valid = Sample.countValid(buffers[order], count: Self.pixelCount, blank: blank)
        }
        try finish(cell, valid)
        return valid
    }

    private func sampleLeaf(_ leaf: Cell) throws(TilerError) -> Int {
        defer { progress.finishedLeaf() }
        return try sampler.sample(leaf, into: buffers[leaf.order.value])
    }

    // MARK: - Finished tiles

    private func finish(_ cell: Cell, _ valid: Int) throws(TilerError) {
        guard valid > 0 else { return }
        let samples = UnsafePointer(buffers[cell.order.value])
        let missing = valid == Self.pixelCount ? nil : blank
        output.statistics.tiles[cell.order.value] += 1
        output.statistics.bytes += try encoder.write(samples, cell, blank: blank, opaque: missing == nil)
        if cell.order == plan.leafOrder {
            if let range = Sample.range(samples, count: Self.pixelCount, blank: missing) {
                output.statistics.minimum = min(output.statistics.minimum, range.low)
                output.statistics.maximum = max(output.statistics.maximum, range.high)
            }
            let covered = Coverage.cells(samples, tile: cell, blank: missing, mocOrder: plan.mocOrder)
            for part in covered { output.statistics.cover(part.range) }
        }
        output.keepReduced(samples, cell, blank: missing)
        output.preview.paint(samples, cell, blank: missing, palette: plan.palette)
    }
}
