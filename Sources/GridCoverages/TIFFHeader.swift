/// The header and the directory of an uncompressed TIFF in strips, whose samples follow them (TIFF 6.0; BigTIFF where they
/// would not end within 4 GB).
///
/// GDAL takes longer to begin such a file than its samples take to be drawn, and writes its directory last.
struct TIFFHeader {
    /// The bytes before the first sample.
    let bytes: [UInt8]
    /// Bytes of the whole file.
    let fileSize: Int

    /// Bytes of a strip, about.
    private static let stripSize = 1 << 16

    init(_ plan: CoveragePlan, _ keys: GeoKeys) {
        let (width, height) = (plan.grid.width, plan.grid.height)
        let rowSize = width * plan.bands.count * plan.type.size
        let rowsPerStrip = min(height, max(1, Self.stripSize / rowSize))
        let count = (height + rowsPerStrip - 1) / rowsPerStrip
        let dataSize = rowSize * height
        var tags = Self.tags(plan)
        tags += keys.tags
        tags.append(.longs(278, [rowsPerStrip]))
        // Two numbers of eight bytes for each strip, and a generous half megabyte for all else.
        let isBig = dataSize + 16 * count + (1 << 19) > UInt32.max
        func strips(_ start: Int) -> [TIFFTag] {
            let offsets = (0..<count).map { start + $0 * rowsPerStrip * rowSize }
            let sizes = (0..<count).map { min(rowsPerStrip, height - $0 * rowsPerStrip) * rowSize }
            return isBig
                ? [.longs8(273, offsets), .longs8(279, sizes)] : [.longs(273, offsets), .longs(279, sizes)]
        }
        // The size of the directory does not depend on the numbers in it.
        let size = Self.directory(tags + strips(0), isBig).count
        bytes = Self.directory(tags + strips(size), isBig)
        fileSize = size + dataSize
    }

    private static func tags(_ plan: CoveragePlan) -> [TIFFTag] {
        let grid = plan.grid
        let samples = plan.bands.count
        let sampleFormat: Int
        switch plan.type {
        case .uint8, .uint16, .uint32: sampleFormat = 1
        case .int8, .int16, .int32: sampleFormat = 2
        case .float32, .float64: sampleFormat = 3
        }
        var tags: [TIFFTag] = [
            .longs(256, [grid.width]), .longs(257, [grid.height]),
            .shorts(258, Array(repeating: plan.type.size * 8, count: samples)),
            .shorts(259, [1]), .shorts(262, [plan.isColour ? 2 : 1]), .shorts(277, [samples]),
            .shorts(284, [1]), .shorts(339, Array(repeating: sampleFormat, count: samples)),
            .doubles(33550, [grid.pixelWidth, grid.pixelHeight, 0]),
            .doubles(33922, [0, 0, 0, grid.originX, grid.originY, 0]),
            .text(42112, plan.metadataXML),
        ]
        let extra = samples - (plan.isColour ? 3 : 1)
        if extra > 0 {
            // 2 is opacity that colours were not multiplied with.
            let first = samples - extra
            tags.append(.shorts(338, (first..<samples).map { $0 == plan.alpha ? 2 : 0 }))
        }
        if let noData = plan.noDataText { tags.append(.text(42113, noData)) }
        return tags
    }

    private static func directory(_ tags: [TIFFTag], _ isBig: Bool) -> [UInt8] {
        let sorted = tags.sorted { $0.number < $1.number }
        let (entry, inline, start) = isBig ? (20, 8, 16) : (12, 4, 8)
        let end = start + (isBig ? 8 : 2) + sorted.count * entry + (isBig ? 8 : 4)
        var bytes: [UInt8] = [0x49, 0x49]
        if isBig {
            bytes += TIFFTag.little(UInt16(43)) + TIFFTag.little(UInt16(8)) + TIFFTag.little(UInt16(0))
            bytes += TIFFTag.little(UInt64(start)) + TIFFTag.little(UInt64(sorted.count))
        } else {
            bytes += TIFFTag.little(UInt16(42)) + TIFFTag.little(UInt32(start))
            bytes += TIFFTag.little(UInt16(sorted.count))
        }
        var values: [UInt8] = []
        for tag in sorted {
            bytes += TIFFTag.little(tag.number) + TIFFTag.little(tag.type)
            bytes += isBig ? TIFFTag.little(UInt64(tag.count)) : TIFFTag.little(UInt32(tag.count))
            if tag.bytes.count <= inline {
                bytes += tag.bytes + [UInt8](repeating: 0, count: inline - tag.bytes.count)
            } else {
                let place = end + values.count
                bytes += isBig ? TIFFTag.little(UInt64(place)) : TIFFTag.little(UInt32(place))
                values += tag.bytes
                // Values begin at even places, eight-byte ones at those of their own size.
                values += [UInt8](repeating: 0, count: (8 - (end + values.count) % 8) % 8)
            }
        }
        bytes += [UInt8](repeating: 0, count: isBig ? 8 : 4)
        bytes += values
        return bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16)
    }
}
