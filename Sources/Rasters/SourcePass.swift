internal import GDAL

/// One way through a source from its beginning to its end, each block decoded once.
struct SourcePass: ~Copyable {
    private let source: RasterSource
    private let file: SampleFile

    /// Samples of all bands that are in memory at a time, if blocks allow that.
    private static let mostSamples = 1 << 21

    init(_ source: RasterSource) throws(GDALError) {
        self.source = source
        file = try SampleFile(source)
    }

    /// Reads everything.
    /// - Parameter body: told of each window its samples as stored, band after band, and one byte a pixel of the mask,
    ///   0 where invalid, if there is one. Of values that is the file's mask; of colours it says all, for what a colour is
    ///   cannot be told from a channel.
    /// - Parameter hole: told of windows that were never written, which are read like others where it is nil.
    func run(
        _ body: (PixelWindow, UnsafeRawBufferPointer, UnsafeRawBufferPointer?) throws(GDALError) -> Void,
        hole: ((PixelWindow) -> Void)? = nil
    ) throws(GDALError) {
        let size = Self.pieces(of: source)
        let pixels = size.columns * size.rows
        let type = source.plan.storedType
        let bands = source.readBands
        let samples = UnsafeMutableRawBufferPointer.allocate(
            byteCount: pixels * bands.count * type.size, alignment: 16)
        defer { samples.deallocate() }
        let bits = try source.imageMask.map { path throws(GDALError) in
            try BitMaskReader(path: path, columns: source.fileColumns, rows: source.fileRows)
        }
        let test = source.plan.kind == .colour && source.plan.palette.isEmpty ? PixelTest(source.plan) : nil
        let mask =
            source.plan.usesMask || bits != nil || test?.mayFail == true
            ? UnsafeMutableRawBufferPointer.allocate(byteCount: pixels, alignment: 16) : nil
        defer { mask?.deallocate() }
        let step = Self.steps(of: source, pieces: size)
        for top in stride(from: 0, to: source.fileRows, by: step.rows) {
            for left in stride(from: 0, to: source.fileColumns, by: step.columns) {
                // A block too large to be read at once is read in pieces while GDAL holds it.
                let bottom = min(top + step.rows, source.fileRows)
                let right = min(left + step.columns, source.fileColumns)
                for row in stride(from: top, to: bottom, by: size.rows) {
                    for column in stride(from: left, to: right, by: size.columns) {
                        let window = PixelWindow(
                            column: column, row: row, width: min(size.columns, right - column),
                            height: min(size.rows, bottom - row))
                        if let hole, source.storage.hasHoles, file.dataset.isHole(band: bands[0], window) {
                            hole(window)
                            continue
                        }
                        let plane = window.width * window.height * type.size
                        try file.read(
                            bands: bands, window: window, into: samples, type: type, pixelStride: type.size,
                            lineStride: window.width * type.size, bandStride: plane)
                        if let mask {
                            let part = UnsafeMutableRawBufferPointer(
                                rebasing: mask[..<(window.width * window.height)])
                            try file.readMask(source.readMask, band: bands[0], window: window, into: part)
                            if let test, let start = samples.baseAddress {
                                let pixels = part.count
                                for i in 0..<pixels where !test.passes(start, i, plane: pixels) {
                                    part[i] = 0
                                }
                            }
                            if let bits, let start = part.baseAddress {
                                try bits.clear(
                                    start.assumingMemoryBound(to: UInt8.self), stride: window.width, window)
                            }
                        }
                        try body(
                            window, UnsafeRawBufferPointer(rebasing: samples[..<(plane * bands.count)]),
                            mask.map { UnsafeRawBufferPointer($0) })
                    }
                }
            }
        }
    }

    /// Whole blocks that are gone through from north to south and from west to east.
    private static func steps(of source: RasterSource, pieces: (columns: Int, rows: Int)) -> (
        columns: Int, rows: Int
    ) {
        let block = source.storage
        func whole(_ size: Int, _ block: Int) -> Int { (size + block - 1) / block * block }
        return (whole(pieces.columns, block.blockColumns), whole(pieces.rows, block.blockRows))
    }

    /// Columns and rows that are read at once: some whole blocks, or a part of one.
    private static func pieces(of source: RasterSource) -> (columns: Int, rows: Int) {
        let block = source.storage
        let most = max(1, mostSamples / source.plan.bands.count)
        let blockColumns = min(block.blockColumns, source.fileColumns)
        let blockRows = min(block.blockRows, source.fileRows)
        guard blockColumns.multipliedReportingOverflow(by: blockRows).partialValue <= most, blockRows <= most
        else {
            let columns = min(blockColumns, most)
            return (columns, min(blockRows, max(1, most / columns)))
        }
        let across = max(1, most / blockRows / blockColumns)
        let columns = min(source.fileColumns, across * blockColumns)
        let down = columns < source.fileColumns ? 1 : max(1, most / columns / blockRows)
        return (columns, min(source.fileRows, down * blockRows))
    }
}
