internal import GDAL
internal import Glibc

extension RasterSource {
    /// Whether validity depends on a mask that ``masked(into:progress:)`` has not made yet.
    public var needsMask: Bool { plan.imageRule != nil && imageMask == nil }

    /// Makes the mask of the whole image that the survey's nodata rule needs, in one way through the source.
    ///
    /// One bit a pixel in a file, and a few rows in memory: `2 * erode_px + 4` at most. What is connected to the edge is
    /// found by going through the mask from north to south and back until nothing changes, once for each time that a
    /// region without data turns back north or south; so its limit is time, for regions wound like a spiral, and not
    /// memory. The mask depends on the source and the rule alone, and one that was left whole by an earlier build of the
    /// same file is used again.
    /// - Parameters:
    ///   - folder: where it goes; made when missing.
    ///   - progress: told the fraction that is done, 0...1.
    /// - Returns: the source with the mask; itself where it needs none.
    /// - Throws: ``RasterError/gdal(_:)`` when the source cannot be read or the mask not written.
    public func masked(into folder: String, progress: (Double) -> Void = { _ in }) throws(RasterError)
        -> RasterSource
    {
        guard needsMask, let rule = plan.imageRule else { return self }
        let path = maskPath(folder)
        if access(path, R_OK) != 0 {
            let unfinished = "\(path).\(getpid()).tmp"
            do throws(GDALError) {
                try makeFolder(folder)
                let builder = MaskBuilder(source: self, rule: rule)
                try builder.build(unfinished, progress)
                guard (try? SourceIdentity(path: self.path)) == identity else {
                    throw GDALError(
                        operation: "make the mask of", path: self.path,
                        message:
                            "it was changed meanwhile; put it back, or repeat the command with the new one")
                }
                guard rename(unfinished, path) == 0 else {
                    throw BitMaskFile.error("rename to \(path)", unfinished)
                }
            } catch {
                unlink(unfinished)
                rmdir(folder)
                throw .gdal(error)
            }
        }
        var copy = self
        copy.imageMask = path
        return copy
    }

    /// The name says what it is a mask of: another state of the source, or another rule, has another.
    private func maskPath(_ folder: String) -> String {
        var name: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(path)\n\(identity)\n\(plan)\n\(grid.wraps)".utf8 {
            name = (name ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return folder + "/mask-" + String(name, radix: 16) + ".bits"
    }

    private func makeFolder(_ folder: String) throws(GDALError) {
        for end in folder.indices.dropFirst() where folder[end] == "/" {
            mkdir(String(folder[..<end]), 0o755)
        }
        if mkdir(folder, 0o755) != 0, errno != EEXIST { throw BitMaskFile.error("make the folder", folder) }
    }
}

/// Makes the mask of a rule: what matches, of that what is connected to the edge, and what is near.
private struct MaskBuilder {
    let source: RasterSource
    let rule: NoDataRule

    private var columns: Int { source.fileColumns }
    private var rows: Int { source.fileRows }
    private var wraps: Bool { source.grid.wraps && source.grid.columns == source.fileColumns }

    func build(_ path: String, _ progress: (Double) -> Void) throws(GDALError) {
        let mask = try BitMaskFile(path: path, columns: columns, rows: rows, creates: true)
        // Without erosion nothing is asked of pixels that the file itself calls invalid.
        let invalidPath = path + ".invalid"
        defer { unlink(invalidPath) }
        if rule.erodePixels > 0 {
            let invalid = try BitMaskFile(path: invalidPath, columns: columns, rows: rows, creates: true)
            try classify(mask, invalid, progress)
            if rule.isEdgeConnected { try connect(mask) }
            try erode(mask, invalid)
        } else {
            try classifyAlone(mask, progress)
            if rule.isEdgeConnected { try connect(mask) }
        }
        try mask.synchronise()
    }

    // MARK: - Values

    private func classifyAlone(_ mask: borrowing BitMaskFile, _ progress: (Double) -> Void) throws(GDALError)
    {
        try pass(progress) { (window, matches, _) throws(GDALError) in
            try merge(mask, window, matches)
        }
    }

    private func classify(
        _ mask: borrowing BitMaskFile, _ invalid: borrowing BitMaskFile, _ progress: (Double) -> Void
    ) throws(GDALError) {
        try pass(progress) { (window, matches, bad) throws(GDALError) in
            try merge(mask, window, matches)
            try merge(invalid, window, bad)
        }
    }

    /// Goes through the source; told of each window one byte a pixel: what matches the rule, and what is invalid anyhow.
    private func pass(
        _ progress: (Double) -> Void,
        _ body: (PixelWindow, [Bool], [Bool]) throws(GDALError) -> Void
    ) throws(GDALError) {
        let type = source.plan.storedType
        let bands = min(3, source.plan.bands.count)
        let isPalette = !source.plan.palette.isEmpty
        let total = Double(columns) * Double(rows)
        var done = 0.0
        try SourcePass(source).run { (window, samples, mask) throws(GDALError) in
            let plane = window.width * window.height
            var matches = [Bool](repeating: true, count: plane)
            var bad = [Bool](repeating: false, count: plane)
            for band in 0..<(isPalette ? 1 : bands) {
                let start = samples.baseAddress! + band * plane * type.size
                for i in 0..<plane {
                    let value = type.value(start, i)
                    if !rule.matches(value) { matches[i] = false }
                    if !value.isFinite { bad[i] = true }
                }
            }
            if let mask {
                for i in 0..<plane where mask[i] == 0 { bad[i] = true }
            }
            try body(window, matches, bad)
            done += Double(plane)
            progress(done / total)
        }
    }

