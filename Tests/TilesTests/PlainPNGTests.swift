import Testing
import Tiles

/// PNG pictures made here by the formulas of ISO/IEC 15948, sections 5, 9 and 10, without compression.
@Suite struct PlainPNGTests {
    static let pixels: [UInt8] = {
        var generator = SeededGenerator(state: 7)
        return (0..<4 * 37 * 23).map { i in
            // Noise, and smooth parts in which all filters have their say.
            i % 11 < 4 ? .random(in: 0...255, using: &generator) : UInt8(truncatingIfNeeded: i / 7)
        }
    }()

    /// Rows take the filters in turns.
    @Test(arguments: [1, 2, 3, 4], [1, 3])
    func everyFilterOfEveryKindOfPixel(_ channels: Int, _ parts: Int) throws {
        let (width, height) = (37, 23)
        let samples = Array(Self.pixels.prefix(width * height * channels))
        let file = PNGFile(width: width, height: height, channels: channels, samples: samples)
        let bytes = file.bytes(parts: parts)
        let picture = try PictureDecoder.decode(bytes)
        #expect(picture == Picture(width: width, height: height, channels: channels, samples: samples))
        // A note in between changes nothing.
        #expect(try PictureDecoder.decode(file.bytes(parts: parts, note: true)) == picture)
    }

    @Test func everyWrongByteOfASmallPictureIsRefused() throws {
        let samples: [UInt8] = Array(0..<18)
        let file = PNGFile(width: 3, height: 2, channels: 3, samples: samples)
        let bytes = file.bytes(parts: 2)
        for at in bytes.indices {
            var damaged = bytes
            damaged[at] ^= 0x55
            // Letters of IEND, behind all samples, do not matter to everybody.
            guard at < bytes.count - 12 else { continue }
            #expect(throws: TileError.self, "byte \(at)") { try PictureDecoder.decode(damaged) }
        }
        #expect(throws: TileError.self) {
            try PictureDecoder.decode(
                PNGFile(width: 3, height: 2, channels: 3, samples: samples, filter: 5).bytes(parts: 1))
        }
        #expect(throws: TileError.self) {
            try PictureDecoder.decode(
                PNGFile(width: 3, height: 3, channels: 3, samples: samples).bytes(parts: 1))
        }
    }
}

private struct PNGFile {
    var width: Int
    var height: Int
    var channels: Int
    var samples: [UInt8]
    /// The filter of all rows; nil for all filters in turns.
    var filter: UInt8?

    /// The file with its samples in so many chunks.
    func bytes(parts: Int, note: Bool = false) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let kind: [UInt8] = [0, 4, 2, 6]
        file += chunk("IHDR", word(width) + word(height) + [8, kind[channels - 1], 0, 0, 0])
        if note { file += chunk("tEXt", Array("Title\u{0}x".utf8)) }
        let data = stored(filtered)
        let size = (data.count + parts - 1) / parts
        for first in stride(from: 0, to: data.count, by: size) {
            file += chunk("IDAT", Array(data[first..<min(first + size, data.count)]))
        }
        return file + chunk("IEND", [])
    }

    private var filtered: [UInt8] {
        let row = width * channels
        func sample(_ y: Int, _ x: Int) -> Int { y < 0 || x < 0 ? 0 : Int(samples[y * row + x]) }
        var result: [UInt8] = []
        for y in 0..<samples.count / row {
            let filter = filter ?? UInt8(y % 5)
            result.append(filter)
            for x in 0..<row {
                let (a, b, c) = (sample(y, x - channels), sample(y - 1, x), sample(y - 1, x - channels))
                let predicted: Int
                switch filter {
                case 1: predicted = a
                case 2: predicted = b
                case 3: predicted = (a + b) / 2
                case 4:
                    let p = a + b - c
                    let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
                    predicted = pa <= pb && pa <= pc ? a : pb <= pc ? b : c
                default: predicted = 0
                }
                result.append(UInt8(truncatingIfNeeded: sample(y, x) - predicted))
            }
        }
        return result
    }

    /// A zlib stream of one stored block (RFC 1950, RFC 1951).
    private func stored(_ bytes: [UInt8]) -> [UInt8] {
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        let (low, high) = (UInt8(bytes.count & 255), UInt8(bytes.count >> 8))
        return [0x78, 0x01, 1, low, high, ~low, ~high] + bytes + word(b << 16 | a)
    }

    private func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        var crc = UInt32.max
        for byte in Array(name.utf8) + body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return word(body.count) + Array(name.utf8) + body + word(Int(~crc))
    }
}
