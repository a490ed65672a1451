internal import GDAL

/// How a source can be read piece by piece.
public enum SourceLayout: Sendable, Equatable {
    /// From the file itself.
    case direct
    /// From a copy in tiles on disk that has to be made first.
    /// - Parameters:
    ///   - reason: what hinders, as a clause for people: "it is ... ".
    ///   - bytes: size of the copy.
    case spool(reason: String, bytes: Int)
}

/// How a source is stored.
public struct SourceStorage: Sendable, Equatable {
    /// Columns and rows of a block as it is decoded at once.
    public let blockColumns, blockRows: Int
    /// GDAL's word for the compression; nil where samples lie as they are.
    public let compression: String?
    /// Why the blocks can only be reached one after the other, as a clause; nil when each can be reached by itself.
    public let sequentialBecause: String?
    /// Decoded bytes of one block, with all bands where they lie together.
    public let blockBytes: Int
    /// Bytes that a decoder holds beside blocks: all of a progressive JPEG.
    public let decoderBytes: Int
    /// Whether blocks were never written, and all that would be read of them means "no data".
    var hasHoles = false
    /// Whether a part of a strip costs all of it.
    var readsWholeStrips = false
}

/// What the reading of a source has to go by.
public struct ReadingLimits: Sendable, Equatable {
    /// Bytes of decoded blocks that GDAL keeps for all readers.
    public let cacheBytes: Int
    /// Readers that work at the same time, each with its own handle.
    public let readers: Int

    /// Limits of a build.
    public init(cacheBytes: Int, readers: Int) {
        self.cacheBytes = cacheBytes
        self.readers = readers
    }
}

extension RasterSource {
    /// Below this many decoded bytes a few more decodings cost less than a copy.
    private static let smallBytes = 4 << 20

    /// Bytes of a pixel as stored, all bands together.
    public var storedPixelBytes: Int { plan.bands.count * plan.storedType.size }

    /// Bytes of all samples and of the mask, decoded.
    public var decodedBytes: Int {
        let samples = fileColumns.multipliedReportingOverflow(by: fileRows)
        let each = storedPixelBytes + (plan.usesMask ? 1 : 0)
        let bytes = samples.partialValue.multipliedReportingOverflow(by: each)
        return samples.overflow || bytes.overflow ? .max : bytes.partialValue
    }

    /// Whether the source can be read in any sequence of pieces, or has to be copied into tiles on disk first, so that
    /// no part of it is read from its file or decoded more than three times.
    ///
    /// Blocks of tiled files, and samples of uncompressed ones, are reached one by one. A strip of a compressed file
    /// is as wide as the file, and to a reader that wants a part of it costs the whole. PNG, JPEG and archives can only
    /// be decoded from their beginning. What is on a server may be slow, busy, or replaced by something else.
    public func layout(for limits: ReadingLimits) -> SourceLayout {
        guard let reason = hindrance(limits) else { return .direct }
        return .spool(reason: reason, bytes: decodedBytes)
    }

    private func hindrance(_ limits: ReadingLimits) -> String? {
        let bytes = decodedBytes
        guard bytes > Self.smallBytes, readPath == path else { return nil }
        if let archive = Self.archive(path) { return archive }
        if Self.isRemote(path) { return "it is on a server, which is asked for each part only once" }
        if driver == "VRT", let reason = storage.sequentialBecause { return reason }
        let isStriped = storage.blockColumns >= fileColumns
        if !isStriped {
            // A reader comes back to a block from the neighbouring windows: a few of them have to stay.
            let wanted = storage.blockBytes.multipliedReportingOverflow(by: 8 * limits.readers)
            return !wanted.overflow && wanted.partialValue <= limits.cacheBytes || driver == "VRT"
                ? nil
                : "its tiles of \(storage.blockColumns) x \(storage.blockRows) are too large for the memory allowed"
        }
        // With all of it in the cache of each, two readers and the pass for the range of values decode it three times.
        if limits.readers <= 2, bytes <= limits.cacheBytes / 2 / limits.readers { return nil }
        if let reason = storage.sequentialBecause { return reason }
        return storage.readsWholeStrips
            ? "it is striped and compressed, so that each piece would cost whole rows" : nil
    }

    static func isRemote(_ path: String) -> Bool {
        ["/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "/vsiadls", "/vsioss", "/vsiswift", "/vsiwebhdfs"].contains
        {
            path.hasPrefix($0)
        }
    }

    private static func archive(_ path: String) -> String? {
        ["/vsizip/", "/vsigzip/", "/vsitar/"].contains { path.hasPrefix($0) }
            ? "it lies in an archive, which can only be unpacked from its beginning" : nil
    }
}

extension SourceStorage {
    /// How a dataset is stored.
    init(_ dataset: borrowing Dataset, _ first: Band, bands: Int) throws(GDALError) {
        blockColumns = max(1, first.blockSize.columns)
        blockRows = max(1, first.blockSize.rows)
        compression = dataset.compression
        let size = (first.type?.size ?? 8) * (dataset.isInterleavedByPixel ? max(1, bands) : 1)
        let samples = blockColumns.multipliedReportingOverflow(by: blockRows)
        let bytes = samples.partialValue.multipliedReportingOverflow(by: size)
        blockBytes = samples.overflow || bytes.overflow ? .max : bytes.partialValue
        decoderBytes = dataset.driver == "JPEG" ? try JPEGHeader.coefficientBytes(path: dataset.path) : 0
        switch dataset.driver {
        case "PNG", "JPEG":
            sequentialBecause = "it is a \(dataset.driver), which can only be decoded from its beginning"
        case "VRT": sequentialBecause = try Self.hindrance(ofMembers: dataset)
        default: sequentialBecause = nil
        }
    }

    /// What hinders one of the files of a virtual raster, of which the first few are looked at.
    private static func hindrance(ofMembers dataset: borrowing Dataset) throws(GDALError) -> String? {
        for path in dataset.files.dropFirst().prefix(16) {
            let member = try Dataset(opening: path)
            let first = try member.band(1)
            let isStriped = first.blockSize.columns >= member.width && member.height > 1
            let isPicture = ["PNG", "JPEG"].contains(member.driver)
            if isPicture || isStriped && member.compression != nil {
                return "it is made of files such as \(path), which cannot be read in pieces"
            }
        }
        return nil
    }
}
