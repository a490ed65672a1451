internal import Glibc
internal import HEALPix
internal import PlanetaryFrames
internal import Pixels
internal import Rasters

/// Samples leaves out of a source in a map projection; one per worker.
///
/// Where each pixel lies in the file is worked out first, so that just the samples around those places are read.
/// The pixels of a tile over a seam of the projection lie in two parts of the file, which are read one after the other.
/// Those whose own samples lie in both parts are left to ``SeamSampler``.
final class ProjectedLeafSampler<Sample: TilePixel>: LeafSampler {
    private let reader: RasterReader<Sample>
    private let blank: Sample?
    private let averagingLevels: Int
    private let placement: ProjectedPlacement
    private let lattice: SourceGrid
    private let interpolation: Interpolation
    private let blankMayOccur: Bool
    private let windowSamples: Int
    private let grid: ProjectionGrid
    private let seam: SeamSampler<Sample>?
    private let window = SourceWindow<Sample>()
    /// Places of the tile's pixels: samples from the centre of the first one; not-a-number outside the source.
    private let columns: UnsafeMutablePointer<Double>
    private let rows: UnsafeMutablePointer<Double>
    private let columnTable = SampleTable(count: tileWidth)
    private let rowTable = SampleTable(count: tileWidth)
    private let scratch: UnsafeMutablePointer<Sample>
    private let sums: UnsafeMutablePointer<Sample.Sum>
    private let weights: UnsafeMutablePointer<Double>

    /// A square part of a tile: its first row, first column and size.
    typealias Block = (row: Int, column: Int, size: Int)

    init(_ plan: TilePlan, _ placement: ProjectedPlacement) throws(TilerError) {
        self.placement = placement
        lattice = plan.source.lattice
        blank = Sample.blank(plan.source.plan)
        averagingLevels = plan.averagingLevels
        switch plan.resampling {
        case .at(let interpolation): self.interpolation = interpolation
        case .average: interpolation = .bilinear
        }
        blankMayOccur = plan.source.plan.blankMayOccur
        windowSamples = max(1 << 16, plan.windowBytes / (MemoryLayout<Sample>.stride + 1))
        do {
            reader = try RasterReader<Sample>(plan.source, toBytes: plan.colourStretch)
        } catch {
            throw .source(error)
        }
        do {
            grid = try ProjectionGrid(
                frame: placement.frame, placement: placement.pixels, width: tileWidth, height: tileWidth)
            seam = try SeamSampler(placement, reader, interpolation)
        } catch {
            throw .source(.frame(error))
        }
        let pixels = tileWidth * tileWidth
        columns = .allocate(capacity: pixels)
        rows = .allocate(capacity: pixels)
        columns.initialize(repeating: .nan, count: pixels)
        rows.initialize(repeating: .nan, count: pixels)
        scratch = .allocate(capacity: tileWidth)
        scratch.initialize(repeating: Sample.defaultBlank, count: tileWidth)
        let side = averagingLevels > 0 ? tileWidth >> averagingLevels : 1
        sums = .allocate(capacity: side * side)
        sums.initialize(repeating: Sample.zero, count: side * side)
        weights = .allocate(capacity: side * side)
        weights.initialize(repeating: 0, count: side * side)
    }

    deinit {
        columns.deallocate()
        rows.deallocate()
        scratch.deallocate()
        sums.deallocate()
        weights.deallocate()
    }

    func prepare(_ cell: Cell) {}

    func sample(_ leaf: Cell, into out: UnsafeMutablePointer<Sample>) throws(TilerError) -> Int {
        guard averagingLevels == 0 else { return try average(leaf, into: out) }
        guard let geometry = locate(leaf) else { return 0 }
        for i in 0..<(tileWidth * tileWidth) { out[i] = blank ?? Sample.defaultBlank }
        var valid = 0
        try seam?.visit(geometry, columns: columns, rows: rows) { pixel, value in
            guard case .sum(let sum) = value else { return }
            let sample = Sample(clamping: sum)
            out[pixel] = self.blank.map { sample.avoiding($0) } ?? sample
            valid += 1
        }
        try visit((0, 0, tileWidth)) { block, box in
            for row in block.row..<(block.row + block.size) {
                valid += self.sampleRow(row, block, box, into: out)
            }
        }
        return valid
    }

    /// The mean of sub-pixels, `2^averagingLevels` to a side, that are no larger than the source's.
    private func average(_ leaf: Cell, into out: UnsafeMutablePointer<Sample>) throws(TilerError) -> Int {
        let levels = averagingLevels
        let size = tileWidth >> levels
        var valid = 0
        for row in 0..<(1 << levels) {
            for column in 0..<(1 << levels) {
                guard let part = leaf.part(depth: levels, row: row, column: column) else { continue }
                if let geometry = locate(part) {
                    try seam?.visit(geometry, columns: columns, rows: rows) { pixel, value in
                        guard case .sum(let sum) = value else { return }
                        let (line, place) = ((pixel / tileWidth) >> levels, (pixel % tileWidth) >> levels)
                        let target = line * size + place
                        self.sums[target] = Sample.add(self.sums[target], sum, 1)
                        self.weights[target] += 1
                    }
                    try visit((0, 0, tileWidth), accumulate)
                }
                for line in 0..<size {
                    valid += Sample.finishRow(
                        sums: sums + line * size, weights: weights + line * size, count: size, blank: blank,
                        into: out + (row * size + line) * tileWidth + column * size)
                }
            }
        }
        return valid
    }

