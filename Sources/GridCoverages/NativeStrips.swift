internal import GDAL
internal import Maps
internal import Rasters

/// The samples of a file on its own grid.
struct NativeStrips: CoverageStrips {
    /// The handle that reads; a class, for what holds it is copied.
    private final class File {
        let dataset: Dataset

        init(_ path: String) throws(GDALError) {
            dataset = try Dataset(opening: path)
        }
    }

    private let plan: CoveragePlan
    private let native: NativeSource
    private let file: File
    private let cancelled: @Sendable () -> Bool

    init(
        _ plan: CoveragePlan, _ native: NativeSource, _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) {
        guard native.isUnchanged, let file = try? File(native.source.path),
            file.dataset.width == native.source.fileColumns, file.dataset.height == native.source.fileRows
        else { throw .sourceGone(coverage: plan.coverage.identifier) }
        self.plan = plan
        self.native = native
        self.file = file
        self.cancelled = cancelled
    }

    mutating func samples(rows: Range<Int>, bands: [Int]) throws(CoverageError) -> [UInt8] {
        if cancelled() { throw .cancelled }
        do throws(GDALError) {
            if let pixels = plan.pixels { return try exact(pixels, rows, bands) }
            return try scaled(rows, bands)
        } catch {
            // GDAL's words name the path.
            throw .sourceGone(coverage: plan.coverage.identifier)
        }
    }

    /// Samples of the file itself.
    private func exact(
        _ pixels: CoveragePixels, _ rows: Range<Int>, _ bands: [Int]
    ) throws(GDALError) -> [UInt8] {
        let part = PixelWindow(
            column: pixels.columns.lowerBound, row: pixels.rows.lowerBound + rows.lowerBound,
            width: pixels.columns.count, height: rows.count)
        let window = turned(part)
        let size = native.type.size
        var bytes = [UInt8](repeating: 0, count: part.width * part.height * bands.count * size)
        for (position, band) in bands.enumerated() {
            try read(into: &bytes, from: position * size) { (buffer) throws(GDALError) in
                try file.dataset.read(
                    band: native.fileBands[band], window: window, into: buffer, type: native.type,
                    pixelStride: bands.count * size, lineStride: part.width * bands.count * size)
            }
        }
        return upright(bytes, part.width, part.height, bands.count * size)
    }

    /// Samples between those of the file.
    ///
    /// Pixels outside of the file have no data.
    private func scaled(_ rows: Range<Int>, _ bands: [Int]) throws(GDALError) -> [UInt8] {
        let (grid, own) = (plan.grid, plan.coverage.grid)
        let size = native.type.size
        let pixelSize = bands.count * size
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
        let columns = inside(left, stepX, 0..<grid.width, own.width)
        let lines = inside(top, stepY, rows, own.height)
        var bytes = blank(grid.width * rows.count, bands)
        guard !columns.isEmpty, !lines.isEmpty else { return bytes }
        let window = FractionalWindow(
            column: left + Double(columns.lowerBound) * stepX, row: top + Double(lines.lowerBound) * stepY,
            width: Double(columns.count) * stepX, height: Double(lines.count) * stepY)
        var part = [UInt8](repeating: 0, count: columns.count * lines.count * pixelSize)
        for (position, band) in bands.enumerated() {
            try read(into: &part, from: position * size) { (buffer) throws(GDALError) in
                try file.dataset.read(
                    band: native.fileBands[band], window: turned(window), into: buffer,
                    width: columns.count, height: lines.count, type: native.type, pixelStride: pixelSize,
                    lineStride: columns.count * pixelSize, resampling: resampling)
            }
        }
        part = upright(part, columns.count, lines.count, pixelSize)
        let length = columns.count * pixelSize
        for line in 0..<lines.count {
            let target =
                ((lines.lowerBound - rows.lowerBound + line) * grid.width + columns.lowerBound) * pixelSize
            bytes.replaceSubrange(
                target..<(target + length), with: part[(line * length)..<((line + 1) * length)])
        }
        return bytes
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
        guard let value = plan.coverage.bands[bands[0]].nilValues.first else {
            return [UInt8](repeating: 0, count: count * bands.count * native.type.size)
        }
        return SampleBytes.repeated(value, plan.type, count: count * bands.count)
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

extension SampleBytes {
    /// One value many times; the nearest one that the type has.
    static func repeated(_ value: Double, _ type: CoverageSampleType, count: Int) -> [UInt8] {
        func whole<T: FixedWidthInteger>(_ type: T.Type) -> [UInt8] {
            copy([T](repeating: T(clamping: Int64(value.isFinite ? value.rounded() : 0)), count: count))
        }
        switch type {
        case .uint8: return whole(UInt8.self)
        case .int8: return whole(Int8.self)
        case .uint16: return whole(UInt16.self)
        case .int16: return whole(Int16.self)
        case .uint32: return whole(UInt32.self)
        case .int32: return whole(Int32.self)
        case .float32: return copy([Float](repeating: Float(value), count: count))
        case .float64: return copy([Double](repeating: value, count: count))
        }
    }
}
