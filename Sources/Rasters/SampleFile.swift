public import GDAL
internal import Glibc

/// A source opened for one reader: GDAL's handle, and the file itself where its rows are known.
public struct SampleFile: ~Copyable {
    /// GDAL's handle.
    public let dataset: Dataset
    private let path: String
    private let layout: RowLayout?
    private let descriptor: Int32

    /// Opens a source.
    /// - Throws: ``GDALError`` when it is gone, or cannot be opened any more.
    public init(_ source: RasterSource) throws(GDALError) {
        let opened = try Dataset(opening: source.readPath)
        var number: Int32 = -1
        if source.rowLayout != nil {
            number = open(source.readPath, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else {
                throw GDALError(
                    operation: "open", path: source.readPath, message: String(cString: strerror(errno)))
            }
        }
        path = source.readPath
        dataset = opened
        layout = source.rowLayout
        descriptor = number
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Reads several bands' windows; parameters as those of `Dataset`.
    /// - Throws: ``GDALError`` when the file is damaged, cut short or gone.
    public func read(
        bands: [Int], window: PixelWindow, into buffer: UnsafeMutableRawBufferPointer, type: SampleType,
        pixelStride: Int, lineStride: Int, bandStride: Int
    ) throws(GDALError) {
        guard let layout else {
            return try dataset.read(
                bands: bands, window: window, into: buffer, type: type, pixelStride: pixelStride,
                lineStride: lineStride, bandStride: bandStride)
        }
        precondition(
            buffer.count >= (window.height - 1) * lineStride + (window.width - 1) * pixelStride
                + (bands.count - 1) * bandStride + type.size)
        precondition(
            window.column >= 0 && window.column + window.width <= dataset.width && window.row >= 0
                && window.row + window.height <= dataset.height)
        guard let start = buffer.baseAddress else { return }
        if layout.pixelBytes == layout.type.size, pixelStride == type.size, type == layout.type {
            for (channel, band) in bands.enumerated() {
                for row in 0..<window.height {
                    try fill(
                        start + channel * bandStride + row * lineStride, count: window.width * type.size,
                        at: layout.offset(band: band, row: window.row + row, column: window.column))
                }
            }
            return
        }
        let scratch = UnsafeMutableRawPointer.allocate(
            byteCount: window.width * layout.pixelBytes, alignment: 8)
        defer { scratch.deallocate() }
        for row in 0..<window.height {
            for (channel, band) in bands.enumerated() {
                let together = layout.strips.count == 1
                if channel == 0 || !together {
                    try fill(
                        scratch, count: window.width * layout.pixelBytes,
                        at: layout.offset(
                            band: together ? 1 : band, row: window.row + row, column: window.column))
                }
                SampleCopy.convert(
                    scratch + (together ? (band - 1) * layout.type.size : 0), layout.type,
                    stride: layout.pixelBytes, to: start + channel * bandStride + row * lineStride, type,
                    stride: pixelStride, count: window.width)
            }
        }
    }

    /// Reads a mask, one byte a pixel, 0 where there are no data, row by row without gaps.
    /// - Parameter band: one of those that the mask is asked for.
    func readMask(
        _ origin: MaskOrigin, band: Int, window: PixelWindow, into mask: UnsafeMutableRawBufferPointer
    ) throws(GDALError) {
        switch origin {
        case .none: mask.initializeMemory(as: UInt8.self, repeating: 255)
        case .file: try dataset.readMask(band: band, window: window, into: mask)
        case .alpha(let number):
            // As floats: integers would make none of what is nearly none.
            let pixels = window.width * window.height
            let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: pixels)
            defer { values.deallocate() }
            try read(
                bands: [number], window: window, into: UnsafeMutableRawBufferPointer(values), type: .float32,
                pixelStride: 4, lineStride: 4 * window.width, bandStride: 0)
            for i in 0..<pixels { mask[i] = values[i] == 0 ? 0 : 255 }
        }
    }

    private func fill(_ target: UnsafeMutableRawPointer, count: Int, at offset: Int) throws(GDALError) {
        var done = 0
        while done < count {
            let read = pread(descriptor, target + done, count - done, off_t(offset + done))
            if read < 0, errno == EINTR { continue }
            guard read > 0 else {
                throw GDALError(
                    operation: "read", path: path,
                    message: read < 0
                        ? String(cString: strerror(errno))
                        : "it ends before byte \(offset + count): it was cut short while it was read")
            }
            done += read
        }
    }
}
