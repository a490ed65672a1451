internal import GDAL
internal import Maps
internal import Rasters

/// The samples of a file on its own grid.
struct NativeStrips: CoverageStrips {
    private let plan: CoveragePlan
    private let native: NativeSource
    private let files: OpenSources
    private let cancelled: @Sendable () -> Bool
    /// That of the file when the answer was begun, which it has to have until the end.
    private let epoch: Int
    private let begin = ContinuousClock.now
    /// How often samples were read, and when that last ended.
    private var reads = (count: 0, last: ContinuousClock.now)

    init(
        _ plan: CoveragePlan, _ native: NativeSource, _ files: OpenSources,
        _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) {
        let look = native.look()
        self.plan = plan
        self.native = native
        self.files = files
        self.cancelled = cancelled
        epoch = look.epoch
        try check(look)
    }

    mutating func samples(rows: Range<Int>, bands: [Int]) throws(CoverageError) -> [UInt8] {
        if cancelled() { throw .cancelled }
        let samples: [UInt8]
        do throws(GDALError) {
            samples =
                native.isRemote
                ? try VirtualFile.hurrying(seconds: SourceWatch.readingSeconds) { () throws(GDALError) in
                    try read(rows, bands)
                } : try read(rows, bands)
        } catch {
            if cancelled() { throw .cancelled }
            // A part that cannot be read says nothing of the others; GDAL's words name the path.
            try check(native.look(since: .now))
            throw .sourceUnreadable(coverage: plan.coverage.identifier)
        }
        reads = (reads.count + 1, .now)
        // What was read of another file is not sent.
        try check(native.look())
        return samples
    }

    /// The word of a server may be some seconds old, and what came since of another file.
    mutating func finish() throws(CoverageError) {
        guard native.isRemote, reads.count > 1 || reads.last - begin > .seconds(1) else { return }
        try check(native.look(since: reads.last))
    }

    private func check(_ look: SourceWatch.Look) throws(CoverageError) {
        switch look.state {
        case .unchanged where look.epoch == epoch: break
        case .unchanged: throw .sourceUnreadable(coverage: plan.coverage.identifier)
        case .changed: throw .sourceGone(coverage: plan.coverage.identifier)
        case .unreachable: throw .sourceUnreachable(coverage: plan.coverage.identifier)
        }
    }

    private func read(_ rows: Range<Int>, _ bands: [Int]) throws(GDALError) -> [UInt8] {
        try files.read(native, epoch: epoch) { (file) throws(GDALError) in
            if let pixels = plan.pixels { return try exact(file, pixels, rows, bands) }
            return try scaled(file.dataset, rows, bands)
        }
    }

    /// Samples of the file itself.
    private func exact(
        _ file: borrowing SampleFile, _ pixels: CoveragePixels, _ rows: Range<Int>, _ bands: [Int]
    ) throws(GDALError) -> [UInt8] {
        let part = PixelWindow(
            column: pixels.columns.lowerBound, row: pixels.rows.lowerBound + rows.lowerBound,
            width: pixels.columns.count, height: rows.count)
        let window = turned(part)
        let size = native.type.size
        let pixelSize = bands.count * size
        var bytes = [UInt8](repeating: 0, count: part.width * part.height * pixelSize)
        for piece in pieces(window, pixelSize) {
            if cancelled() { throw givenUp }
            try read(into: &bytes, from: (piece.column - window.column) * pixelSize) {
                (buffer) throws(GDALError) in
                try file.read(
                    bands: bands.map { native.fileBands[$0] }, window: piece, into: buffer, type: native.type,
                    pixelStride: pixelSize, lineStride: part.width * pixelSize, bandStride: size)
            }
        }
        return upright(bytes, part.width, part.height, pixelSize)
    }

    /// Columns of blocks that are read one after the other: what is asked of a server at a time is bounded.
    private func pieces(_ window: PixelWindow, _ pixelSize: Int) -> [PixelWindow] {
        guard native.isRemote else { return [window] }
        let block = native.block.width
        let wanted = CoveragePlan.remoteStripBytes / max(1, window.height * pixelSize)
        let width = max(1, wanted / block) * block
        let end = window.column + window.width
        var pieces: [PixelWindow] = []
        var column = window.column
        while column < end {
            let next = min(column / block * block + width, end)
            pieces.append(
                PixelWindow(column: column, row: window.row, width: next - column, height: window.height))
            column = next
        }
        return pieces
    }

    private var givenUp: GDALError {
        GDALError(operation: "read", path: native.source.path, message: "nobody waits for it any more")
    }

    /// Samples between those of the file.
    ///
    /// Pixels outside of the file have no data.
    private func scaled(
        _ dataset: borrowing Dataset, _ rows: Range<Int>, _ bands: [Int]
    ) throws(GDALError) -> [UInt8] {
        let (grid, own) = (plan.grid, plan.coverage.grid)
        // Pixels of the answer whose centres lie in the file.
        func inside(_ origin: Double, _ step: Double, _ range: Range<Int>, _ count: Int) -> Range<Int> {
            let low = ((0 - origin) / step - 0.5).rounded(.up)
            let high = ((Double(count) - origin) / step - 0.5).rounded(.up)
            let first = Int(min(max(low, Double(range.lowerBound)), Double(range.upperBound)))
            let end = Int(min(max(high, Double(first)), Double(range.upperBound)))
            return first..<end
        }
        let (left, stepX) = ((grid.originX - own.originX) / own.pixelWidth, grid.pixelWidth / own.pixelWidth)
        let (top, stepY) = (
            (own.originY - grid.originY) / own.pixelHeight, grid.pixelHeight / own.pixelHeight
        )
        let columns = Span.spans(
            of: inside(left, stepX, 0..<grid.width, own.width), left, stepX, own.width)
        let lines = Span.spans(of: inside(top, stepY, rows, own.height), top, stepY, own.height)
        var bytes = blank(grid.width * rows.count, bands)
        for line in lines {
            for column in columns { try fill(&bytes, dataset, rows, column, line, bands) }
        }
        return bytes
    }

