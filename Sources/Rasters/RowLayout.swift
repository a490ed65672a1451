internal import GDAL

/// Where the rows of an uncompressed striped GeoTIFF on disk lie in its file.
///
/// A window of such a file is many short pieces. GDAL reads each in whole pages or whole strips, several times the
/// bytes that are wanted; with the places of the strips known, each piece is read by itself.
struct RowLayout: Sendable, Equatable {
    /// Offset of each strip in bytes: those of the first band, and of the others where bands lie apart.
    let strips: [[Int]]
    let rowsPerStrip: Int
    /// Bytes from one row to the next inside a strip.
    let rowBytes: Int
    /// Bytes from one pixel to the next in a row.
    let pixelBytes: Int
    let type: SampleType

    /// More strips than this are left to GDAL: a list of them would be larger than what it helps to save.
    private static let mostStrips = 4 << 20

    /// - Returns: nil where the samples do not lie in the file as they are in memory, or not in whole rows.
    init?(_ dataset: borrowing Dataset, _ first: Band, path: String, bands: Int) throws(GDALError) {
        guard dataset.driver == "GTiff", dataset.compression == nil, !path.hasPrefix("/vsi"),
            let type = first.type, first.blockSize.columns == dataset.width, first.blockSize.rows > 0
        else { return nil }
        let head = try FileFacts(of: path, head: 2).head
        // "II": least significant byte first, as in memory.
        guard head == [0x49, 0x49], Int(1).littleEndian == 1 else { return nil }
        let together = dataset.isInterleavedByPixel
        rowsPerStrip = first.blockSize.rows
        let count = (dataset.height + rowsPerStrip - 1) / rowsPerStrip
        guard count * (together ? 1 : bands) <= Self.mostStrips else { return nil }
        self.type = type
        pixelBytes = type.size * (together ? bands : 1)
        rowBytes = dataset.width * pixelBytes
        var strips: [[Int]] = []
        for band in 1...(together ? 1 : bands) {
            var offsets: [Int] = []
            offsets.reserveCapacity(count)
            for strip in 0..<count {
                let rows = min(rowsPerStrip, dataset.height - strip * rowsPerStrip)
                // Rows that were never written, or strips of unusual size, are GDAL's affair.
                guard let place = dataset.blockPlace(band: band, column: 0, row: strip),
                    place.size >= rows * rowBytes
                else { return nil }
                offsets.append(place.offset)
            }
            strips.append(offsets)
        }
        self.strips = strips
    }

    /// Offset of a sample in bytes.
    /// - Parameter band: counted from 1.
    func offset(band: Int, row: Int, column: Int) -> Int {
        let apart = strips.count > 1
        return strips[apart ? band - 1 : 0][row / rowsPerStrip] + row % rowsPerStrip * rowBytes
            + column * pixelBytes + (apart ? 0 : (band - 1) * type.size)
    }
}
