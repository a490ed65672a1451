internal import CGDAL

/// A window of a raster in its own columns and rows.
public struct PixelWindow: Sendable, Equatable {
    /// First column, first row, and the size in columns and rows.
    public var column, row, width, height: Int

    /// The window from (`column`, `row`) of `width` x `height` pixels.
    public init(column: Int, row: Int, width: Int, height: Int) {
        self.column = column
        self.row = row
        self.width = width
        self.height = height
    }
}

extension Dataset {
    /// Reads one band's window into memory without resampling.
    /// - Parameters:
    ///   - buffer: at least `(height - 1) * lineStride + (width - 1) * pixelStride + type.size` bytes.
    ///   - type: what GDAL converts the samples to.
    ///   - pixelStride: bytes from one column to the next.
    ///   - lineStride: bytes from one row to the next.
    /// - Throws: ``GDALError`` when the file is damaged, truncated or gone.
    public func read(
        band: Int, window: PixelWindow, into buffer: UnsafeMutableRawBufferPointer, type: SampleType,
        pixelStride: Int, lineStride: Int
    ) throws(GDALError) {
        let bandHandle = try bandHandle(band)
        try check(window, buffer, type.size, pixelStride, lineStride)
        let (status, message) = capturingMessages {
            GDALRasterIOEx(
                bandHandle, GF_Read, Int32(window.column), Int32(window.row), Int32(window.width),
                Int32(window.height), buffer.baseAddress, Int32(window.width), Int32(window.height),
                type.gdal, GSpacing(pixelStride), GSpacing(lineStride), nil)
        }
        guard status == CE_None else { throw GDALError(operation: "read", path: path, message: message) }
    }

    /// Reads several bands' windows, interleaved by pixel, without resampling.
    /// - Parameters:
    ///   - bands: band numbers, counted from 1, in the order of the output channels.
    ///   - bandStride: bytes from one channel of a pixel to the next.
    /// - Throws: ``GDALError`` when the file is damaged, truncated or gone.
    public func read(
        bands: [Int], window: PixelWindow, into buffer: UnsafeMutableRawBufferPointer, type: SampleType,
        pixelStride: Int, lineStride: Int, bandStride: Int
    ) throws(GDALError) {
        for number in bands { _ = try bandHandle(number) }
        try check(window, buffer, (bands.count - 1) * bandStride + type.size, pixelStride, lineStride)
        var numbers = bands.map { Int32($0) }
        let (status, message) = capturingMessages {
            GDALDatasetRasterIOEx(
                handle, GF_Read, Int32(window.column), Int32(window.row), Int32(window.width),
                Int32(window.height), buffer.baseAddress, Int32(window.width), Int32(window.height),
                type.gdal, Int32(bands.count), &numbers, GSpacing(pixelStride), GSpacing(lineStride),
                GSpacing(bandStride), nil)
        }
        guard status == CE_None else { throw GDALError(operation: "read", path: path, message: message) }
    }

    /// Reads the validity mask that goes with band `band`: 0 is invalid.
    /// - Parameter buffer: `width * height` bytes.
    /// - Throws: ``GDALError`` when the file is damaged, truncated or gone.
    public func readMask(
        band: Int, window: PixelWindow, into buffer: UnsafeMutableRawBufferPointer
    ) throws(GDALError) {
        let bandHandle = try bandHandle(band)
        try check(window, buffer, 1, 1, window.width)
        let (status, message) = capturingMessages {
            GDALRasterIO(
                GDALGetMaskBand(bandHandle), GF_Read, Int32(window.column), Int32(window.row),
                Int32(window.width), Int32(window.height), buffer.baseAddress, Int32(window.width),
                Int32(window.height), GDT_Byte, 1, Int32(window.width))
        }
        guard status == CE_None else {
            throw GDALError(operation: "read the mask", path: path, message: message)
        }
    }

    private func check(
        _ window: PixelWindow, _ buffer: UnsafeMutableRawBufferPointer, _ pixelSize: Int,
        _ pixelStride: Int, _ lineStride: Int
    ) throws(GDALError) {
        let inside =
            window.column >= 0 && window.row >= 0 && window.width > 0 && window.height > 0
            && window.column + window.width <= width && window.row + window.height <= height
        guard inside else {
            throw GDALError(
                operation: "read", path: path, message: "window \(window) outside \(width) x \(height)")
        }
        // Strides are the caller's program, not outside input: a wrong one is a bug and must not overrun.
        precondition(
            buffer.count
                >= (window.height - 1) * lineStride + (window.width - 1) * pixelStride + pixelSize)
    }
}
