internal import GDAL

/// Checks that the blocks of a GeoTIFF lie inside its file, before a build finds out half-way through.
enum BlockCheck {
    /// Blocks that are looked at beside the last ones.
    private static let sample = 2000

    /// - Returns: whether some of the blocks that were looked at were never written.
    /// - Throws: ``GDALError`` when a block reaches beyond the end of the file.
    static func run(
        _ dataset: borrowing Dataset, path: String, bands: [Band], fileSize: Int
    ) throws(GDALError) -> Bool {
        guard dataset.driver == "GTiff", let block = bands.first?.blockSize, block.columns > 0, block.rows > 0
        else {
            return false
        }
        let across = (dataset.width + block.columns - 1) / block.columns
        let down = (dataset.height + block.rows - 1) / block.rows
        let (count, overflow) = across.multipliedReportingOverflow(by: down)
        guard !overflow else { return false }
        var hasHoles = false
        func check(_ index: Int, _ band: Int) throws(GDALError) {
            let (column, row) = (index % across, index / across)
            guard let place = dataset.blockPlace(band: band, column: column, row: row) else {
                hasHoles = true
                return
            }
            let (end, overflow) = place.offset.addingReportingOverflow(place.size)
            guard overflow || end > fileSize else { return }
            throw GDALError(
                operation: "use it", path: path,
                message:
                    "the file ends at byte \(fileSize), but block \(column), \(row) of band \(band) reaches "
                    + "to byte \(end): it is truncated; fetch it again")
        }
        for band in 1...bands.count {
            // The last blocks are where most writers end; the others may lie in any sequence.
            for index in max(0, count - 256)..<count { try check(index, band) }
            let step = max(1, count / (sample / bands.count + 1))
            for index in stride(from: 0, to: count, by: step) { try check(index, band) }
        }
        return hasHoles
    }
}
