internal import HEALPix
internal import Pixels
internal import Rasters

/// Samples leaves out of a source whose columns are longitudes and rows latitudes.
///
/// What the leaves below one cell need is read at once, a *window*; where that would be too much, a part of a leaf is
/// read at a time.
final class GridLeafSampler<Sample: TilePixel>: LeafSampler {
    private let plan: TilePlan
    private let blank: Sample?
    private let reader: RasterReader<Sample>
    private let window = SourceWindow<Sample>()
    private let sampler: TileSampler<Sample>
    private var windowIsEmpty = true

    init(_ plan: TilePlan, _ grid: SourceGrid) throws(TilerError) {
        self.plan = plan
        blank = Sample.blank(plan.source.plan)
        var poles: PoleLines<Sample>?
        do {
            reader = try RasterReader<Sample>(plan.source, toBytes: plan.colourStretch)
            if PoleLines<Sample>.areNeeded(for: grid) { poles = try reader.poleLines() }
        } catch {
            throw .source(error)
        }
        let pixel = TilePlan.pixelDegrees(order: plan.leafOrder.value)
        sampler = TileSampler(
            grid: grid, resampling: plan.resampling, blankMayOccur: plan.source.plan.blankMayOccur,
            poles: poles, averagedDegrees: pixel / Double(1 << plan.averagingLevels))
    }

    func prepare(_ cell: Cell) throws(TilerError) { try loadWindow(cell) }

    func sample(_ leaf: Cell, into out: UnsafeMutablePointer<Sample>) throws(TilerError) -> Int {
        let levels = plan.averagingLevels
        if levels > 0 { return try average(leaf, levels: levels, into: out) }
        guard plan.windowOrder > plan.leafOrder else {
            guard !windowIsEmpty else { return 0 }
            return sampler.sample(leaf, block: (0, 0, tileWidth), window: window, blank: blank, into: out)
        }
        let depth = plan.windowOrder.value - leaf.order.value
        let size = tileWidth >> depth
        var valid = 0
        for row in 0..<(1 << depth) {
            for column in 0..<(1 << depth) {
                guard let part = leaf.part(depth: depth, row: row, column: column) else { continue }
                try loadWindow(part)
                let block = (row: row * size, column: column * size, size: size)
                if windowIsEmpty {
                    fill(block, of: out)
                } else {
                    valid += sampler.sample(leaf, block: block, window: window, blank: blank, into: out)
                }
            }
        }
        return valid
    }

    private func average(
        _ leaf: Cell, levels: Int, into out: UnsafeMutablePointer<Sample>
    ) throws(TilerError) -> Int {
        let size = tileWidth >> levels
        let ownWindows = plan.windowOrder > plan.leafOrder
        guard ownWindows || !windowIsEmpty else { return 0 }
        var valid = 0
        for row in 0..<(1 << levels) {
            for column in 0..<(1 << levels) {
                guard let part = leaf.part(depth: levels, row: row, column: column) else { continue }
                if ownWindows {
                    try loadWindow(part)
                    if windowIsEmpty {
                        fill((row * size, column * size, size), of: out)
                        continue
                    }
                }
                valid += sampler.average(
                    part, part: (row, column), levels: levels, window: window, blank: blank, into: out)
            }
        }
        return valid
    }

    private func loadWindow(_ cell: Cell) throws(TilerError) {
        guard let need = sampler.need(of: cell) else {
            windowIsEmpty = true
            return
        }
        do {
            try reader.load(
                window, columns: need.columns, rows: need.rows, runs: sampler.runs(of: cell, in: need))
        } catch {
            throw .source(error)
        }
        if plan.resampling == .average { window.averageColumns(sampler.averagedSpan) }
        windowIsEmpty = window.isEmpty
    }

    private func fill(_ block: (row: Int, column: Int, size: Int), of out: UnsafeMutablePointer<Sample>) {
        for row in block.row..<(block.row + block.size) {
            (out + row * tileWidth + block.column).update(
                repeating: blank ?? Sample.defaultBlank, count: block.size)
        }
    }
}
