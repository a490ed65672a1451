internal import CGDAL
internal import CGDALShims

/// A raster dataset opened for reading; one owner, one thread at a time.
///
/// The handle is closed when the value's life ends. GDAL's rule that a handle belongs to one thread at a
/// time holds because the type cannot be copied and is not shared.
public struct Dataset: ~Copyable {
    /// The path as it was given.
    public let path: String
    let handle: GDALDatasetH

    /// Opens a raster for reading.
    /// - Throws: ``GDALError`` with GDAL's words when no driver reads the file.
    public init(opening path: String) throws(GDALError) {
        GDALLibrary.register()
        let flags = UInt32(GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR)
        let (opened, message) = capturingMessages { GDALOpenEx(path, flags, nil, nil, nil) }
        guard let opened else { throw GDALError(operation: "open", path: path, message: message) }
        self.path = path
        handle = opened
    }

    init(adopting handle: GDALDatasetH, path: String) {
        self.handle = handle
        self.path = path
    }

    deinit {
        _ = capturingMessages { GDALClose(handle) }
    }

    /// Columns.
    public var width: Int { Int(GDALGetRasterXSize(handle)) }

    /// Rows.
    public var height: Int { Int(GDALGetRasterYSize(handle)) }

    /// Number of bands.
    public var bandCount: Int { Int(GDALGetRasterCount(handle)) }

    /// Short name of the driver that reads the file, such as "GTiff".
    public var driver: String {
        GDALGetDatasetDriver(handle).flatMap { GDALGetDriverShortName($0) }.map { String(cString: $0) } ?? ""
    }

    /// The affine map from pixel corner to CRS coordinates in GDAL's order of six; nil when not stated.
    ///
    /// x = t[0] + column * t[1] + row * t[2]; y = t[3] + column * t[4] + row * t[5].
    public var geoTransform: [Double]? {
        var transform = [Double](repeating: 0, count: 6)
        let status = capturingMessages { GDALGetGeoTransform(handle, &transform) }.result
        return status == CE_None ? transform : nil
    }

    /// The coordinate reference system as WKT2:2019; nil when not stated.
    public var crsWKT: String? {
        guard let reference = capturingMessages({ GDALGetSpatialRef(handle) }).result else { return nil }
        var text: UnsafeMutablePointer<CChar>?
        let status = capturingMessages {
            "FORMAT=WKT2_2019".withCString { option in
                var options: [UnsafePointer<CChar>?] = [option, nil]
                return OSRExportToWktEx(reference, &text, &options)
            }
        }.result
        defer { VSIFree(text) }
        guard status == OGRERR_NONE, let text else { return nil }
        let wkt = String(cString: text)
        return wkt.isEmpty ? nil : wkt
    }

    /// A metadata item of the dataset, from the default or the named domain.
    public func metadata(_ key: String, domain: String = "") -> String? {
        capturingMessages { GDALGetMetadataItem(handle, key, domain) }.result.map { String(cString: $0) }
    }

    /// All that GDAL says of band `number`, counted from 1.
    /// - Throws: ``GDALError`` when there is no such band.
    public func band(_ number: Int) throws(GDALError) -> Band {
        let band = try bandHandle(number)
        let signed =
            capturingMessages { GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE") }.result
            .map { String(cString: $0) } == "SIGNEDBYTE"
        let stored = GDALGetRasterDataType(band)
        var present: Int32 = 0
        let noData = capturingMessages { GDALGetRasterNoDataValue(band, &present) }.result
        let hasNoData = present != 0
        var columns: Int32 = 0
        var rows: Int32 = 0
        GDALGetBlockSize(band, &columns, &rows)
        let flags = capturingMessages { GDALGetMaskFlags(band) }.result
        let scale = capturingMessages { GDALGetRasterScale(band, nil) }.result
        let offset = capturingMessages { GDALGetRasterOffset(band, nil) }.result
        return Band(
            type: SampleType(stored, signedByte: signed),
            typeName: GDALGetDataTypeName(stored).map { String(cString: $0) } ?? "unknown",
            role: Self.role(GDALGetRasterColorInterpretation(band)),
            noData: hasNoData ? noData : nil, scale: scale, offset: offset,
            unit: GDALGetRasterUnitType(band).map { String(cString: $0) } ?? "",
            blockSize: (Int(columns), Int(rows)),
            // A mask that only repeats the band's nodata value says nothing new; one of the metadata item
            // NODATA_VALUES, which is per dataset, does.
            hasMask: flags & tessera_gmf_all_valid() == 0
                && (flags & tessera_gmf_nodata() == 0 || flags & tessera_gmf_per_dataset() != 0),
            palette: Self.palette(band),
            description: GDALGetDescription(band).map { String(cString: $0) } ?? "",
            wavelength: Self.wavelength(band))
    }

    /// The items that GDAL's drivers of spectral cubes keep.
    private static func wavelength(_ band: GDALRasterBandH) -> String {
        func item(_ keys: [String]) -> String? {
            keys.lazy.compactMap { key in
                capturingMessages { GDALGetMetadataItem(band, key, nil) }.result.map { String(cString: $0) }
            }.first
        }
        guard let value = item(["wavelength", "WAVELENGTH", "center_wavelength"]) else { return "" }
        let unit = item(["wavelength_units", "WAVELENGTH_UNITS", "wavelength_unit"]) ?? ""
        return unit.isEmpty ? value : value + " " + unit
    }

    func bandHandle(_ number: Int) throws(GDALError) -> GDALRasterBandH {
        guard number >= 1, number <= bandCount, let band = GDALGetRasterBand(handle, Int32(number)) else {
            throw GDALError(operation: "find band \(number)", path: path, message: "it has \(bandCount)")
        }
        return band
    }

    private static func role(_ interpretation: GDALColorInterp) -> Band.Role {
        switch interpretation {
        case GCI_GrayIndex: .grey
        case GCI_RedBand: .red
        case GCI_GreenBand: .green
        case GCI_BlueBand: .blue
        case GCI_AlphaBand: .alpha
        case GCI_PaletteIndex: .palette
        case GCI_Undefined: .undefined
        default: .other
        }
    }

    private static func palette(_ band: GDALRasterBandH) -> [Band.PaletteEntry] {
        guard let table = GDALGetRasterColorTable(band) else { return [] }
        return (0..<GDALGetColorEntryCount(table)).map { index in
            var entry = GDALColorEntry()
            GDALGetColorEntryAsRGB(table, index, &entry)
            func byte(_ value: Int16) -> UInt8 { UInt8(clamping: value) }
            return Band.PaletteEntry(
                red: byte(entry.c1), green: byte(entry.c2), blue: byte(entry.c3), alpha: byte(entry.c4))
        }
    }
}