    /// Neighbouring pixels of the answer in one direction, and the part of the file that gives them.
    private struct Span {
        let pixels: Range<Int>
        let start, length: Double

        /// Those whose cells lie in the file as a whole, and one on each side at most that reaches over its edge.
        ///
        /// Of such a one the part around its centre counts that lies in the file: a window that is cut and has as many
        /// pixels as before would move all of them.
        static func spans(of pixels: Range<Int>, _ origin: Double, _ step: Double, _ count: Int) -> [Span] {
            var whole = pixels
            var spans: [Span] = []
            func cut(_ pixel: Int) {
                let centre = origin + (Double(pixel) + 0.5) * step
                let half = max(min(centre, Double(count) - centre, step / 2), 1e-3)
                let start = min(max(centre - half, 0), Double(count) - 2 * half)
                spans.append(Span(pixels: pixel..<(pixel + 1), start: start, length: 2 * half))
            }
            // Rounding of edges that were written in decimals, in pixels of the file.
            if let first = whole.first, origin + Double(first) * step < -1e-6 {
                cut(first)
                whole = (first + 1)..<whole.upperBound
            }
            if let last = whole.last, origin + Double(last + 1) * step > Double(count) + 1e-6 {
                cut(last)
                whole = whole.lowerBound..<last
            }
            if !whole.isEmpty {
                spans.append(
                    Span(
                        pixels: whole, start: origin + Double(whole.lowerBound) * step,
                        length: Double(whole.count) * step))
            }
            return spans
        }
    }

    /// Puts the pixels of two spans in their places among some rows.
    private func fill(
        _ bytes: inout [UInt8], _ dataset: borrowing Dataset, _ rows: Range<Int>, _ across: Span,
        _ down: Span, _ bands: [Int]
    ) throws(GDALError) {
        let (columns, lines) = (across.pixels, down.pixels)
        let pixelSize = bands.count * native.type.size
        let size = native.type.size
        let window = FractionalWindow(
            column: across.start, row: down.start, width: across.length, height: down.length)
        var part = [UInt8](repeating: 0, count: columns.count * lines.count * pixelSize)
        for (position, band) in bands.enumerated() {
            try read(into: &part, from: position * size) { (buffer) throws(GDALError) in
                try dataset.read(
                    band: native.fileBands[band], window: turned(window), into: buffer,
                    width: columns.count, height: lines.count, type: native.type, pixelStride: pixelSize,
                    lineStride: columns.count * pixelSize, resampling: resampling, cancelled: cancelled)
            }
        }
        part = upright(part, columns.count, lines.count, pixelSize)
        let length = columns.count * pixelSize
        for line in 0..<lines.count {
            let target =
                ((lines.lowerBound - rows.lowerBound + line) * plan.grid.width + columns.lowerBound)
                * pixelSize
            bytes.replaceSubrange(
                target..<(target + length), with: part[(line * length)..<((line + 1) * length)])
        }
    }

    private var resampling: WindowResampling {
        switch plan.interpolation {
        case .nearest: .nearest
        case .linear: .bilinear
        case .cubic: .cubic
        }
    }

    /// Pixels without data, 0 where the file has no value for that.
    private func blank(_ count: Int, _ bands: [Int]) -> [UInt8] {
        let pixel = bands.flatMap { band in
            SampleBytes.repeated(plan.coverage.bands[band].nilValues.first ?? 0, plan.type, count: 1)
        }
        return SampleBytes.repeated(pixel, count: count)
    }

    private func read(
        into bytes: inout [UInt8], from offset: Int,
        _ body: (UnsafeMutableRawBufferPointer) throws(GDALError) -> Void
    ) throws(GDALError) {
        var failure: GDALError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(GDALError) {
                try body(UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    // The file's columns may run west and its rows north; the coverage's grid never does.

    private func turned(_ part: PixelWindow) -> PixelWindow {
        let window = turned(
            FractionalWindow(
                column: Double(part.column), row: Double(part.row), width: Double(part.width),
                height: Double(part.height)))
        return PixelWindow(
            column: Int(window.column), row: Int(window.row), width: part.width, height: part.height)
    }

    private func turned(_ part: FractionalWindow) -> FractionalWindow {
        let orientation = native.source.orientation
        var part = part
        if orientation.columnsRunWest {
            part.column = Double(native.source.fileColumns) - part.column - part.width
        }
        if orientation.rowsRunNorth {
            part.row = Double(native.source.fileRows) - part.row - part.height
        }
        return part
    }

    private func upright(_ bytes: [UInt8], _ width: Int, _ height: Int, _ pixelSize: Int) -> [UInt8] {
        let orientation = native.source.orientation
        guard orientation.columnsRunWest || orientation.rowsRunNorth else { return bytes }
        var turned: [UInt8] = []
        turned.reserveCapacity(bytes.count)
        for row in 0..<height {
            let line = orientation.rowsRunNorth ? height - 1 - row : row
            for column in 0..<width {
                let pixel = orientation.columnsRunWest ? width - 1 - column : column
                let first = (line * width + pixel) * pixelSize
                turned += bytes[first..<(first + pixelSize)]
            }
        }
        return turned
    }
}
