internal import CGDAL
internal import CGDALShims

/// What is known of a file without opening it as a raster, on disk or in one of GDAL's virtual file systems.
public struct FileFacts: Sendable, Equatable {
    /// Bytes of the file.
    public let size: Int
    /// Time of the last change in nanoseconds since 1970; whole seconds where a server or an archive says no more, and
    /// 0 where it says nothing.
    public let modifiedNanoseconds: Int64
    /// The first bytes of the file, as many as were asked for and are there.
    public let head: [UInt8]

    /// Looks at a file.
    ///
    /// What GDAL remembers of a file on a server is forgotten first, so that a change there is seen.
    /// - Parameters:
    ///   - path: a path as GDAL understands it, such as `/vsicurl/https://example.org/map.tif`.
    ///   - count: bytes of the head to read.
    /// - Throws: ``GDALError`` when there is no such file, or its first bytes cannot be read.
    public init(of path: String, head count: Int) throws(GDALError) {
        GDALLibrary.register()
        if path.hasPrefix("/vsi") { VSICurlPartialClearCache(path) }
        var (bytes, nanoseconds): (Int64, Int64) = (0, 0)
        let (found, reason) = capturingMessages { tessera_vsi_stat(path, &bytes, &nanoseconds) }
        guard found == 0 else {
            throw GDALError(
                operation: "open", path: path,
                message: reason.isEmpty ? "there is no such file, or it may not be read" : reason)
        }
        size = Int(bytes)
        modifiedNanoseconds = nanoseconds
        head = try Self.head(of: path, count: min(count, size))
    }

    private static func head(of path: String, count: Int) throws(GDALError) -> [UInt8] {
        guard count > 0 else { return [] }
        var read = 0
        let (bytes, reason) = capturingMessages { () -> [UInt8] in
            guard let file = VSIFOpenL(path, "rb") else { return [] }
            defer { VSIFCloseL(file) }
            return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
                initialised = VSIFReadL(buffer.baseAddress, 1, count, file)
                read = initialised
            }
        }
        guard read == count else {
            throw GDALError(
                operation: "read", path: path,
                message: reason.isEmpty ? "its first \(count) bytes could not be read" : reason)
        }
        return bytes
    }
}
