internal import CDeflate

/// Reads the PNG pictures that most tiles are: 8 bits a channel, without palette, interlacing or a transparent colour.
///
/// In about a third of libpng's time, since libdeflate inflates all at once. Whatever else a file is, and every mistake in
/// it, is left to libpng.
struct PlainPNG {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let width: Int
    private let height: Int
    private let channels: Int
    /// The chunks of compressed samples.
    private var data: [Range<Int>] = []

    /// Finds the parts of a file; nil for one that libpng has to read.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        func number(_ offset: Int) -> Int {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count >= 33, bytes.starts(with: signature), number(8) == 13,
            bytes[12..<16].elementsEqual("IHDR".utf8)
        else { return nil }
        (width, height) = (number(16), number(20))
        let channels = [0: 1, 4: 2, 2: 3, 6: 4][bytes[25]]
        // The sizes were looked at before; here they only must not be nonsense.
        guard let channels, bytes[24] == 8, bytes[26...28].allSatisfy({ $0 == 0 }),
            (1...65535).contains(width), (1...65535).contains(height)
        else { return nil }
        self.channels = channels
        var at = 8
        while at + 12 <= bytes.count {
            let size = number(at)
            guard size <= bytes.count - at - 12 else { return nil }
            let (body, end) = (at + 8..<at + 8 + size, at + 12 + size)
            switch String(decoding: bytes[at + 4..<at + 8], as: UTF8.self) {
            case "IHDR" where at == 8: guard isWhole(at, size) else { return nil }
            case "IDAT":
                // One after the other, as the standard demands.
                guard data.last.map({ $0.upperBound + 4 == at }) ?? true, isWhole(at, size) else {
                    return nil
                }
                data.append(body)
            case "IEND":
                if size > 0 || data.isEmpty || !isWhole(at, size) { return nil }
                return
            case "IHDR", "PLTE", "tRNS": return nil
            default:
                // A capital letter: the file cannot be understood without it.
                if bytes[at + 4] & 0x20 == 0 { return nil }
            }
            at = end
        }
        return nil
    }

    /// Whether the checksum of a chunk is right.
    private func isWhole(_ at: Int, _ size: Int) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let stored = bytes[at + 8 + size..<at + 12 + size].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        return libdeflate_crc32(0, base + at + 4, size + 4) == stored
    }

    /// The picture; nil where its data are not what its header says.
    func decode() -> Picture? {
        let stride = width * channels
        let count = (stride + 1) * height
        // Pixels of three bytes are read and written as four.
        let filtered = UnsafeMutablePointer<UInt8>.allocate(capacity: count + 4)
        defer { filtered.deallocate() }
        (filtered + count).initialize(repeating: 0, count: 4)
        guard inflate(into: filtered, count: count) else { return nil }
        var isGood = true
        let samples = [UInt8](unsafeUninitializedCapacity: stride * height + 4) { out, initialised in
            guard let out = out.baseAddress else { return }
            isGood = unfilterRows(
                filtered, stride: stride, height: height, pixelBytes: channels, into: out)
            initialised = isGood ? stride * height : 0
        }
        guard isGood else { return nil }
        return Picture(width: width, height: height, channels: channels, samples: samples)
    }

    private func inflate(into out: UnsafeMutablePointer<UInt8>, count: Int) -> Bool {
        guard let base = bytes.baseAddress, let decompressor = libdeflate_alloc_decompressor() else {
            return false
        }
        defer { libdeflate_free_decompressor(decompressor) }
        func inflate(_ source: UnsafePointer<UInt8>, _ size: Int) -> Bool {
            var found = 0
            let result = libdeflate_zlib_decompress(decompressor, source, size, out, count, &found)
            return result == LIBDEFLATE_SUCCESS && found == count
        }
        if data.count == 1 { return inflate(base + data[0].lowerBound, data[0].count) }
        var joined: [UInt8] = []
        joined.reserveCapacity(data.reduce(0) { $0 + $1.count })
        for part in data { joined += bytes[part] }
        return joined.withUnsafeBufferPointer { $0.baseAddress.map { inflate($0, joined.count) } ?? false }
    }
}
