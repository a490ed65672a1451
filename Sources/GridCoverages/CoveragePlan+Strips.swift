internal import Rasters

/// How the rows of an answer are divided: a first strip, and others of one height below it.
struct StripLayout: Equatable {
    /// Rows of the answer.
    let rows: Int
    /// Rows of the first strip and of the others but the last.
    let first, height: Int

    /// Strips of one height.
    init(rows: Int, height: Int) {
        self.rows = rows
        (first, self.height) = (height, height)
    }

    /// Strips of whole rows of the blocks of a file, as many as there are in so many rows, one at least.
    /// - Parameters:
    ///   - rows: rows of the answer.
    ///   - row: the first of them in the file's grid, which begins in the north.
    ///   - count: rows of the file.
    ///   - rowsRunNorth: whether the file, and with it the blocks, begins in the south.
    init(rows: Int, from row: Int, of count: Int, rowsRunNorth: Bool, block: Int, wanted: Int) {
        self.rows = rows
        height = max(1, wanted / block) * block
        // Rows of the uppermost block that lie above the answer.
        first = height - (rowsRunNorth ? (block - (count - row) % block) % block : row % block)
    }

    /// The strip that a row lies in.
    func strip(of row: Int) -> Range<Int> {
        if row < first { return 0..<min(first, rows) }
        let start = first + (row - first) / height * height
        return start..<min(start + height, rows)
    }

    /// All strips, the uppermost first.
    var strips: some Sequence<Range<Int>> {
        sequence(state: 0) { row -> Range<Int>? in
            guard row < rows else { return nil }
            let strip = strip(of: row)
            row = strip.upperBound
            return strip
        }
    }
}

extension CoveragePlan {
    /// The rows that are made at a time.
    ///
    /// In between it is asked whether anybody still waits, and whether the file is what it was.
    var layout: StripLayout {
        let row = max(1, grid.width * bands.count * type.size)
        func fitting(_ bytes: Int) -> Int { max(1, min(grid.height, bytes / row)) }
        func even(_ height: Int) -> StripLayout { StripLayout(rows: grid.height, height: height) }
        let usual = fitting(memoryBytes / 4)
        guard case .native(let native) = coverage.kind else { return even(usual) }
        let wanted = native.isRemote ? min(usual, fitting(Self.remoteStripBytes)) : usual
        if let pixels {
            let count = native.source.fileRows
            let block = min(native.block.height, count)
            // A block that is read for some of its rows is decoded again for the others: as many at a time as may be
            // where not a row of blocks fits.
            guard block * row <= memoryBytes else { return even(usual) }
            return StripLayout(
                rows: grid.height, from: pixels.rows.lowerBound, of: count,
                rowsRunNorth: native.source.orientation.rowsRunNorth, block: block, wanted: wanted)
        }
        guard let reading = ScaledReading(self) else { return even(wanted) }
        let bytes = native.isRemote ? Self.remoteReadBytes : Self.localReadBytes
        return even(min(wanted, reading.rows(within: bytes)))
    }

    /// Bytes of samples on a server that are read at a time, where blocks are not larger.
    static let remoteStripBytes = 1 << 20
    /// Bytes of a file that the samples of a strip in another size are made of, where blocks are not larger.
    private static let remoteReadBytes = 64 << 20
    private static let localReadBytes = 1 << 30
}

/// What GDAL takes out of a file for an answer in another size.
struct ScaledReading {
    /// Columns and rows of the file, or of the smaller copy of it that is taken.
    private let size: (width: Int, height: Int)
    /// How many of them make a column and a row of the answer.
    private let step: (x: Double, y: Double)
    /// How many of them the answer covers.
    private let part: (columns: Double, rows: Double)
    private let block: (width: Int, height: Int)
    /// Whether a row of blocks is one block.
    private let isStriped: Bool
    private let plan: CoveragePlan

    /// Nil for answers that are not taken out of a file in another size.
    init?(_ plan: CoveragePlan) {
        guard case .native(let native) = plan.coverage.kind, plan.pixels == nil else { return nil }
        let (own, grid) = (plan.coverage.grid, plan.grid)
        let (x, y) = (grid.pixelWidth / own.pixelWidth, grid.pixelHeight / own.pixelHeight)
        // GDAL takes the smallest copy that has not fewer pixels than the answer, or not many fewer.
        var size = (width: own.width, height: own.height)
        for copy in native.overviews where copy.width > 0 && copy.height > 0 && copy.width < size.width {
            let factor = min(Double(own.width) / Double(copy.width), Double(own.height) / Double(copy.height))
            if factor <= min(x, y) * 1.05 { size = copy }
        }
        let (shareX, shareY) = (
            Double(size.width) / Double(own.width), Double(size.height) / Double(own.height)
        )
        self.plan = plan
        self.size = size
        step = (x * shareX, y * shareY)
        part = (
            min(Double(grid.width) * step.x, Double(size.width)),
            min(Double(grid.height) * step.y, Double(size.height))
        )
        block = native.block
        isStriped = block.width >= own.width
    }

    private static func whole(_ number: Double) -> Int { Int(min(max(number.rounded(.up), 1), 1e15)) }

    /// Rows of the answer that are made of so many bytes of the file, or of one row of blocks; one at least.
    func rows(within bytes: Int) -> Int {
        let row = max(1, step.y) * part.columns * Double(plan.bands.count * plan.type.size)
        return max(
            Self.whole((Double(bytes) / row).rounded(.down)), Self.whole(Double(block.height) / step.y))
    }

    /// Samples of a band that have to be read.
    var samples: Int {
        guard plan.interpolation == .nearest else { return Self.whole(part.columns * part.rows) }
        // Blocks are read as a whole, those without a sample of the answer are not.
        let rows = min(part.rows, Double(plan.grid.height) * Double(block.height))
        let columns = min(part.columns, Double(plan.grid.width) * Double(block.width))
        return Self.whole(rows * columns)
    }

    /// Bytes that GDAL holds beside its cache of blocks.
    ///
    /// It makes as many pixels of the answer at a time as a million of the file give, one at least, and takes with them what
    /// their kernels reach of the file on all sides (`GDALRasterBand::RasterIOResampled`).
    var workBytes: Int {
        let radius: Double
        switch plan.interpolation {
        case .nearest: return 0
        case .linear: radius = 1
        case .cubic: radius = 2
        }
        var (columns, rows) = (plan.grid.width, plan.layout.height)
        func reach(_ pixels: Int, _ step: Double, _ count: Int) -> Double {
            min(3 + Double(pixels) * step, Double(count))
        }
        while columns > 1 || rows > 1 {
            let (width, height) = (reach(columns, step.x, size.width), reach(rows, step.y, size.height))
            if width * height <= 1024 * 1024 { break }
            if isStriped, width >= Double(size.width), rows > 1 {
                rows /= 2
            } else if columns > 1, width > height || rows == 1 {
                columns /= 2
            } else {
                rows /= 2
            }
        }
        func held(_ pixels: Int, _ step: Double, _ count: Int) -> Double {
            min(reach(pixels, step, count) + 2 * radius * max(1, step.rounded()), Double(count))
        }
        let (width, height) = (held(columns, step.x, size.width), held(rows, step.y, size.height))
        // Samples and whether they count, which they are read once more for; then the columns, which are done first.
        let sample: Double = plan.type == .uint8 ? 2 : plan.type.size < 8 ? 9 : 17
        return Self.whole(height * (width * sample + Double(columns) * 9))
    }
}
