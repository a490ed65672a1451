import Pixels
import Testing

@Suite("Levels and colours of pictures")
struct LevelTests {
    private func curve(_ name: Substring) throws -> ByteStretch.Curve {
        try #require(ByteStretch.Curve(rawValue: String(name)))
    }

    @Test("ByteStretch against numpy, every curve")
    func bytes() throws {
        for row in try Tables.rows("levels.txt", least: 60) {
            let stretch = ByteStretch(
                low: try row[2].number(), high: try row[3].number(), curve: try curve(row[1]))
            let expected = row[5].split(separator: ",")
            for (value, level) in zip(row[4].split(separator: ","), expected) where level != "-1" {
                #expect(try Int(stretch.byte(value.number())) == level.integer(), "\(stretch) of \(value)")
            }
        }
    }

    @Test("LevelTable against numpy, every curve and type")
    func tables() throws {
        for row in try Tables.rows("levels.txt", least: 60) {
            // Narrow samples have a level each; wide ones go by 65536 steps, next to a limit of a level.
            switch row[0] {
            case "u8": try check(row, as: UInt8.self, tolerance: 0)
            case "i16": try check(row, as: Int16.self, tolerance: 0)
            case "i32": try check(row, as: Int32.self, tolerance: 1)
            case "f32": try check(row, as: Float.self, tolerance: 1)
            default: try check(row, as: Double.self, tolerance: 1)
            }
        }
    }

