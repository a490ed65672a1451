internal import GDAL
internal import Glibc
internal import Synchronization

extension CoverageMaker {
    /// A compressed, tiled or cloud-optimised GeoTIFF: written by GDAL into a file of its own, which is then sent and removed.
    func spooledTIFF(
        _ plan: CoveragePlan, _ keys: GeoKeys, _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> CoverageProduct {
        let format = plan.format
        if format.compression == .zstd, !RasterWriter.offers("ZSTD", driver: "GTiff") {
            throw .unsupportedFormat(found: "ZSTD", reason: "the GDAL of this server was built without it")
        }
        if let tile = format.tile {
            let sizes = 16...4096
            guard sizes.contains(tile.width), sizes.contains(tile.height), tile.width % 16 == 0,
                tile.height % 16 == 0
            else {
                throw .unsupportedFormat(
                    found: "tiles of \(tile.width) x \(tile.height)",
                    reason: "each side is a multiple of 16 of at most 4096")
            }
        }
        swept.withLock { isSwept in
            if !isSwept { isSwept = SpoolFile.removeLeftovers(in: options.spoolFolder) }
        }
        let spool = SpooledTIFF(
            plan, keys, try strips(plan, cancelled), folder: options.spoolFolder)
        return CoverageProduct(
            mediaType: format.mediaType, fileName: plan.fileName, width: plan.grid.width,
            height: plan.grid.height, byteCount: nil, pieces: spool)
    }
}

/// The bytes of a file that GDAL writes when the first of them is asked for.
struct SpooledTIFF: CoveragePieces {
    private let plan: CoveragePlan
    private let keys: GeoKeys
    private var strips: any CoverageStrips
    private let folder: String
    private var file: Descriptor?
    private var isDone = false
    private static let pieceSize = 1 << 20

    init(_ plan: CoveragePlan, _ keys: GeoKeys, _ strips: any CoverageStrips, folder: String) {
        self.plan = plan
        self.keys = keys
        self.strips = strips
        self.folder = folder
    }

    /// A file that is open for reading.
    private final class Descriptor {
        let number: Int32

        init?(_ path: String) {
            number = open(path, O_RDONLY | O_CLOEXEC)
            if number < 0 { return nil }
        }

        deinit { close(number) }
    }

    mutating func next() throws(CoverageError) -> [UInt8]? {
        if isDone { return nil }
        if file == nil {
            // Whatever fails is told once.
            isDone = true
            // The file has no name any more once it is open: whatever ends the server leaves nothing behind.
            let spool = try write()
            guard let descriptor = Descriptor(spool.path) else {
                throw .writing(reason: "the file that it was put together in is gone")
            }
            file = descriptor
            isDone = false
        }
        guard let descriptor = file?.number else { return nil }
        var failed = false
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, initialised in
            let count = read(descriptor, buffer.baseAddress, Self.pieceSize)
            failed = count < 0
            initialised = max(0, count)
        }
        if failed || piece.isEmpty {
            isDone = true
            file = nil
        }
        if failed { throw .writing(reason: "the file that it was put together in cannot be read") }
        return piece.isEmpty ? nil : piece
    }

    private mutating func write() throws(CoverageError) -> SpoolFile {
        let plain = try SpoolFile(in: folder)
        do {
            try write(plain.path)
            guard plan.format.isCloudOptimised else { return plain }
            let optimised = try SpoolFile(in: folder)
            try RasterWriter.copy(plain.path, to: optimised.path, driver: "COG", options: cloudOptions)
            return optimised
        } catch let error as CoverageError {
            throw error
        } catch let error as GDALError {
            throw .writing(reason: "GDAL says \"\(error.message)\"")
        } catch {
            throw .writing(reason: "\(error)")
        }
    }

    private var compression: [String] {
        let format = plan.format
        let predictor = plan.type.isInteger ? "2" : "3"
        switch format.compression {
        case .none: return []
        case .deflate:
            return ["COMPRESS=DEFLATE", "ZLEVEL=6"] + (format.predicts ? ["PREDICTOR=\(predictor)"] : [])
        case .zstd: return ["COMPRESS=ZSTD"] + (format.predicts ? ["PREDICTOR=\(predictor)"] : [])
        }
    }

    private var cloudOptions: [String] {
        let format = plan.format
        let block = format.tile.map { max($0.width, $0.height) } ?? 512
        let packing = format.compression == .none ? "NONE" : format.compression.rawValue.uppercased()
        // Overviews of values are means, nodata left out; the nearest one would be noise in slopes.
        return [
            "COMPRESS=\(packing)", "BLOCKSIZE=\(block)", "OVERVIEW_RESAMPLING=AVERAGE", "BIGTIFF=IF_SAFER",
        ] + (format.predicts && format.compression != .none ? ["PREDICTOR=YES"] : [])
    }

    private func options() -> [String] {
        var options = ["BIGTIFF=IF_SAFER", "INTERLEAVE=PIXEL"]
        options.append("PHOTOMETRIC=\(plan.isColour ? "RGB" : "MINISBLACK")")
        // GDAL takes the first band that is no colour, whatever it holds, where nothing is said of four.
        options.append("ALPHA=\(plan.alpha != nil ? "NON-PREMULTIPLIED" : "NO")")
        if !plan.format.isCloudOptimised {
            options += compression
            if let tile = plan.format.tile {
                options += ["TILED=YES", "BLOCKXSIZE=\(tile.width)", "BLOCKYSIZE=\(tile.height)"]
            }
        }
        return options
    }

    private mutating func write(_ path: String) throws {
        guard let type = SampleType(rawValue: plan.type.rawValue) else { return }
        let grid = plan.grid
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: grid.width, height: grid.height, bands: plan.bands.count,
            type: type, options: options(),
            geoTransform: [grid.originX, grid.pixelWidth, 0, grid.originY, 0, -grid.pixelHeight],
            crs: keys.wkt)
        for (key, value) in plan.metadata { writer.setMetadata(key, value) }
        for (index, number) in plan.bands.enumerated() {
            let band = plan.coverage.bands[number]
            try writer.describe(band.name, unit: band.unit, band: index + 1)
            if let noData = plan.noData { try writer.setNoData(noData, band: index + 1) }
            if !band.isUnscaled { try writer.setScale(band.scale, offset: band.offset, band: index + 1) }
        }
        // Whole rows of tiles, so that each is compressed once.
        var layout = plan.layout
        if let block = plan.format.tile?.height {
            let height = max(block, layout.height / block * block)
            layout = StripLayout(rows: grid.height, height: height)
        }
        let size = plan.type.size
        let pixelSize = plan.bands.count * size
        for rows in layout.strips {
            let samples = try strips.samples(rows: rows, bands: plan.bands)
            try samples.withUnsafeBytes { buffer in
                for band in plan.bands.indices {
                    try writer.write(
                        band: band + 1,
                        window: PixelWindow(
                            column: 0, row: rows.lowerBound, width: grid.width, height: rows.count),
                        from: UnsafeRawBufferPointer(rebasing: buffer[(band * size)...]), type: type,
                        pixelStride: pixelSize, lineStride: grid.width * pixelSize)
                }
            }
        }
        try strips.finish()
        try writer.close()
    }
}
