internal import CGDAL

/// A dataset of features opened for reading; one owner, one thread at a time.
public struct VectorDataset: ~Copyable {
    /// The path as it was given.
    public let path: String
    let handle: GDALDatasetH

    /// Opens a table or a file of features for reading. Nothing is written beside it.
    /// - Parameters:
    ///   - drivers: the short names of the drivers that may read it.
    ///   - options: open options as `KEY=VALUE`; drivers pass over those that are not theirs.
    /// - Throws: ``GDALError`` with GDAL's words when none of the drivers reads the file.
    public init(opening path: String, drivers: [String], options: [String] = []) throws(GDALError) {
        GDALLibrary.register()
        let flags = UInt32(GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR)
        var allowed: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        for driver in drivers { allowed = CSLAddString(allowed, driver) }
        var given: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        for option in options { given = CSLAddString(given, option) }
        defer {
            CSLDestroy(allowed)
            CSLDestroy(given)
        }
        let (opened, message) = capturingMessages {
            // The lists are read only; C's own signature has them as constant.
            allowed.withConstantStrings { allowed in
                given.withConstantStrings { GDALOpenEx(path, flags, allowed, $0, nil) }
            }
        }
        guard let opened else { throw GDALError(operation: "open", path: path, message: message) }
        self.path = path
        handle = opened
    }

    deinit {
        _ = capturingMessages { GDALClose(handle) }
    }

    /// Short name of the driver that reads the file, such as "GeoJSON".
    public var driver: String {
        GDALGetDatasetDriver(handle).flatMap { GDALGetDriverShortName($0) }.map { String(cString: $0) } ?? ""
    }

    /// What the layers say of themselves, in their order.
    /// - Throws: ``GDALError`` when a layer cannot be looked at.
    public func layers() throws(GDALError) -> [VectorLayer] {
        var found: [VectorLayer] = []
        for index in 0..<Int(GDALDatasetGetLayerCount(handle)) { found.append(describe(try layer(index))) }
        return found
    }

    func layer(_ index: Int) throws(GDALError) -> OGRLayerH {
        let (layer, message) = capturingMessages { GDALDatasetGetLayer(handle, Int32(clamping: index)) }
        guard let layer else {
            throw GDALError(operation: "read layer \(index)", path: path, message: message)
        }
        return layer
    }

    private func describe(_ layer: OGRLayerH) -> VectorLayer {
        capturingMessages {
            let definition = OGR_L_GetLayerDefn(layer)
            let fields = (0..<OGR_FD_GetFieldCount(definition)).map { index in
                let field = OGR_FD_GetFieldDefn(definition, index)
                return VectorField(
                    name: OGR_Fld_GetNameRef(field).map { String(cString: $0) } ?? "", kind: Self.kind(field))
            }
            let count = OGR_L_GetFeatureCount(layer, 0)
            return VectorLayer(
                name: OGR_L_GetName(layer).map { String(cString: $0) } ?? "",
                crsWKT: OGR_L_GetSpatialRef(layer).flatMap { Self.wkt($0) },
                hasGeometry: OGR_L_GetGeomType(layer) != wkbNone, fields: fields,
                count: count < 0 ? nil : Int(count))
        }.result
    }

    private static func kind(_ field: OGRFieldDefnH?) -> VectorField.Kind {
        switch OGR_Fld_GetType(field) {
        case OFTInteger: OGR_Fld_GetSubType(field) == OFSTBoolean ? .boolean : .integer
        case OFTInteger64: .integer
        case OFTReal: .real
        case OFTDate: .date
        case OFTTime: .time
        case OFTDateTime: .dateTime
        case OFTBinary: .binary
        case OFTIntegerList, OFTInteger64List, OFTRealList, OFTStringList: .list
        default: .text
        }
    }

    private static func wkt(_ reference: OGRSpatialReferenceH) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let status = "FORMAT=WKT2_2019".withCString { option in
            var options: [UnsafePointer<CChar>?] = [option, nil]
            return OSRExportToWktEx(reference, &text, &options)
        }
        defer { VSIFree(text) }
        guard status == OGRERR_NONE, let text else { return nil }
        let wkt = String(cString: text)
        return wkt.isEmpty ? nil : wkt
    }
}

extension UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    /// A list of strings as those functions want it that do not change it.
    func withConstantStrings<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T) -> T {
        guard let self else { return body(nil) }
        let count = Int(CSLCount(self)) + 1
        return self.withMemoryRebound(to: UnsafePointer<CChar>?.self, capacity: count) { body($0) }
    }
}
