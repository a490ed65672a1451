internal import GDAL
public import Pixels

/// Loads windows of a source for one worker, with its own handle on the file.
///
/// Beyond the seam a window continues with the columns of the other side; beyond a pole with the rows half a
/// turn away. Where a grid ends, its last sample is repeated: kernels may look there but weigh it by nothing,
/// or, for the wide ones, as the nearest sample.
public final class RasterReader<Sample: SourcePixel> {
    let source: RasterSource
    private let file: SampleFile
    private let imageMask: BitMaskReader?
    private let toBytes: ByteStretch?
    private(set) var line: [Sample] = []
    private(set) var lineMask: [UInt8] = []

    /// Opens the source once more for this reader alone.
    /// - Parameter toBytes: how samples wider than a byte become colour; nil for bytes and for values.
    /// - Throws: ``RasterError`` when the file has gone or changed, or its mask was not made.
    public convenience init(_ source: RasterSource, toBytes: ByteStretch? = nil) throws(RasterError) {
        guard !source.needsMask else {
            throw .bands(
                path: source.path, found: "its nodata rule needs a mask that was not made",
                remedy: "a folder for the mask was expected")
        }
        try self.init(unmasked: source, toBytes: toBytes)
    }

    /// Opens a source without asking for the mask that its nodata rule needs.
    init(unmasked source: RasterSource, toBytes: ByteStretch? = nil) throws(RasterError) {
        self.source = source
        self.toBytes = toBytes
        do {
            file = try SampleFile(source)
            imageMask = try source.imageMask.map { path throws(GDALError) in
                try BitMaskReader(path: path, columns: source.fileColumns, rows: source.fileRows)
            }
        } catch {
            throw .gdal(error)
        }
        guard file.dataset.width == source.fileColumns, file.dataset.height == source.fileRows else {
            throw .georeferencing(
                path: source.path,
                found: "its size changed to \(file.dataset.width) x \(file.dataset.height)",
                remedy: "leave the source alone while it is built, and start again")
        }
    }

    /// Fills `window` with extended columns and rows.
    /// - Parameter runs: what is needed of them, from north to south without gap; what lies outside is left as it is.
    ///   Without runs everything is filled.
    /// - Throws: ``RasterError/gdal(_:)`` when the file cannot be read.
    public func load(
        _ window: SourceWindow<Sample>, columns: Range<Int>, rows: Range<Int>, runs: [WindowRun] = []
    ) throws(RasterError) {
        window.resize(
            firstColumn: columns.lowerBound, firstRow: rows.lowerBound, width: columns.count,
            height: rows.count)
        let grid = source.lattice
        let masked = source.plan.mayBeInvalid
        let mask = masked ? window.freshMask(runs: runs) : nil
        let real = grid.firstRow..<(grid.lastRow + 1)
        for run in runs.isEmpty ? [WindowRun(rows: rows, columns: columns)] : runs {
            let inside = real.clamped(to: run.rows)
            if !inside.isEmpty { try loadRows(inside, run.columns, window, mask) }
        }
        for row in rows where !real.contains(row) {
            try loadBeyond(row, columns, window, mask)
        }
        window.settle(masked: masked, runs: runs)
    }

    /// Rows that exist in the file, in as few reads as the seam allows.
    private func loadRows(
        _ rows: Range<Int>, _ columns: Range<Int>, _ window: SourceWindow<Sample>,
        _ mask: UnsafeMutablePointer<UInt8>?
    ) throws(RasterError) {
        let grid = source.lattice
        let start =
            (rows.lowerBound - window.firstRow) * window.width + columns.lowerBound - window.firstColumn
        if grid.wraps {
            var column = columns.lowerBound
            while column < columns.upperBound {
                let (_, within) = floorDivide(column, grid.columns)
                let count = min(columns.upperBound - column, grid.columns - within)
                let offset = start + column - columns.lowerBound
                try read(
                    PixelWindow(column: within, row: rows.lowerBound, width: count, height: rows.count),
                    into: window.samples + offset, stride: window.width, mask: mask.map { $0 + offset })
                column += count
            }
        } else {
            let real = (0..<grid.columns).clamped(to: columns)
            guard !real.isEmpty else {
                for row in 0..<rows.count {
                    let first = start + row * window.width
                    try loadEdge(
                        rows.lowerBound + row, columns, window.samples + first, mask.map { $0 + first })
                }
                return
            }
            let offset = start + real.lowerBound - columns.lowerBound
            try read(
                PixelWindow(
                    column: real.lowerBound, row: rows.lowerBound, width: real.count, height: rows.count),
                into: window.samples + offset, stride: window.width, mask: mask.map { $0 + offset })
            for row in 0..<rows.count {
                repeatEdges(row: start + row * window.width, real, columns, window.samples)
                if let mask { repeatEdges(row: start + row * window.width, real, columns, mask) }
            }
        }
    }

