internal import GDAL

/// What the header of a JPEG says of the memory that its decoding takes (ITU-T T.81, annex B).
enum JPEGHeader {
    /// Segments before the frame header hold colour profiles and camera notes, rarely more than this.
    private static let longest = 1 << 20

    /// Bytes that a decoder holds of a whole progressive picture: two for each coefficient. 0 for other JPEGs, of which
    /// a few rows are held.
    /// - Throws: ``GDALError`` when the file cannot be read.
    static func coefficientBytes(path: String) throws(GDALError) -> Int {
        let bytes = try FileFacts(of: path, head: longest).head
        func word(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
        var position = 2
        while position + 9 < bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            let length = word(position + 2)
            // Progressive frames with Huffman or with arithmetic coding.
            if marker == 0xC2 || marker == 0xCA {
                return coefficients(
                    bytes, at: position, rows: word(position + 5), columns: word(position + 7))
            }
            // Other frames, and the beginning of the picture.
            if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC { return 0 }
            if marker == 0xDA { return 0 }
            position += 2 + max(2, length)
        }
        return 0
    }

    private static func coefficients(_ bytes: [UInt8], at frame: Int, rows: Int, columns: Int) -> Int {
        let count = Int(bytes[frame + 9])
        let factors = (0..<count).compactMap { index -> (across: Int, down: Int)? in
            let place = frame + 11 + 3 * index
            return place < bytes.count ? (Int(bytes[place] >> 4), Int(bytes[place] & 15)) : nil
        }
        let across = max(1, factors.map(\.across).max() ?? 1)
        let down = max(1, factors.map(\.down).max() ?? 1)
        return factors.reduce(0) { $0 + columns * rows * 2 * $1.across * $1.down / (across * down) }
    }
}
