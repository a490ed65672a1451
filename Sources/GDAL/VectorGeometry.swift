internal import CGDAL
internal import Glibc

/// Operations on plane geometries, given and returned as well-known binary, by the GEOS library in GDAL.
public enum VectorGeometry {
    /// Whether a geometry is simple and its rings neither cross nor touch themselves along lines (OGC 06-103r4).
    /// - Throws: ``GDALError`` for bytes that are no geometry.
    public static func isValid(_ wkb: [UInt8]) throws(GDALError) -> Bool {
        let geometry = try read(wkb[...])
        defer { OGR_G_DestroyGeometry(geometry) }
        return capturingMessages { OGR_G_IsValid(geometry) }.result != 0
    }

    /// Valid polygons of the same area: each ring is made valid for itself, shells are united and holes are taken away from them
    /// (GEOS's "structure" rule, with which a hole that shares an edge with its shell stays one).
    /// - Throws: ``GDALError`` where GEOS cannot repair the geometry.
    public static func repaired(_ wkb: [UInt8]) throws(GDALError) -> [UInt8] {
        let geometry = try read(wkb[...])
        defer { OGR_G_DestroyGeometry(geometry) }
        let (made, message) = capturingMessages {
            let option = strdup("METHOD=STRUCTURE")
            defer { free(option) }
            var options: [UnsafeMutablePointer<CChar>?] = [option, nil]
            return OGR_G_MakeValidEx(geometry, &options)
        }
        guard let made else { throw failure("repair", message) }
        defer { OGR_G_DestroyGeometry(made) }
        return try bytes(made)
    }

    /// What of a geometry lies between two values of x.
    /// - Throws: ``GDALError`` where GEOS cannot cut the geometry, which has to be valid.
    public static func clipped(_ wkb: [UInt8], x: ClosedRange<Double>) throws(GDALError) -> [UInt8] {
        let geometry = try read(wkb[...])
        defer { OGR_G_DestroyGeometry(geometry) }
        let (low, high) = (-1e6, 1e6)
        guard let ring = OGR_G_CreateGeometry(wkbLinearRing), let box = OGR_G_CreateGeometry(wkbPolygon)
        else {
            throw failure("cut", "")
        }
        for (px, py) in [
            (x.lowerBound, low), (x.upperBound, low), (x.upperBound, high), (x.lowerBound, high),
            (x.lowerBound, low),
        ] {
            OGR_G_AddPoint_2D(ring, px, py)
        }
        OGR_G_AddGeometryDirectly(box, ring)
        defer { OGR_G_DestroyGeometry(box) }
        let (cut, message) = capturingMessages { OGR_G_Intersection(geometry, box) }
        guard let cut else { throw failure("cut", message) }
        defer { OGR_G_DestroyGeometry(cut) }
        return try bytes(cut)
    }

    /// A geometry as well-known text; nil for bytes that are no geometry.
    public static func wkt(_ wkb: [UInt8]) -> String? {
        guard let geometry = try? read(wkb[...]) else { return nil }
        defer { OGR_G_DestroyGeometry(geometry) }
        var text: UnsafeMutablePointer<CChar>?
        let status = capturingMessages { OGR_G_ExportToIsoWkt(geometry, &text) }.result
        defer { VSIFree(text) }
        guard status == OGRERR_NONE, let text else { return nil }
        return String(cString: text)
    }

    static func binary(_ geometry: OGRGeometryH) -> [UInt8]? {
        let size = Int(OGR_G_WkbSize(geometry))
        guard size > 0 else { return nil }
        var written = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            // Safe: GDAL writes as many bytes as it said before.
            written = OGR_G_ExportToIsoWkb(geometry, wkbNDR, space.baseAddress) == OGRERR_NONE
            count = written ? size : 0
        }
        return written ? bytes : nil
    }

    private static func bytes(_ geometry: OGRGeometryH) throws(GDALError) -> [UInt8] {
        guard let bytes = binary(geometry) else { throw failure("write", "") }
        return bytes
    }

    static func read(_ wkb: ArraySlice<UInt8>) throws(GDALError) -> OGRGeometryH {
        var geometry: OGRGeometryH?
        let (status, message) = capturingMessages {
            wkb.withUnsafeBytes {
                OGR_G_CreateFromWkbEx($0.baseAddress, nil, &geometry, wkb.count)
            }
        }
        guard status == OGRERR_NONE, let geometry else { throw failure("read", message) }
        return geometry
    }

    static func failure(_ operation: String, _ message: String) -> GDALError {
        GDALError(operation: operation, path: "a geometry", message: message)
    }
}
