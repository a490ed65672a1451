internal import CGDAL

/// How GDAL finds the samples of a window in another size than its own.
public enum WindowResampling: Sendable, Hashable {
    case nearest, bilinear, cubic
}

/// A window of a raster with edges at fractions of its pixels.
public struct FractionalWindow: Sendable, Equatable {
    /// Left edge, upper edge, and the size, in columns and rows.
    public var column, row, width, height: Double

    /// The window from (`column`, `row`) of `width` x `height` pixels.
    public init(column: Double, row: Double, width: Double, height: Double) {
        self.column = column
        self.row = row
        self.width = width
        self.height = height
    }
}

/// What GDAL asks while it reads, through a pointer that has no type.
private final class Question {
    let isCancelled: @Sendable () -> Bool

    init(_ isCancelled: @escaping @Sendable () -> Bool) {
        self.isCancelled = isCancelled
    }
}

extension Dataset {
    /// Reads a window in another size, one band.
    ///
    /// GDAL widens its kernels where there are fewer samples than pixels, so that all of these count, and leaves out the
    /// band's own nodata value. Overviews of the file are used where it has some.
    /// - Parameters:
    ///   - buffer: as in ``read(band:window:into:type:pixelStride:lineStride:)``, for `width` x `height` samples.
    ///   - cancelled: whether to give up; asked each time that some of the samples are there.
    /// - Throws: ``GDALError`` when the file is damaged, truncated or gone, and when it was given up.
    public func read(
        band: Int, window: FractionalWindow, into buffer: UnsafeMutableRawBufferPointer, width: Int,
        height: Int, type: SampleType, pixelStride: Int, lineStride: Int, resampling: WindowResampling,
        cancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(GDALError) {
        let bandHandle = try bandHandle(band)
        let needed = (height - 1) * lineStride + (width - 1) * pixelStride + type.size
        precondition(width > 0 && height > 0 && buffer.count >= needed)
        let algorithm: GDALRIOResampleAlg =
            switch resampling {
            case .nearest: GRIORA_NearestNeighbour
            case .bilinear: GRIORA_Bilinear
            case .cubic: GRIORA_Cubic
            }
        // The whole pixels that hold the window; inside of the raster, which the caller sees to but for rounding.
        let firstColumn = min(max(Int(window.column.rounded(.down)), 0), self.width - 1)
        let firstRow = min(max(Int(window.row.rounded(.down)), 0), self.height - 1)
        let endColumn = min(
            max(Int((window.column + window.width).rounded(.up)), firstColumn + 1), self.width)
        let endRow = min(max(Int((window.row + window.height).rounded(.up)), firstRow + 1), self.height)
        var extra = GDALRasterIOExtraArg()
        extra.nVersion = RASTERIO_EXTRA_ARG_CURRENT_VERSION
        extra.eResampleAlg = algorithm
        extra.bFloatingPointWindowValidity = 1
        extra.dfXOff = max(window.column, 0)
        extra.dfYOff = max(window.row, 0)
        extra.dfXSize = min(window.width, Double(self.width) - extra.dfXOff)
        extra.dfYSize = min(window.height, Double(self.height) - extra.dfYOff)
        let question = Question(cancelled)
        extra.pfnProgress = { _, _, data in
            guard let data else { return 1 }
            // The question outlives the call that this is made in.
            return Unmanaged<Question>.fromOpaque(data).takeUnretainedValue().isCancelled() ? 0 : 1
        }
        extra.pProgressData = Unmanaged.passUnretained(question).toOpaque()
        let (status, message) = withExtendedLifetime(question) {
            capturingMessages {
                GDALRasterIOEx(
                    bandHandle, GF_Read, Int32(firstColumn), Int32(firstRow), Int32(endColumn - firstColumn),
                    Int32(endRow - firstRow), buffer.baseAddress, Int32(width), Int32(height), type.gdal,
                    GSpacing(pixelStride), GSpacing(lineStride), &extra)
            }
        }
        guard status == CE_None else { throw GDALError(operation: "read", path: path, message: message) }
    }

    /// Columns and rows of the overviews of a band, counted from 1; none where it has none.
    public func overviewSizes(band: Int) -> [(width: Int, height: Int)] {
        guard let band = GDALGetRasterBand(handle, Int32(band)) else { return [] }
        return capturingMessages {
            (0..<max(0, GDALGetOverviewCount(band))).compactMap { index in
                GDALGetOverview(band, index).map {
                    (Int(GDALGetRasterBandXSize($0)), Int(GDALGetRasterBandYSize($0)))
                }
            }
        }.result
    }
}
