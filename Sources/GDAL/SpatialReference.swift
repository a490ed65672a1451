internal import CGDAL

/// Coordinate reference systems in the dialects that GDAL alone writes.
public enum SpatialReference {
    /// A system as WKT 1 in GDAL's dialect, with its identifiers, as GeoPackages hold it.
    /// - Parameter definition: what GDAL understands, such as `IAU_2015:49900` or a PROJ string.
    /// - Throws: ``GDALError`` for what GDAL does not understand or cannot write.
    public static func wkt1(_ definition: String) throws(GDALError) -> String {
        GDALLibrary.register()
        let reference = OSRNewSpatialReference(nil)
        defer { OSRDestroySpatialReference(reference) }
        var text: UnsafeMutablePointer<CChar>?
        let (status, message) = capturingMessages { () -> OGRErr in
            let status = OSRSetFromUserInput(reference, definition)
            return status == OGRERR_NONE ? OSRExportToWkt(reference, &text) : status
        }
        defer { VSIFree(text) }
        guard status == OGRERR_NONE, let text else {
            throw GDALError(operation: "write as WKT 1", path: definition, message: message)
        }
        return String(cString: text)
    }
}
