internal import CGDAL
internal import CGDALShims

extension Dataset {
    /// How the file's samples are compressed, in GDAL's words, such as "DEFLATE"; nil when they are not, or when the
    /// format does not say.
    public var compression: String? {
        metadata("COMPRESSION", domain: "IMAGE_STRUCTURE").flatMap { $0 == "NONE" ? nil : $0 }
    }

    /// Whether the samples of all bands of a pixel lie together.
    public var isInterleavedByPixel: Bool {
        bandCount > 1 && metadata("INTERLEAVE", domain: "IMAGE_STRUCTURE") == "PIXEL"
    }

    /// The files that the dataset is made of, its own first.
    public var files: [String] {
        guard let list = capturingMessages({ GDALGetFileList(handle) }).result else { return [path] }
        defer { CSLDestroy(list) }
        var found: [String] = []
        var index = 0
        while let name = list[index] {
            found.append(String(cString: name))
            index += 1
        }
        return found
    }

    /// Names of the rasters that a file of several holds, each of which can be opened.
    public var subdatasets: [String] {
        guard let list = GDALGetMetadata(handle, "SUBDATASETS") else { return [] }
        var found: [String] = []
        var index = 0
        while let item = list[index] {
            let text = String(cString: item)
            if let equals = text.firstIndex(of: "="), text[..<equals].hasSuffix("_NAME") {
                found.append(String(text[text.index(after: equals)...]))
            }
            index += 1
        }
        return found
    }

    /// Where a block of a GeoTIFF lies in the file, in bytes; nil when it was never written, and for other formats.
    /// - Parameters:
    ///   - band: counted from 1.
    ///   - column: of the block, counted in blocks.
    ///   - row: of the block, counted in blocks.
    public func blockPlace(band: Int, column: Int, row: Int) -> (offset: Int, size: Int)? {
        guard driver == "GTiff", let band = GDALGetRasterBand(handle, Int32(band)) else { return nil }
        func item(_ key: String) -> Int? {
            let (text, _) = capturingMessages { GDALGetMetadataItem(band, "\(key)_\(column)_\(row)", "TIFF") }
            return text.flatMap { Int(String(cString: $0)) }
        }
        guard let offset = item("BLOCK_OFFSET"), let size = item("BLOCK_SIZE"), offset > 0, size > 0 else {
            return nil
        }
        return (offset, size)
    }

    /// Whether no block of a window was ever written, as far as the format knows: all its samples are nodata then.
    /// - Parameter band: counted from 1.
    public func isHole(band: Int, _ window: PixelWindow) -> Bool {
        guard let band = GDALGetRasterBand(handle, Int32(band)) else { return false }
        let status = capturingMessages {
            GDALGetDataCoverageStatus(
                band, Int32(window.column), Int32(window.row), Int32(window.width), Int32(window.height),
                tessera_coverage_data(), nil)
        }.result
        return status == tessera_coverage_empty()
    }
}
