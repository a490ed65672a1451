internal import GDAL

extension RasterSource {
    /// Goes through the source once and hands over its pixels that hold data, in rectangles that do not overlap.
    ///
    /// What is valid is what a build would take: not `noData`, not masked, not transparent, finite.
    ///
    /// - Parameters:
    ///   - range: physical values that a pixel must have as well, ends included; of colours there are none.
    ///   - largest: the most columns and rows of a rectangle.
    ///   - use: told of each rectangle, within each piece of the file from top to bottom.
    /// - Throws: ``RasterError/bands(path:found:remedy:)`` when a range is asked of colours, or the nodata rule needs a mask
    ///   that was not made; ``RasterError/gdal(_:)`` when the file cannot be read.
    public func pixelBlocks(
        in range: ClosedRange<Double>? = nil, largest: Int = .max, _ use: (PixelBlock) -> Void
    ) throws(RasterError) {
        guard range == nil || plan.isValues else {
            throw .bands(
                path: path, found: "its pixels are colours, which have no values",
                remedy: "leave the range out, or give one band with values")
        }
        guard !needsMask else {
            throw .bands(
                path: path, found: "its nodata rule needs a mask that was not made",
                remedy: "a folder for the mask was expected")
        }
        let test = PixelTest(plan, range)
        let rows = orientation.rows(lattice.firstRow..<lattice.lastRow + 1, of: fileRows)
        let columns = orientation.columns(0..<lattice.columns, of: fileColumns)
        do {
            try SourcePass(self).run(
                { window, samples, mask throws(GDALError) in
                    let down = rows.clamped(to: window.row..<window.row + window.height)
                    let across = columns.clamped(to: window.column..<window.column + window.width)
                    guard !down.isEmpty, !across.isEmpty, let start = samples.baseAddress else { return }
                    let plane = window.width * window.height
                    var stack = BlockStack(largest: largest)
                    func hand(_ blocks: [PixelBlock]) {
                        for block in blocks {
                            use(
                                PixelBlock(
                                    columns: orientation.columns(block.columns, of: fileColumns),
                                    rows: orientation.rows(block.rows, of: fileRows)))
                        }
                    }
                    for row in down {
                        let line = (row - window.row) * window.width
                        var runs: [Range<Int>] = []
                        var first: Int?
                        for column in across {
                            let index = line + column - window.column
                            let counts =
                                mask?.load(fromByteOffset: index, as: UInt8.self) != 0
                                && test.passes(start, index, plane: plane)
                            if counts {
                                if first == nil { first = column }
                            } else if let begun = first {
                                runs.append(begun..<column)
                                first = nil
                            }
                        }
                        if let first { runs.append(first..<across.upperBound) }
                        hand(stack.add(runs, row: row))
                    }
                    hand(stack.finish(row: down.upperBound))
                }, hole: { _ in })
        } catch {
            throw .gdal(error)
        }
    }
}

/// Joins runs of pixels that are the same in rows that follow each other.
private struct BlockStack {
    let largest: Int
    /// Runs of the last row and the row where each began, from left to right.
    private var open: [(columns: Range<Int>, first: Int)] = []

    init(largest: Int) { self.largest = largest }

    /// Takes the runs of the next row, from left to right.
    /// - Returns: what the row ends.
    mutating func add(_ runs: [Range<Int>], row: Int) -> [PixelBlock] {
        var done: [PixelBlock] = []
        var next: [(columns: Range<Int>, first: Int)] = []
        var place = 0
        for run in runs {
            var part = run
            while !part.isEmpty {
                let piece =
                    part.lowerBound..<(part.count > largest ? part.lowerBound + largest : part.upperBound)
                part = piece.upperBound..<part.upperBound
                while place < open.count, open[place].columns.lowerBound < piece.lowerBound {
                    done.append(PixelBlock(columns: open[place].columns, rows: open[place].first..<row))
                    place += 1
                }
                if place < open.count, open[place].columns == piece, row - open[place].first < largest {
                    next.append(open[place])
                    place += 1
                } else {
                    next.append((piece, row))
                }
            }
        }
        for block in open[place...] {
            done.append(PixelBlock(columns: block.columns, rows: block.first..<row))
        }
        open = next
        return done
    }

    /// What is left before a row.
    mutating func finish(row: Int) -> [PixelBlock] { add([], row: row) }
}