    private func check<Sample: LevelPixel & TablePixel>(
        _ row: [Substring], as type: Sample.Type, tolerance: Int
    ) throws {
        let stretch = ByteStretch(
            low: try row[2].number(), high: try row[3].number(), curve: try curve(row[1]))
        let samples = try Sample.list(row[4])
        let table = LevelTable(stretch, for: type)
        #expect(table.stretch == stretch)
        var levels = [UInt8](repeating: 77, count: samples.count + 1)
        Sample.levels(samples, count: samples.count, table, into: &levels)
        #expect(levels.last == 77)
        var off = 0
        for (i, level) in row[5].split(separator: ",").enumerated() where level != "-1" {
            let difference = abs(Int(levels[i]) - (try level.integer()))
            #expect(
                difference <= tolerance, "\(row[0]) \(stretch) of \(samples[i]): \(levels[i]), not \(level)")
            off += difference
        }
        #expect(off <= 2, "\(row[0]) \(stretch): \(off) levels off by one")
    }

    @Test("Bytes pass unchanged through 0...255")
    func identity() {
        let stretch = ByteStretch(low: 0, high: 255)
        #expect(stretch.isIdentityForBytes)
        #expect(!ByteStretch(low: 0, high: 255, curve: .sqrt).isIdentityForBytes)
        #expect(!ByteStretch(low: 0, high: 254).isIdentityForBytes)
        let all = [UInt8](0...255)
        var levels = [UInt8](repeating: 0, count: 256)
        UInt8.levels(all, count: 256, LevelTable(stretch, for: UInt8.self), into: &levels)
        #expect(levels == all)
    }

    @Test("Equal, infinite and absent limits are no trap", arguments: ByteStretch.Curve.allCases)
    func edges(curve: ByteStretch.Curve) {
        let equal = ByteStretch(low: 3, high: 3, curve: curve)
        #expect(equal.byte(3) == 0 && equal.byte(2.9) == 0 && equal.byte(3.1) == 255)
        let unit = ByteStretch(low: 0, high: 1, curve: curve)
        #expect(unit.byte(.nan) == 0 && unit.byte(-.infinity) == 0 && unit.byte(.infinity) == 255)
        #expect(unit.byte(0) == 0 && unit.byte(1) == 255 && unit.byte(-0.0) == 0)
        #expect(unit.byte(1e300) == 255 && unit.byte(-1e300) == 0)
        #expect(ByteStretch(low: -.infinity, high: .infinity, curve: curve).byte(5) == 0)
        #expect(ByteStretch(low: .nan, high: 1, curve: curve).byte(5) == 0)
        #expect(ByteStretch(low: -.infinity, high: 0, curve: curve).byte(-5) == 0)
        let samples: [Float] = [.nan, 0, 5]
        var levels: [UInt8] = [1, 1, 1]
        let open = ByteStretch(low: -.infinity, high: .infinity, curve: curve)
        Float.levels(samples, count: 3, LevelTable(open, for: Float.self), into: &levels)
        #expect(levels == [0, 0, 0])
    }

    @Test("Level 0 can be left to pixels without data", arguments: ByteStretch.Curve.allCases)
    func darkest(curve: ByteStretch.Curve) throws {
        let stretch = ByteStretch(low: -4, high: 12, curve: curve, darkest: 1)
        let full = ByteStretch(low: -4, high: 12, curve: curve)
        #expect(!ByteStretch(low: 0, high: 255, darkest: 1).isIdentityForBytes)
        #expect(stretch.byte(-4) == 1 && stretch.byte(-100) == 1 && stretch.byte(.nan) == 1)
        #expect(stretch.byte(12) == 255 && stretch.byte(100) == 255)
        let values = (-6...14).map { Float($0) } + [.nan, .infinity, -.infinity]
        try check(values, stretch, full)
        try check(values.map { Double($0) }, stretch, full)
        try check((-6...14).map { Int32($0) }, stretch, full)
        try check((-6...14).map { Int16($0) }, stretch, full)
        try check((0...14).map { UInt8($0) }, stretch, full)
    }

    /// 254 levels instead of 255: level n of the full range is 1 + 254 n / 255, within what rounding twice adds.
    private func check<Sample: LevelPixel>(_ samples: [Sample], _ stretch: ByteStretch, _ full: ByteStretch)
        throws
    {
        var levels = [UInt8](repeating: 0, count: samples.count)
        Sample.levels(samples, count: samples.count, LevelTable(stretch, for: Sample.self), into: &levels)
        for (sample, level) in zip(samples, levels) where sample.sum == sample.sum {
            let expected = 1 + 254 * Double(full.byte(sample.sum)) / 255
            #expect(level >= 1 && abs(Double(level) - expected) <= 1.5, "\(stretch) of \(sample): \(level)")
        }
    }

    @Test("Curves rise and stay within the levels", arguments: ByteStretch.Curve.allCases)
    func monotonic(curve: ByteStretch.Curve) {
        let stretch = ByteStretch(low: -7, high: 13, curve: curve)
        let levels = (0...2000).map { stretch.byte(-8 + Double($0) * 0.011) }
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(levels.first == 0 && levels.last == 255)
    }

    @Test("Colour maps against the published tables")
    func colourMaps() throws {
        let rows = try Tables.rows("colours.txt", least: 6)
        for row in rows {
            let map = try #require(ColourMap(named: String(row[0])), "map \(row[0])")
            let digits = Array(row[1])
            try #require(digits.count == 1536 && map.table.count == 768)
            var worst = 0
            for i in 0..<768 {
                let published = try #require(Int(String(digits[(2 * i)...(2 * i + 1)]), radix: 16))
                worst = max(worst, abs(published - Int(map.table[i])))
            }
            #expect(worst <= 3, "\(row[0]) is off by \(worst)")
            #expect(map.name == row[0] && !map.isGrey)
        }
        let computed = ["ice", "moss", "ochre", "relief"]
        #expect(Set(ColourMap.names) == Set(rows.map { String($0[0]) } + computed + ["grey"]))
        #expect(ColourMap.names == ColourMap.names.sorted())
    }

    /// Relative luminance (ITU-R BT.709) grows with the level, so that a map reads in grey too.
    @Test(
        "Ramps grow lighter from their dark to their light end",
        arguments: ["cubehelix", "ice", "moss", "ochre", "relief"])
    func ramps(_ name: String) throws {
        let map = try #require(ColourMap(named: name))
        let luminance = (0..<256).map { level in
            zip([0.2126, 0.7152, 0.0722], map.table[(3 * level)..<(3 * level + 3)]).reduce(0) {
                $0 + $1.0 * Double($1.1)
            }
        }
        for level in 8..<256 { #expect(luminance[level] > luminance[level - 8], "\(name) at \(level)") }
    }

    @Test("Grey is the levels themselves, under both spellings and in any case")
    func grey() throws {
        for name in ["grey", "gray", "GREY", "Gray"] {
            let map = try #require(ColourMap(named: name))
            #expect(map.isGrey && map.name == "grey")
            for level in 0..<256 {
                let colour = map.table[(3 * level)..<(3 * level + 3)]
                #expect(colour.allSatisfy { Int($0) == level })
            }
        }
        #expect(ColourMap(named: "Viridis")?.name == "viridis")
        #expect(ColourMap(named: "jet") == nil && ColourMap(named: "") == nil)
    }

    @Test("Colours are laid out with and without alpha")
    func apply() throws {
        let map = try #require(ColourMap(named: "magma"))
        let levels: [UInt8] = [0, 128, 255]
        let alpha: [UInt8] = [255, 0, 255]
        var three = [UInt8](repeating: 1, count: 10)
        map.apply(levels, count: 3, alpha: nil, into: &three)
        for i in 0..<3 {
            let colour = 3 * Int(levels[i])
            #expect(three[(3 * i)..<(3 * i + 3)].elementsEqual(map.table[colour..<(colour + 3)]))
        }
        #expect(three[9] == 1)
        var four = [UInt8](repeating: 1, count: 13)
        alpha.withUnsafeBufferPointer { map.apply(levels, count: 3, alpha: $0.baseAddress, into: &four) }
        for i in 0..<3 {
            #expect(Array(four[(4 * i)..<(4 * i + 3)]) == Array(three[(3 * i)..<(3 * i + 3)]))
            #expect(four[4 * i + 3] == alpha[i])
        }
        #expect(four[12] == 1)
    }

    @Test("Packing drops the fourth channel and stays in its room", arguments: [0, 1, 2, 3, 4, 5, 17, 512])
    func packing(count: Int) {
        let pixels = (0..<count).map { (i: Int) -> RGBA8 in
            RGBA8(
                red: UInt8(truncatingIfNeeded: i), green: UInt8(truncatingIfNeeded: 3 * i + 1),
                blue: UInt8(truncatingIfNeeded: 7 * i + 2), alpha: i % 2 == 0 ? 0 : 255)
        }
        var out = [UInt8](repeating: 99, count: 4 * count + 4)
        RGBA8.packRGB(pixels, count: count, into: &out)
        for i in 0..<count {
            let c = pixels[i].channels
            #expect(Array(out[(3 * i)..<(3 * i + 3)]) == [c.x, c.y, c.z])
        }
        #expect(out[(4 * count)...].allSatisfy { $0 == 99 })
    }
}
