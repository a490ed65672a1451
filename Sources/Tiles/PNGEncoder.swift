internal import CDeflate

/// Writes PNG pictures (ISO/IEC 15948) quickly; each worker has one of its own and keeps it.
///
/// Rows are filtered here and compressed by libdeflate: at level 1 a third of the time of libpng's level 1
/// for a smaller file.
public final class PNGEncoder {
    /// The libdeflate level, 0 to 12.
    public let level: Int
    private let compressor: OpaquePointer?
    private var filtered = ScratchBytes()
    private var rows = ScratchBytes()
    private var compressed = ScratchBytes()

    /// Makes an encoder; its memory grows to the largest picture and is used again.
    ///
    /// - Parameter level: The effort of libdeflate, brought into 0...12. On tiles level 1 takes about
    ///   half the time of level 3 for pictures up to 6 % larger; higher levels gain little.
    public init(level: Int = 1) {
        self.level = min(max(level, 0), 12)
        compressor = libdeflate_alloc_compressor(Int32(self.level))
    }

    deinit { libdeflate_free_compressor(compressor) }

    /// Writes one picture of 8 bits a channel.
    ///
    /// - Parameters:
    ///   - samples: `width * height * channels` samples, rows from the top, channels interleaved.
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    ///   - channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    /// - Returns: The file; equal pictures give equal bytes.
    /// - Throws: ``TileError`` when the sizes do not agree.
    public func encode(
        _ samples: Span<UInt8>, width: Int, height: Int, channels: Int
    ) throws(TileError) -> [UInt8] {
        try checkShape(count: samples.count, width: width, height: height, channels: channels)
        let stride = width * channels
        let filteredCount = (stride + 1) * height
        // IDAT's length is 31 bits.
        guard filteredCount < 1 << 30 else {
            throw .tooLarge("\(filteredCount) bytes of samples where at most \(1 << 30) can be encoded")
        }
        let filtered = self.filtered.reserve(filteredCount)
        let rows = self.rows.reserve(4 * stride)
        samples.withUnsafeBufferPointer {
            filterRows(
                $0, stride: stride, pixelBytes: channels,
                target: UnsafeMutableBufferPointer(start: filtered, count: filteredCount),
                rows: UnsafeMutableBufferPointer(start: rows, count: 4 * stride))
        }
        let bound = libdeflate_zlib_compress_bound(compressor, filteredCount)
        let compressed = self.compressed.reserve(bound)
        let size = libdeflate_zlib_compress(compressor, filtered, filteredCount, compressed, bound)
        guard compressor != nil, size > 0 else {
            throw .library(format: .png, reason: "libdeflate had no memory")
        }
        return assemble(
            width: width, height: height, colourType: [0, 4, 2, 6][channels - 1], palette: [],
            data: UnsafeBufferPointer(start: compressed, count: size))
    }

    /// Writes one picture with a palette, a byte a pixel.
    ///
    /// - Parameters:
    ///   - indices: `width * height` numbers of entries of the palette, rows from the top.
    ///   - palette: 1 to 256 colours: red, green, blue and alpha. Pictures are smaller when those with transparency come
    ///     first.
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    /// - Returns: The file; equal pictures give equal bytes.
    /// - Throws: ``TileError`` when the sizes do not agree, or an index lies outside of the palette.
    public func encode(
        indices: Span<UInt8>, palette: [SIMD4<UInt8>], width: Int, height: Int
    ) throws(TileError) -> [UInt8] {
        try checkShape(count: indices.count, width: width, height: height, channels: 1)
        let count = (width + 1) * height
        guard count < 1 << 30 else {
            throw .tooLarge("\(count) bytes of samples where at most \(1 << 30) can be encoded")
        }
        var largest: UInt8 = 0
        let rows = filtered.reserve(count)
        for row in 0..<height {
            // Numbers of colours are no quantities: no filter makes them smaller.
            rows[row * (width + 1)] = 0
            for column in 0..<width {
                let index = indices[row * width + column]
                largest = max(largest, index)
                rows[row * (width + 1) + 1 + column] = index
            }
        }
        guard !palette.isEmpty, palette.count <= 256, Int(largest) < palette.count else {
            throw .library(
                format: .png,
                reason: "its palette has \(palette.count) colours, and colour \(largest) is used")
        }
        let bound = libdeflate_zlib_compress_bound(compressor, count)
        let compressed = self.compressed.reserve(bound)
        let size = libdeflate_zlib_compress(compressor, rows, count, compressed, bound)
        guard compressor != nil, size > 0 else {
            throw .library(format: .png, reason: "libdeflate had no memory")
        }
        return assemble(
            width: width, height: height, colourType: 3, palette: palette,
            data: UnsafeBufferPointer(start: compressed, count: size))
    }

    /// Writes one picture of 8 bits a channel; see ``encode(_:width:height:channels:)``.
    public func encode(_ picture: Picture) throws(TileError) -> [UInt8] {
        try encode(
            picture.samples.span, width: picture.width, height: picture.height, channels: picture.channels)
    }

    private func assemble(
        width: Int, height: Int, colourType: UInt8, palette: [SIMD4<UInt8>],
        data: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        var header: [UInt8] = []
        header += bigEndian(UInt32(width)) + bigEndian(UInt32(height))
        // 8 bits, colour type, deflate, adaptive filters, not interlaced.
        header += [8, colourType, 0, 0, 0]
        var file: [UInt8] = []
        file.reserveCapacity(signature.count + header.count + data.count + 3 * 12)
        file += signature
        header.withUnsafeBufferPointer { append("IHDR", $0, to: &file) }
        if !palette.isEmpty {
            let colours = palette.flatMap { [$0.x, $0.y, $0.z] }
            colours.withUnsafeBufferPointer { append("PLTE", $0, to: &file) }
            let transparent = palette.lastIndex { $0.w < 255 }
            if let transparent {
                let alphas = palette[...transparent].map(\.w)
                alphas.withUnsafeBufferPointer { append("tRNS", $0, to: &file) }
            }
        }
        append("IDAT", data, to: &file)
        append("IEND", UnsafeBufferPointer(start: nil, count: 0), to: &file)
        return file
    }

    /// Appends a chunk: length, type, data and the CRC of type and data.
    private func append(_ type: String, _ data: UnsafeBufferPointer<UInt8>, to file: inout [UInt8]) {
        file += bigEndian(UInt32(data.count))
        let type = Array(type.utf8)
        file += type
        file += data
        let crc = libdeflate_crc32(libdeflate_crc32(0, type, type.count), data.baseAddress, data.count)
        // libdeflate takes a missing buffer for the start of a checksum.
        file += bigEndian(data.isEmpty ? libdeflate_crc32(0, type, type.count) : crc)
    }

    private func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
