internal import CGDAL
internal import CGDALShims

/// Writes a raster file through one of GDAL's drivers; one owner, one thread at a time.
public struct RasterWriter: ~Copyable {
    private let dataset: Dataset

    /// Creates a file of `bands` bands of `type`.
    /// - Parameters:
    ///   - driver: GDAL's short name, such as "GTiff".
    ///   - options: creation options as "KEY=VALUE".
    ///   - geoTransform: six coefficients in GDAL's order.
    ///   - crs: any definition that GDAL understands (WKT, "IAU_2015:49900", a PROJ string).
    /// - Throws: ``GDALError`` when the driver is unknown, cannot create, or the CRS is not understood.
    public init(
        creating path: String, driver: String, width: Int, height: Int, bands: Int, type: SampleType,
        options: [String] = [], geoTransform: [Double]? = nil, crs: String? = nil
    ) throws(GDALError) {
        let handle = try Self.create(
            path: path, driver: driver, width: width, height: height, bands: bands, type: type,
            options: options)
        if let geoTransform {
            var coefficients = geoTransform
            GDALSetGeoTransform(handle, &coefficients)
        }
        if let crs, let reason = Self.setCRS(crs, of: handle) {
            GDALClose(handle)
            throw GDALError(operation: "use the CRS \(crs)", path: path, message: reason)
        }
        dataset = Dataset(adopting: handle, path: path)
    }

    private static func create(
        path: String, driver: String, width: Int, height: Int, bands: Int, type: SampleType, options: [String]
    ) throws(GDALError) -> GDALDatasetH {
        GDALLibrary.register()
        guard let driverHandle = GDALGetDriverByName(driver) else {
            throw GDALError(operation: "create", path: path, message: "no driver named \(driver)")
        }
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        for option in options { list = CSLAddString(list, option) }
        defer { CSLDestroy(list) }
        let (created, message) = capturingMessages {
            GDALCreate(driverHandle, path, Int32(width), Int32(height), Int32(bands), type.gdal, list)
        }
        guard let created else { throw GDALError(operation: "create", path: path, message: message) }
        return created
    }

    /// - Returns: why the definition is not understood; nil when all is well.
    private static func setCRS(_ definition: String, of handle: GDALDatasetH) -> String? {
        let reference = OSRNewSpatialReference(nil)
        defer { OSRDestroySpatialReference(reference) }
        let (status, reason) = capturingMessages { OSRSetFromUserInput(reference, definition) }
        guard status == OGRERR_NONE else { return reason }
        GDALSetSpatialRef(handle, reference)
        return nil
    }

    /// Declares the nodata value of band `band`.
    public func setNoData(_ value: Double, band: Int) throws(GDALError) {
        GDALSetRasterNoDataValue(try dataset.bandHandle(band), value)
    }

    /// Declares physical = stored * scale + offset for band `band`.
    public func setScale(_ scale: Double, offset: Double, band: Int) throws(GDALError) {
        let handle = try dataset.bandHandle(band)
        GDALSetRasterScale(handle, scale)
        GDALSetRasterOffset(handle, offset)
    }

    /// Says what band `band` shows, and the unit of its physical values.
    public func describe(_ description: String, unit: String?, band: Int) throws(GDALError) {
        let handle = try dataset.bandHandle(band)
        GDALSetDescription(handle, description)
        if let unit { GDALSetRasterUnitType(handle, unit) }
    }

    /// Says that a band is the opacity of the others.
    public func setAlpha(band: Int) throws(GDALError) {
        GDALSetRasterColorInterpretation(try dataset.bandHandle(band), GCI_AlphaBand)
    }

    /// Sets a metadata item of the file.
    public func setMetadata(_ key: String, _ value: String) {
        _ = capturingMessages { GDALSetMetadataItem(dataset.handle, key, value, nil) }
    }