    private func accumulate(_ block: Block, _ box: Box) {
        let size = tileWidth >> averagingLevels
        for row in block.row..<(block.row + block.size) {
            let start = (row >> averagingLevels) * size + (block.column >> averagingLevels)
            Sample.accumulateRow(
                request(row, block, box).0, shift: averagingLevels, window: window.base,
                mask: window.validity, sums: sums + start, weights: weights + start)
        }
    }

    // MARK: - Places

    /// Works out where the pixels of a tile lie.
    /// - Returns: the tile's geometry; nil when none of them lies in the source.
    private func locate(_ tile: Cell) -> TileGeometry? {
        guard let geometry = TileGeometry(tile: tile, widthOrder: tileWidthOrder) else { return nil }
        let longitudeOffset = placement.longitudeOffsetRad
        grid.prepare { i, j, lonRad, latRad in
            for k in 0..<i.count {
                // A tile's row is HEALPix's x, its column y.
                let (x, y) = (Int(j[k]), Int(i[k]))
                lonRad[k] =
                    geometry.lonCentreRad - longitudeOffset
                    + geometry.lonStepRad[x + y] * Double(geometry.xMinusYAtOrigin + Int64(x - y))
                latRad[k] = geometry.latRad[x + y]
            }
        }
        let lastColumn = Double(placement.columns) - 0.5 + SourceGrid.edgeTolerance
        let lastRow = Double(placement.rows) - 0.5 + SourceGrid.edgeTolerance
        let first = -0.5 - SourceGrid.edgeTolerance
        let turn = placement.columnsPerTurn
        let wraps = lattice.wraps
        var reference = Double.nan
        var isInside = false
        for row in 0..<tileWidth {
            let c = columns + row * tileWidth
            let r = rows + row * tileWidth
            var columnSpan = UnsafeMutableBufferPointer(start: c, count: tileWidth).mutableSpan
            var rowSpan = UnsafeMutableBufferPointer(start: r, count: tileWidth).mutableSpan
            grid.row(row, columns: &columnSpan, rows: &rowSpan)
            for i in 0..<tileWidth {
                var column = c[i] - 0.5
                let line = r[i] - 0.5
                if let turn, column.isFinite {
                    if wraps {
                        // Pixels of a tile lie together, whatever turns they were given in.
                        if reference.isNaN { reference = column }
                        column = reference + remainder(column - reference, turn)
                    } else {
                        column -= turn * ((column + 0.5 + SourceGrid.edgeTolerance) / turn).rounded(.down)
                    }
                }
                let inside =
                    line >= first && line <= lastRow
                    && (wraps ? column.isFinite : column >= first && column <= lastColumn)
                c[i] = inside ? column : .nan
                r[i] = line
                if inside { isInside = true }
            }
        }
        return isInside ? geometry : nil
    }

    // MARK: - Reading

    /// A part of the file, in places as they are kept: bounds of what lies in it.
    struct Box {
        var west = Double.infinity
        var east = -Double.infinity
        var north = Double.infinity
        var south = -Double.infinity

        var isEmpty: Bool { west > east }

        mutating func take(_ column: Double, _ row: Double) {
            west = min(west, column)
            east = max(east, column)
            north = min(north, row)
            south = max(south, row)
        }
    }

    /// Reads what a block needs, in as many pieces as the seam and the memory ask for.
    private func visit(
        _ block: Block, _ body: (Block, Box) -> Void
    ) throws(TilerError) {
        for box in boxes(of: block) {
            let size = (box.east - box.west + 6) * (box.south - box.north + 6)
            if size > Double(windowSamples), block.size > max(16, 1 << averagingLevels) {
                let half = block.size / 2
                for part in 0..<4 {
                    try visit(
                        (block.row + (part & 1) * half, block.column + (part >> 1) * half, half), body)
                }
                return
            }
        }
        for box in boxes(of: block) {
            try load(block, box)
            if !window.isEmpty { body(block, box) }
        }
    }

    /// The bounds of a block's places; two where they lie at opposite sides of the file.
    private func boxes(of block: Block) -> [Box] {
        var whole = Box()
        forEach(block) { whole.take($0, $1) }
        guard !whole.isEmpty else { return [] }
        let width = whole.east - whole.west
        guard width > Double(placement.columns) / 8, !lattice.wraps else { return [whole] }
        // The widest stretch of columns that no pixel needs.
        let bins = 64
        var filled = [Bool](repeating: false, count: bins)
        forEach(block) { column, _ in
            filled[min(bins - 1, Int((column - whole.west) / width * Double(bins)))] = true
        }
        var gap = 0..<0
        var start = 0
        for bin in 0..<bins {
            if filled[bin] { start = bin + 1 } else if bin + 1 - start > gap.count { gap = start..<(bin + 1) }
        }
        guard gap.count >= bins / 4 else { return [whole] }
        let middle = whole.west + width * Double(gap.lowerBound + gap.upperBound) / 2 / Double(bins)
        var (left, right) = (Box(), Box())
        forEach(block) { if $0 < middle { left.take($0, $1) } else { right.take($0, $1) } }
        return [left, right]
    }

