/// A TIFF of indices into a table of colours, put together by hand (TIFF 6.0, section 5).
enum PaletteTIFF {
    /// - Parameter table: red, green and blue of each of 256 indices.
    static func bytes(width: Int, height: Int, indices: [UInt8], table: [[UInt8]]) -> [UInt8] {
        var file: [UInt8] = [0x49, 0x49, 42, 0]
        func append(_ value: Int, bytes: Int) {
            for i in 0..<bytes { file.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
        }
        let pixels = 8
        let map = pixels + indices.count
        append(map + 2 * 3 * 256, bytes: 4)
        file += indices
        for channel in 0..<3 {
            for entry in table { append(Int(entry[channel]) * 257, bytes: 2) }
        }
        // Tag, type (3: 16 bits, 4: 32 bits), count, value or offset.
        let entries = [
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 3),
            (273, 4, 1, pixels), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, indices.count),
            (320, 3, 3 * 256, map),
        ]
        append(entries.count, bytes: 2)
        for (tag, type, count, value) in entries {
            append(tag, bytes: 2)
            append(type, bytes: 2)
            append(count, bytes: 4)
            append(value, bytes: 4)
        }
        append(0, bytes: 4)
        return file
    }
}