    private func repeatEdges<T>(
        row: Int, _ real: Range<Int>, _ columns: Range<Int>, _ samples: UnsafeMutablePointer<T>
    ) {
        let left = real.lowerBound - columns.lowerBound
        let right = real.upperBound - columns.lowerBound
        for i in 0..<left { samples[row + i] = samples[row + left] }
        for i in right..<columns.count { samples[row + i] = samples[row + right - 1] }
    }

    /// A row beyond a pole, or beyond the edge of a grid that ends before it.
    private func loadBeyond(
        _ row: Int, _ columns: Range<Int>, _ window: SourceWindow<Sample>,
        _ mask: UnsafeMutablePointer<UInt8>?
    ) throws(RasterError) {
        let grid = source.lattice
        let target = (row - window.firstRow) * window.width
        let beyondNorth = row < grid.firstRow
        guard beyondNorth ? grid.northGap != nil : grid.southGap != nil else {
            let nearest = min(max(row, grid.firstRow), grid.lastRow)
            try loadEdge(nearest, columns, window.samples + target, mask.map { $0 + target })
            return
        }
        // A row that is the pole itself has no other half: beyond it comes the next row.
        let own = (beyondNorth ? grid.northGap : grid.southGap) == 0 ? 0 : 1
        let mirrored = beyondNorth ? 2 * grid.firstRow - own - row : 2 * grid.lastRow + own - row
        try loadLine(min(max(mirrored, grid.firstRow), grid.lastRow))
        for (i, column) in columns.enumerated() {
            // The sample's true longitude, and what lies half a turn from it.
            let (turn, within) = floorDivide(column, grid.columns)
            let position = Double(turn) * grid.columnsPerTurn + Double(within) + grid.columnsPerTurn / 2
            guard let place = grid.position(fileColumn: position) else { continue }
            let a = floorDivide(place.index, grid.columns).remainder
            let b = floorDivide(place.index + 1, grid.columns).remainder
            var weight = place.fraction
            // Positions that are whole but for rounding must give the sample itself, not a mean of two.
            if weight < 1e-6 { weight = 0 }
            if weight > 1 - 1e-6 { weight = 1 }
            let aValid = lineMask[a] != 0
            let bValid = lineMask[b] != 0
            if weight == 0 || (aValid && !bValid) {
                window.samples[target + i] = line[a]
            } else if weight == 1 || (bValid && !aValid) {
                window.samples[target + i] = line[b]
            } else {
                window.samples[target + i] = Sample(convex: Sample.mix(line[a].sum, line[b].sum, weight))
            }
            let valid = weight == 0 ? aValid : (weight == 1 ? bValid : aValid || bValid)
            mask?[target + i] = valid ? 255 : 0
        }
    }

    private func loadEdge(
        _ row: Int, _ columns: Range<Int>, _ samples: UnsafeMutablePointer<Sample>,
        _ mask: UnsafeMutablePointer<UInt8>?
    ) throws(RasterError) {
        try loadLine(row)
        let grid = source.lattice
        for (i, column) in columns.enumerated() {
            let within =
                grid.wraps
                ? floorDivide(column, grid.columns).remainder : min(max(column, 0), grid.columns - 1)
            samples[i] = line[within]
            mask?[i] = lineMask[within]
        }
    }

    /// One whole row of the file into `line` and `lineMask`.
    func loadLine(_ row: Int) throws(RasterError) {
        let count = source.lattice.columns
        if line.count != count {
            line = [Sample](repeating: Sample(convex: Sample.zero), count: count)
            lineMask = [UInt8](repeating: 255, count: count)
        }
        let samples = UnsafeMutablePointer<Sample>.allocate(capacity: count)
        let mask = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        mask.initialize(repeating: 255, count: count)
        defer {
            samples.deallocate()
            mask.deallocate()
        }
        try read(
            PixelWindow(column: 0, row: row, width: count, height: 1), into: samples, stride: count,
            mask: source.plan.mayBeInvalid ? mask : nil)
        for i in 0..<count {
            line[i] = samples[i]
            lineMask[i] = mask[i]
        }
    }

    /// Samples of the grid, converted, with their validity; the mask holds 255 on entry.
    ///
    /// Where the columns of the file run west or its rows north, they are turned round.
    private func read(
        _ part: PixelWindow, into samples: UnsafeMutablePointer<Sample>, stride: Int,
        mask: UnsafeMutablePointer<UInt8>?
    ) throws(RasterError) {
        let orientation = source.orientation
        let inFile = orientation.window(part, of: source.fileColumns, source.fileRows)
        try readFile(inFile, into: samples, stride: stride, mask: mask)
        orientation.turn(samples, part, stride: stride)
        if let mask { orientation.turn(mask, part, stride: stride) }
    }