    private func forEach(_ block: Block, _ body: (_ column: Double, _ row: Double) -> Void) {
        for row in block.row..<(block.row + block.size) {
            let start = row * tileWidth + block.column
            for i in start..<(start + block.size) where !columns[i].isNaN { body(columns[i], rows[i]) }
        }
    }

    /// Rows of the window that are read with the same columns.
    private static var rowsPerRun: Int { 32 }

    private func load(_ block: Block, _ box: Box) throws(TilerError) {
        let reach = interpolation.reach
        let firstRow = line(box.north) - reach
        let lastRow = line(box.south) + 1 + reach
        let count = (lastRow - firstRow) / Self.rowsPerRun + 1
        var first = [Int](repeating: .max, count: count)
        var last = [Int](repeating: .min, count: count)
        forEach(block) { column, row in
            guard column >= box.west, column <= box.east else { return }
            let at = index(column)
            let top = line(row) - reach - firstRow
            for group in (top / Self.rowsPerRun)...((top + 1 + 2 * reach) / Self.rowsPerRun) {
                first[group] = min(first[group], at - reach)
                last[group] = max(last[group], at + 2 + reach)
            }
        }
        var runs: [WindowRun] = []
        for group in 0..<count where first[group] < last[group] {
            let top = firstRow + group * Self.rowsPerRun
            runs.append(
                WindowRun(
                    rows: top..<min(top + Self.rowsPerRun, lastRow + 1), columns: first[group]..<last[group]))
        }
        guard let west = first.min(), let east = last.max(), west < east else { return }
        do {
            try reader.load(window, columns: west..<east, rows: firstRow..<(lastRow + 1), runs: runs)
        } catch {
            throw .source(error)
        }
    }

    /// The extended index of the sample at or before a place.
    private func index(_ column: Double) -> Int {
        lattice.wraps
            ? lattice.columnPosition(steps: column)?.index ?? 0
            : Int(max(0, min(column, Double(placement.columns - 1))).rounded(.down))
    }

    /// The row at or before a place.
    private func line(_ row: Double) -> Int {
        Int(max(0, min(row, Double(placement.rows - 1))).rounded(.down))
    }

    // MARK: - Rows

    private func sampleRow(
        _ row: Int, _ block: Block, _ box: Box, into out: UnsafeMutablePointer<Sample>
    ) -> Int {
        let (request, isWhole) = request(row, block, box)
        let target = out + row * tileWidth + block.column
        if isWhole, interpolation == .bilinear, window.isFullyValid {
            Sample.bilinearRow(request, window: window.base, into: target)
            if let blank, blankMayOccur { Sample.keepClear(target, count: block.size, of: blank) }
            return block.size
        }
        let valid = Sample.maskedRow(
            request, interpolation, window: window.base, mask: window.validity, blank: blank, into: scratch)
        for i in 0..<block.size where columnTable.index[i] != SampleTable.outside { target[i] = scratch[i] }
        return valid
    }

    /// Places of a row's pixels in the window.
    /// - Returns: the request, and whether all its pixels lie in the box.
    private func request(_ row: Int, _ block: Block, _ box: Box) -> (RowRequest, Bool) {
        let start = row * tileWidth + block.column
        let lastColumn = Double(placement.columns - 1)
        let lastRow = Double(placement.rows - 1)
        var isWhole = true
        for i in 0..<block.size {
            let column = columns[start + i]
            guard column >= box.west, column <= box.east else {
                columnTable.index[i] = SampleTable.outside
                rowTable.index[i] = SampleTable.outside
                isWhole = false
                continue
            }
            if lattice.wraps, let place = lattice.columnPosition(steps: column) {
                columnTable.index[i] = Int32(place.index - window.firstColumn)
                columnTable.fraction[i] = place.fraction
            } else {
                let settled = max(0, min(column, lastColumn))
                let whole = settled.rounded(.down)
                columnTable.index[i] = Int32(Int(whole) - window.firstColumn)
                columnTable.fraction[i] = settled - whole
            }
            let settled = max(0, min(rows[start + i], lastRow))
            let whole = settled.rounded(.down)
            rowTable.index[i] = Int32((Int(whole) - window.firstRow) * window.width)
            rowTable.fraction[i] = settled - whole
        }
        return (
            RowRequest(
                rowOffset: UnsafePointer(rowTable.index), rowFraction: UnsafePointer(rowTable.fraction),
                columnOffset: UnsafePointer(columnTable.index),
                columnFraction: UnsafePointer(columnTable.fraction),
                count: block.size, stride: window.width), isWhole
        )
    }
}