    /// Writes a window of one band from samples that lie among those of others; strides in bytes.
    /// - Throws: ``GDALError`` when the disk is full or the file cannot be written.
    public func write(
        band: Int, window: PixelWindow, from samples: UnsafeRawBufferPointer, type: SampleType,
        pixelStride: Int, lineStride: Int
    ) throws(GDALError) {
        let handle = try dataset.bandHandle(band)
        precondition(
            samples.count >= (window.height - 1) * lineStride + (window.width - 1) * pixelStride + type.size)
        let (status, message) = capturingMessages {
            GDALRasterIOEx(
                handle, GF_Write, Int32(window.column), Int32(window.row), Int32(window.width),
                Int32(window.height), UnsafeMutableRawPointer(mutating: samples.baseAddress),
                Int32(window.width), Int32(window.height), type.gdal, GSpacing(pixelStride),
                GSpacing(lineStride), nil)
        }
        guard status == CE_None else {
            throw GDALError(operation: "write", path: dataset.path, message: message)
        }
    }

    /// Copies a raster into a file of another driver, which may be one that writes whole files only, such as "COG".
    /// - Throws: ``GDALError`` when the driver is unknown or the disk is full.
    public static func copy(
        _ source: String, to path: String, driver: String, options: [String] = []
    ) throws(GDALError) {
        let opened = try Dataset(opening: source)
        guard let driverHandle = GDALGetDriverByName(driver) else {
            throw GDALError(operation: "create", path: path, message: "no driver named \(driver)")
        }
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        for option in options { list = CSLAddString(list, option) }
        defer { CSLDestroy(list) }
        let (created, message) = capturingMessages {
            GDALCreateCopy(driverHandle, path, opened.handle, 1, list, nil, nil)
        }
        guard let created else { throw GDALError(operation: "create", path: path, message: message) }
        let closing = capturingMessages { GDALClose(created) }.message
        guard closing.isEmpty else { throw GDALError(operation: "write", path: path, message: closing) }
    }

    /// Whether a word is among those that a driver's creation options take, such as "ZSTD".
    public static func offers(_ word: String, driver: String) -> Bool {
        GDALLibrary.register()
        guard let handle = GDALGetDriverByName(driver),
            let options = GDALGetMetadataItem(handle, "DMD_CREATIONOPTIONLIST", nil)
        else { return false }
        return String(cString: options).contains("<Value>\(word)</Value>")
    }

    /// Makes a validity mask for all bands, inside the file where the format allows that.
    /// - Throws: ``GDALError`` when the format has none.
    public func addMask() throws(GDALError) {
        let (status, message) = capturingMessages {
            CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
            defer { CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", nil) }
            return GDALCreateDatasetMaskBand(dataset.handle, tessera_gmf_per_dataset())
        }
        guard status == CE_None else {
            throw GDALError(operation: "make a mask in", path: dataset.path, message: message)
        }
    }

    /// Writes a window of the mask from bytes packed row by row: 0 is invalid, 255 valid.
    /// - Throws: ``GDALError`` when the disk is full or the file cannot be written.
    public func writeMask(window: PixelWindow, from bytes: UnsafeRawBufferPointer) throws(GDALError) {
        let mask = GDALGetMaskBand(try dataset.bandHandle(1))
        try write(mask, window, bytes, .uint8)
    }

    /// Writes a window of one band from samples packed row by row.
    /// - Throws: ``GDALError`` when the disk is full or the file cannot be written.
    public func write(
        band: Int, window: PixelWindow, from samples: UnsafeRawBufferPointer, type: SampleType
    ) throws(GDALError) {
        try write(try dataset.bandHandle(band), window, samples, type)
    }

    private func write(
        _ band: GDALRasterBandH?, _ window: PixelWindow, _ samples: UnsafeRawBufferPointer, _ type: SampleType
    ) throws(GDALError) {
        precondition(samples.count >= window.width * window.height * type.size)
        let (status, message) = capturingMessages {
            // GDAL takes a mutable pointer for both directions; with GF_Write it only reads.
            GDALRasterIO(
                band, GF_Write, Int32(window.column), Int32(window.row), Int32(window.width),
                Int32(window.height), UnsafeMutableRawPointer(mutating: samples.baseAddress),
                Int32(window.width), Int32(window.height), type.gdal, 0, 0)
        }
        guard status == CE_None else {
            throw GDALError(operation: "write", path: dataset.path, message: message)
        }
    }

    /// Writes what GDAL still holds in memory.
    /// - Throws: ``GDALError`` when the disk is full.
    public consuming func close() throws(GDALError) {
        let message = capturingMessages { GDALFlushCache(dataset.handle) }.message
        guard message.isEmpty else {
            throw GDALError(operation: "write", path: dataset.path, message: message)
        }
    }
}