    /// Samples of the file as they lie in it.
    private func readFile(
        _ part: PixelWindow, into samples: UnsafeMutablePointer<Sample>, stride: Int,
        mask: UnsafeMutablePointer<UInt8>?
    ) throws(RasterError) {
        if let mask, source.storage.hasHoles, file.dataset.isHole(band: source.readBands[0], part) {
            for row in 0..<part.height { (mask + row * stride).update(repeating: 0, count: part.width) }
            return
        }
        do {
            if let colours = samples as? UnsafeMutablePointer<RGBA8> {
                try readColours(part, into: colours, stride: stride)
            } else {
                try readValues(part, into: samples, stride: stride)
            }
            guard let mask else { return }
            let plan = source.plan
            if plan.usesMask, plan.isValues { try readMask(part, into: mask, stride: stride) }
            if plan.isValues, let image = imageMask { try image.clear(mask, stride: stride, part) }
            for row in 0..<part.height {
                Sample.maskInvalid(
                    samples + row * stride, count: part.width, noData: plan.noData, mask: mask + row * stride)
                if plan.isValues, let rule = plan.pointRule {
                    Sample.maskMatching(
                        samples + row * stride, count: part.width, rule: rule, mask: mask + row * stride)
                }
                Sample.rescale(
                    samples + row * stride, count: part.width, scale: plan.scale, offset: plan.offset)
            }
        } catch {
            throw .gdal(error)
        }
    }

    private func readValues(
        _ part: PixelWindow, into samples: UnsafeMutablePointer<Sample>, stride: Int
    ) throws(GDALError) {
        let size = MemoryLayout<Sample>.stride
        let bytes = UnsafeMutableRawBufferPointer(
            start: samples, count: ((part.height - 1) * stride + part.width) * size)
        try file.read(
            bands: [source.readBands[0]], window: part, into: bytes, type: Sample.readType,
            pixelStride: size,
            lineStride: stride * size, bandStride: 0)
        if source.plan.storedType == .int8 {
            for row in 0..<part.height { Sample.makeSigned(samples + row * stride, count: part.width) }
        }
    }

    private func readMask(
        _ part: PixelWindow, into mask: UnsafeMutablePointer<UInt8>, stride: Int
    ) throws(GDALError) {
        let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: part.width * part.height, alignment: 1)
        defer { packed.deallocate() }
        try file.readMask(source.readMask, band: source.readBands[0], window: part, into: packed)
        for row in 0..<part.height {
            for i in 0..<part.width where packed[row * part.width + i] == 0 { mask[row * stride + i] = 0 }
        }
    }
}

extension RasterReader {
    private func readColours(
        _ part: PixelWindow, into samples: UnsafeMutablePointer<RGBA8>, stride: Int
    ) throws(GDALError) {
        let plan = source.plan
        if !plan.palette.isEmpty {
            try readPalette(part, into: samples, stride: stride)
        } else if let toBytes {
            try readWide(part, toBytes, into: samples, stride: stride)
        } else {
            let bytes = UnsafeMutableRawBufferPointer(
                start: samples, count: ((part.height - 1) * stride + part.width) * 4)
            try file.read(
                bands: source.readBands, window: part, into: bytes, type: .uint8, pixelStride: 4,
                lineStride: stride * 4, bandStride: 1)
            if plan.bands.count == 3 { setOpaque(part, samples, stride) }
            if let noData = plan.noData.flatMap({ UInt8(exactly: $0) }) {
                for row in 0..<part.height {
                    for i in 0..<part.width {
                        let c = samples[row * stride + i].channels
                        if c.x == noData && c.y == noData && c.z == noData {
                            samples[row * stride + i] = .defaultBlank
                        }
                    }
                }
            }
            if let rule = plan.pointRule { clear(part, rule, samples, stride) }
        }
        if let imageMask {
            let bits = UnsafeMutablePointer<UInt8>.allocate(capacity: part.width * part.height)
            bits.initialize(repeating: 255, count: part.width * part.height)
            defer { bits.deallocate() }
            try imageMask.clear(bits, stride: part.width, part)
            for row in 0..<part.height {
                for i in 0..<part.width where bits[row * part.width + i] == 0 {
                    samples[row * stride + i] = .defaultBlank
                }
            }
        }
        if plan.usesMask, plan.bands.count == 3 || !plan.palette.isEmpty {
            let packed = UnsafeMutableRawBufferPointer.allocate(
                byteCount: part.width * part.height, alignment: 1)
            defer { packed.deallocate() }
            try file.readMask(source.readMask, band: source.readBands[0], window: part, into: packed)
            for row in 0..<part.height {
                for i in 0..<part.width where packed[row * part.width + i] == 0 {
                    samples[row * stride + i] = .defaultBlank
                }
            }
        } else if plan.bands.count == 4 {
            normaliseAlpha(part, samples, stride)
        }
    }