    private func merge(
        _ file: borrowing BitMaskFile, _ window: PixelWindow, _ bits: [Bool]
    ) throws(GDALError) {
        let first = window.column / 64
        let count = (window.column + window.width - 1) / 64 - first + 1
        var line = [UInt64](repeating: 0, count: count)
        for row in 0..<window.height {
            try line.withUnsafeMutableBufferPointer { (words) throws(GDALError) in
                // Words at the ends are shared with the neighbouring windows.
                try file.read(row: window.row + row, from: first, into: words)
                for i in 0..<window.width where bits[row * window.width + i] {
                    let at = window.column + i - first * 64
                    words[at / 64] |= 1 << UInt64(at % 64)
                }
                try file.write(row: window.row + row, from: first, UnsafeBufferPointer(words))
            }
        }
    }

    // MARK: - Connection

    /// Keeps what is connected to the edge: the mask is read as what matches, and written as what was reached.
    private func connect(_ mask: borrowing BitMaskFile) throws(GDALError) {
        let path = mask.path + ".reached"
        let reached = try BitMaskFile(path: path, columns: columns, rows: rows, creates: true)
        defer { unlink(path) }
        var isSouthward = true
        var isFirst = true
        while try sweep(mask, reached, isSouthward: isSouthward) || isFirst {
            isFirst = false
            isSouthward.toggle()
        }
        for row in 0..<rows {
            try write(mask, row, try read(reached, row))
        }
    }

    /// - Returns: whether anything new was reached.
    private func sweep(
        _ mask: borrowing BitMaskFile, _ reached: borrowing BitMaskFile, isSouthward: Bool
    ) throws(GDALError) -> Bool {
        var previous = BitRow(count: columns)
        var changed = false
        for step in 0..<rows {
            let row = isSouthward ? step : rows - 1 - step
            let open = try read(mask, row)
            let before = try read(reached, row)
            var now = before
            now.formUnion(previous)
            if row == 0 || row == rows - 1 { now = open }
            if !wraps {
                now[0] = true
                now[columns - 1] = true
            }
            now.spread(in: open, wraps: wraps)
            if now.words != before.words {
                changed = true
                try write(reached, row, now)
            }
            previous = now
        }
        return changed
    }

    // MARK: - Erosion

    /// Adds what lies within ``NoDataRule/erodePixels`` of a pixel without data.
    private func erode(_ mask: borrowing BitMaskFile, _ invalid: borrowing BitMaskFile) throws(GDALError) {
        let reach = min(rule.erodePixels, NoDataRule.mostErosion)
        // Rows of the mask are overwritten behind the rows that are still needed as they were.
        var spread: [BitRow] = []
        var firstHeld = 0
        func next(_ row: Int) throws(GDALError) {
            var line = try read(mask, row)
            line.formUnion(try read(invalid, row))
            line.dilate(by: reach, wraps: wraps)
            spread.append(line)
        }
        for row in 0..<min(reach, rows) { try next(row) }
        for row in 0..<rows {
            if row + reach < rows { try next(row + reach) }
            while firstHeld < row - reach {
                spread.removeFirst()
                firstHeld += 1
            }
            var line = spread[0]
            for held in spread.dropFirst() { line.formUnion(held) }
            try write(mask, row, line)
        }
    }

    // MARK: - Rows

    private func read(_ file: borrowing BitMaskFile, _ row: Int) throws(GDALError) -> BitRow {
        var line = BitRow(count: columns)
        try line.withWords { (words) throws(GDALError) in try file.read(row: row, from: 0, into: words) }
        return line
    }

    private func write(_ file: borrowing BitMaskFile, _ row: Int, _ line: BitRow) throws(GDALError) {
        var line = line
        try line.withWords { (words) throws(GDALError) in
            try file.write(row: row, from: 0, UnsafeBufferPointer(words))
        }
    }
}

extension SampleType {
    /// The sample at an index of samples of this type.
    @inline(__always)
    func value(_ start: UnsafeRawPointer, _ index: Int) -> Double {
        func load<T: BitwiseCopyable>(_: T.Type) -> T {
            start.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
        }
        switch self {
        case .uint8: return Double(load(UInt8.self))
        case .int8: return Double(load(Int8.self))
        case .uint16: return Double(load(UInt16.self))
        case .int16: return Double(load(Int16.self))
        case .uint32: return Double(load(UInt32.self))
        case .int32: return Double(load(Int32.self))
        case .float32: return Double(load(Float.self))
        case .float64: return load(Double.self)
        }
    }
}
