import Pixels
import Testing

@Suite("Means, counts and extremes of tiles against exact arithmetic")
struct PyramidTests {
    @Test("All kinds, densities and odd sizes")
    func table() throws {
        for row in try Tables.rows("pyramid.txt", least: 140) {
            try withKind(row[0]) { try check(row, as: $0) }
        }
    }

    private func check<Sample: TablePixel>(_ row: [Substring], as type: Sample.Type) throws {
        let width = try row[1].integer()
        let side = try row[2].integer()
        let blank = try Sample.optional(row[3])
        let samples = try Sample.list(row[4])
        let comment: Comment = "\(row[0]) of \(width), blank \(row[3])"
        try #require(samples.count == width * width)

        // Halves are laid into a wider row, whose rest must stay.
        let half = width / 2
        let stride = half + 3
        let sentinel = samples[0]
        var wide = [Sample](repeating: sentinel, count: stride * half)
        Sample.halve(samples, width: half, height: half, blank: blank, into: &wide, outStride: stride)
        var halves: [Sample] = []
        for y in 0..<half {
            halves += wide[(y * stride)..<(y * stride + half)]
            for x in half..<stride {
                let untouched = wide[y * stride + x]
                #expect(untouched == sentinel || untouched != untouched, comment)
            }
        }
        try expectSamples(halves, row[5], "halves, \(comment)")

        let across = width / side
        var thumbnail = [Sample](repeating: sentinel, count: across * across)
        Sample.thumbnail(samples, width: width, side: side, blank: blank, into: &thumbnail)
        try expectSamples(thumbnail, row[6], "thumbnail, \(comment)")

        let valid = try row[7].integer()
        #expect(Sample.countValid(samples, count: samples.count, blank: blank) == valid, comment)
        let blocks = Sample.validBlocks(samples, width: width, side: side, blank: blank)
        #expect(blocks == row[8].map { $0 == "1" }, comment)
        if let type = Sample.self as? any LevelPixel.Type {
            try checkExtremes(samples, blank: blank, low: row[9], high: row[10], as: type)
        }
    }

    private func checkExtremes<Sample: LevelPixel>(
        _ samples: [any Pixel], blank: (any Pixel)?, low: Substring, high: Substring, as type: Sample.Type
    ) throws {
        let samples = samples.compactMap { $0 as? Sample }
        let blank = blank.flatMap { $0 as? Sample }
        let found = Sample.extremes(samples, count: samples.count, blank: blank)
        if low == "-" {
            #expect(found == nil)
        } else {
            let found = try #require(found)
            #expect(try found.low == low.number())
            #expect(try found.high == high.number())
        }
    }

    @Test("No samples at all")
    func empty() {
        let none: [Float] = []
        #expect(Float.countValid(none, count: 0, blank: .nan) == 0)
        #expect(Float.extremes(none, count: 0, blank: .nan) == nil)
        #expect(Int16.extremes([5], count: 0, blank: nil) == nil)
    }

    @Test("Extremes of every length, with the extreme in every place", arguments: 1...70)
    func extremesInEveryPlace(count: Int) throws {
        for place in 0..<count {
            var integers = [Int16](repeating: 7, count: count)
            integers[place] = 9
            integers[(place + 1) % count] = count > 1 ? -3 : 9
            let whole = try #require(Int16.extremes(integers, count: count, blank: 7))
            #expect(whole.high == 9 && whole.low == (count > 1 ? -3 : 9))
            var floats = [Float](repeating: .nan, count: count)
            floats[place] = -2.5
            let found = try #require(Float.extremes(floats, count: count, blank: .nan))
            #expect(found.low == -2.5 && found.high == -2.5)
            #expect(Float.countValid(floats, count: count, blank: .nan) == 1)
            #expect(Int16.countValid(integers, count: count, blank: 7) == min(count, 2))
        }
    }

    @Test("Extremes of integers without a blank reach the limits of the type")
    func limits() throws {
        let samples: [Int32] = [0, .max, .min, 5]
        let found = try #require(Int32.extremes(samples, count: 4, blank: nil))
        #expect(found.low == -2_147_483_648 && found.high == 2_147_483_647)
    }

    @Test("Infinite samples are values, not blanks")
    func infinities() throws {
        let samples: [Double] = [.nan, .infinity, 3, -.infinity]
        let found = try #require(Double.extremes(samples, count: 4, blank: .nan))
        #expect(found.low == -.infinity && found.high == .infinity)
        #expect(Double.countValid(samples, count: 4, blank: .nan) == 3)
    }
}