    /// A colour all of whose channels stand for no data is none.
    private func clear(
        _ part: PixelWindow, _ rule: NoDataRule, _ samples: UnsafeMutablePointer<RGBA8>, _ stride: Int
    ) {
        let isNone = (0...255).map { rule.matches(Double($0)) }
        for row in 0..<part.height {
            let line = samples + row * stride
            for i in 0..<part.width {
                let c = line[i].channels
                if isNone[Int(c.x)], isNone[Int(c.y)], isNone[Int(c.z)] { line[i] = .defaultBlank }
            }
        }
    }

    private func setOpaque(_ part: PixelWindow, _ samples: UnsafeMutablePointer<RGBA8>, _ stride: Int) {
        for row in 0..<part.height {
            let line = samples + row * stride
            for i in 0..<part.width { line[i].channels.w = 255 }
        }
    }

    /// Validity is yes or no: half-transparent borders count as data, fully transparent pixels as none.
    private func normaliseAlpha(_ part: PixelWindow, _ samples: UnsafeMutablePointer<RGBA8>, _ stride: Int) {
        for row in 0..<part.height {
            let line = samples + row * stride
            for i in 0..<part.width {
                if line[i].channels.w == 0 {
                    line[i] = .defaultBlank
                } else {
                    line[i].channels.w = 255
                }
            }
        }
    }

    private func readPalette(
        _ part: PixelWindow, into samples: UnsafeMutablePointer<RGBA8>, stride: Int
    ) throws(GDALError) {
        let plan = source.plan
        let indices = UnsafeMutableRawBufferPointer.allocate(
            byteCount: part.width * part.height, alignment: 1)
        defer { indices.deallocate() }
        try file.read(
            bands: [source.readBands[0]], window: part, into: indices, type: .uint8, pixelStride: 1,
            lineStride: part.width, bandStride: 0)
        var table = [RGBA8](repeating: .defaultBlank, count: 256)
        for (i, entry) in plan.palette.prefix(256).enumerated() where entry.alpha != 0 {
            table[i] = RGBA8(red: entry.red, green: entry.green, blue: entry.blue)
        }
        if let noData = plan.noData.flatMap({ UInt8(exactly: $0) }) { table[Int(noData)] = .defaultBlank }
        // What a rule names are stored numbers, as they are everywhere.
        if let rule = plan.pointRule {
            for index in 0...255 where rule.matches(Double(index)) { table[index] = .defaultBlank }
        }
        for row in 0..<part.height {
            for i in 0..<part.width {
                samples[row * stride + i] = table[Int(indices[row * part.width + i])]
            }
        }
    }

    /// Colours of more than 8 bits: each channel stretched by the same two limits.
    private func readWide(
        _ part: PixelWindow, _ toBytes: ByteStretch, into samples: UnsafeMutablePointer<RGBA8>, stride: Int
    ) throws(GDALError) {
        let plan = source.plan
        let channels = plan.bands.count
        let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: part.width * part.height * channels)
        defer { values.deallocate() }
        try file.read(
            bands: source.readBands, window: part, into: UnsafeMutableRawBufferPointer(values),
            type: .float32,
            pixelStride: 4 * channels, lineStride: 4 * channels * part.width, bandStride: 4)
        let noData = plan.noData.map { Float($0) }
        for row in 0..<part.height {
            for i in 0..<part.width {
                let p = (row * part.width + i) * channels
                let (r, g, b) = (values[p], values[p + 1], values[p + 2])
                let invalid =
                    !(r.isFinite && g.isFinite && b.isFinite) || (r == noData && g == noData && b == noData)
                    || (channels == 4 && values[p + 3] == 0)
                    || plan.pointRule.map { rule in [r, g, b].allSatisfy { rule.matches(Double($0)) } }
                        ?? false
                samples[row * stride + i] =
                    invalid
                    ? .defaultBlank
                    : RGBA8(
                        red: toBytes.byte(Double(r)), green: toBytes.byte(Double(g)),
                        blue: toBytes.byte(Double(b)))
            }
        }
    }
}

/// Quotient rounded down and the remainder in 0 ..< divisor.
@inline(__always)
func floorDivide(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = value % divisor
    let positive = remainder < 0 ? remainder + divisor : remainder
    return ((value - positive) / divisor, positive)
}
