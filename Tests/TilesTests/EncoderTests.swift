import Testing
import Tiles

/// A picture with smooth and rough parts and, for channels 2 and 4, some transparency.
private func picture(_ width: Int, _ height: Int, _ channels: Int) -> Picture {
    var samples: [UInt8] = []
    var state: UInt32 = 12345
    for row in 0..<height {
        for column in 0..<width {
            for channel in 0..<channels {
                state = state &* 1_664_525 &+ 1_013_904_223
                let noise = row % 32 < 4 ? Int(state >> 24) : Int(state >> 30)
                samples.append(UInt8(truncatingIfNeeded: (row * (channel + 2) + 3 * column) / 8 + noise))
            }
        }
    }
    return Picture(width: width, height: height, channels: channels, samples: samples)
}

private func meanError(_ left: Picture, _ right: Picture) -> Double {
    let sum = zip(left.samples, right.samples).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(left.samples.count)
}

/// A picture without noise, which lossy formats keep well.
private func smooth(_ channels: Int) -> Picture {
    var samples: [UInt8] = []
    for row in 0..<64 {
        for column in 0..<96 {
            for channel in 0..<channels { samples.append(UInt8((row * (channel + 1) + 2 * column) / 2)) }
        }
    }
    return Picture(width: 96, height: 64, channels: channels, samples: samples)
}

@Suite struct PNGEncoderTests {
    @Test(arguments: [1, 2, 3, 511, 512, 513], [1, 2, 3, 4])
    func libpngReadsWhatWasWritten(_ width: Int, _ channels: Int) throws {
        let encoder = PNGEncoder()
        for height in [1, 2, 33] {
            let picture = picture(width, height, channels)
            let bytes = try encoder.encode(picture)
            #expect(try PictureDecoder.decode(bytes, format: .png) == picture)
        }
    }

    @Test(arguments: [0, 1, 6, 12, -3, 99])
    func everyLevelIsRead(_ level: Int) throws {
        let picture = picture(70, 50, 3)
        #expect(try PictureDecoder.decode(try PNGEncoder(level: level).encode(picture)) == picture)
    }

    @Test func bytesDoNotDependOnWhatWasEncodedBefore() throws {
        let encoder = PNGEncoder()
        let (small, large) = (picture(40, 30, 3), picture(300, 200, 4))
        let first = try encoder.encode(small)
        _ = try encoder.encode(large)
        #expect(try encoder.encode(small) == first)
        #expect(try PNGEncoder().encode(small) == first)
    }

    @Test(arguments: [(1, 8), (8, 1), (3, 5)])
    func rampsShrinkInEveryDirection(_ down: Int, _ right: Int) throws {
        // A ramp with one bit of noise: without a filter deflate finds no repeats; with one,
        // few values remain.
        var samples: [UInt8] = []
        var state: UInt32 = 1
        for row in 0..<256 {
            for column in 0..<256 {
                state = state &* 1_664_525 &+ 1_013_904_223
                samples.append(UInt8(truncatingIfNeeded: (row * down + column * right) + Int(state >> 31)))
            }
        }
        let bytes = try PNGEncoder().encode(samples.span, width: 256, height: 256, channels: 1)
        // Differences of one noise bit take three values, 1.5 bits of 8 each;
        // unfiltered 3.6 bits and more remain.
        #expect(bytes.count < 256 * 256 * 3 / 10)
    }

    @Test func wrongSizesAreRefused() {
        let samples: [UInt8] = [1, 2, 3]
        let expected = TileError.sampleCount(found: 3, width: 2, height: 2, channels: 1)
        #expect(throws: expected) { try PNGEncoder().encode(samples.span, width: 2, height: 2, channels: 1) }
        for (width, channels) in [(0, 3), (3, 0), (-1, 3), (1, 5)] {
            #expect(throws: TileError.self) {
                try PNGEncoder().encode(samples.span, width: width, height: 1, channels: channels)
            }
        }
        #expect(throws: TileError.self) {
            try PNGEncoder().encode(samples.span, width: .max, height: .max, channels: 3)
        }
    }
}

@Suite struct JPEGEncoderTests {
    @Test(arguments: [1, 3])
    func smoothPicturesStayClose(_ channels: Int) throws {
        let picture = smooth(channels)
        let decoded = try PictureDecoder.decode(try JPEGEncoder().encode(picture), format: .jpeg)
        #expect(decoded.width == 96 && decoded.height == 64 && decoded.channels == channels)
        #expect(meanError(decoded, picture) < 1.5)
    }

    @Test func theFourthChannelIsIgnored() throws {
        let colour = smooth(3)
        var padded = Picture(width: 96, height: 64, channels: 4, samples: [])
        for start in stride(from: 0, to: colour.samples.count, by: 3) {
            padded.samples += colour.samples[start..<start + 3] + [UInt8(truncatingIfNeeded: start)]
        }
        let encoder = JPEGEncoder()
        #expect(try encoder.encode(padded) == (try encoder.encode(colour)))
    }

    @Test func sharpColourEdgesAreKept() throws {
        // One red column between blue ones: halved colour would smear it over its neighbours.
        var picture = Picture(width: 32, height: 32, channels: 3, samples: [])
        for pixel in 0..<1024 { picture.samples += pixel % 32 == 13 ? [200, 30, 30] : [30, 30, 200] }
        let decoded = try PictureDecoder.decode(try JPEGEncoder().encode(picture))
        #expect(abs(Int(decoded.samples[13 * 3]) - 200) < 25)
        #expect(abs(Int(decoded.samples[12 * 3]) - 30) < 25)
    }

    @Test func qualityChangesTheSize() throws {
        let picture = picture(128, 128, 3)
        let sizes = try [20, 60, 90, 100].map { try JPEGEncoder(quality: $0).encode(picture).count }
        #expect(sizes == sizes.sorted() && sizes[0] * 2 < sizes[3])
        #expect(JPEGEncoder(quality: 900).quality == 100 && JPEGEncoder(quality: -1).quality == 1)
    }

    @Test func transparentGreyIsRefused() {
        let expected = TileError.channels(found: 2, format: .jpeg, accepted: "1, 3 or 4")
        #expect(throws: expected) { try JPEGEncoder().encode(smooth(2)) }
    }
}

@Suite struct WebPEncoderTests {
    @Test(arguments: [1, 2, 3, 4])
    func smoothPicturesStayClose(_ channels: Int) throws {
        let picture = smooth(channels)
        let decoded = try PictureDecoder.decode(try WebPEncoder().encode(picture), format: .webp)
        let hasAlpha = channels.isMultiple(of: 2)
        #expect(decoded.channels == (hasAlpha ? 4 : 3))
        #expect(decoded.width == 96 && decoded.height == 64)
        var error = 0
        for pixel in 0..<(96 * 64) {
            let found = decoded.samples[pixel * decoded.channels..<(pixel + 1) * decoded.channels]
            let given = Array(picture.samples[pixel * channels..<(pixel + 1) * channels])
            if hasAlpha { #expect(found.last == given.last) }
            // What cannot be seen need not be kept.
            if hasAlpha, given.last == 0 { continue }
            let colours = channels < 3 ? Array(repeating: given[0], count: 3) : Array(given.prefix(3))
            error += zip(found, colours).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        }
        #expect(Double(error) / Double(96 * 64 * 3) < 3)
    }

    @Test func sidesBeyondTheFormatAreRefused() {
        let row = [UInt8](repeating: 1, count: 16384)
        #expect(throws: TileError.self) {
            try WebPEncoder().encode(row.span, width: 16384, height: 1, channels: 1)
        }
    }
}
