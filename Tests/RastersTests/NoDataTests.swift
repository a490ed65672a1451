import Foundation
import GDAL
import Pixels
import Testing

@testable import Rasters

@Suite struct NoDataTests {
    private func source(
        _ values: [UInt8], columns: Int, _ rule: NoDataRule, transform: [Double], noData: Double? = nil
    ) throws -> RasterSource {
        let file = try TestRaster(
            [values], .uint8, columns: columns, rows: values.count / columns, transform: transform,
            noData: noData)
        var declaration = SourceDeclaration()
        declaration.noDataRule = rule
        let source = try file.source(declaration)
        guard source.needsMask else { return source }
        #expect(throws: RasterError.self) { try RasterReader<Int16>(source) }
        return try source.masked(into: Scratch.folder().appendingPathComponent("made/deep").path)
    }

    /// A picture: `.` is 0, `#` is 9, `+` is 3.
    private func picture(_ lines: [String]) -> [UInt8] {
        lines.joined().map { $0 == "." ? 0 : $0 == "+" ? 3 : 9 }
    }

    /// Which samples are valid, as a picture: `-` is not.
    private func seen(_ source: RasterSource, columns: Int) throws -> [String] {
        let values = try source.all(Int16.self)
        return stride(from: 0, to: values.count, by: columns).map { start in
            values[start..<(start + columns)].map { $0 == nil ? "-" : $0 == 0 ? "." : $0 == 3 ? "+" : "#" }
                .joined()
        }
    }

    /// Ten degrees of Mars, that does not close around it.
    private let part: [Double] = [10, 1, 0, 20, 0, -1]

    @Test func valuesAndRange() throws {
        let lines = ["..#+#", "#####"]
        let values = try source(picture(lines), columns: 5, NoDataRule(values: [0, 3]), transform: part)
        #expect(try seen(values, columns: 5) == ["--#-#", "#####"])
        let range = try source(picture(lines), columns: 5, NoDataRule(range: 1...4), transform: part)
        #expect(try seen(range, columns: 5) == ["..#-#", "#####"])
        #expect(range.imageMask == nil)
        #expect(try range.statistics()?.minimum == 0)
    }

    @Test func shadowsInsideStay() throws {
        let lines = [
            "....####..",
            ".###..##..",
            ".#.##.####",
            "##.#######",
            "##....#.##",
            "####.#####",
            "####.#####",
        ]
        let rule = NoDataRule(values: [0], isEdgeConnected: true)
        let masked = try source(picture(lines), columns: 10, rule, transform: part, noData: 0)
        #expect(
            try seen(masked, columns: 10) == [
                "----####--",
                "-###..##--",
                "-#-##.####",
                "##-#######",
                "##----#.##",
                "####-#####",
                "####-#####",
            ])
        // The statistics see what the reader sees: 0 is a value inside.
        #expect(try masked.statistics()?.minimum == 0)
    }

    /// In a map that closes, connection goes on over the seam, and the seam is no edge.
    @Test func seamIsNoEdge() throws {
        let lines = ["########", "..####..", ".######.", "####...."]
        let rule = NoDataRule(values: [0], isEdgeConnected: true)
        let masked = try source(picture(lines), columns: 8, rule, transform: TestRaster.global)
        #expect(try seen(masked, columns: 8) == ["########", "--####--", "-######-", "####----"])
        let alone = ["########", "..####..", ".######.", "########"]
        let kept = try source(picture(alone), columns: 8, rule, transform: TestRaster.global)
        #expect(try seen(kept, columns: 8) == alone)
    }

    @Test func spiralsAreFollowed() throws {
        let lines = [
            "#########",
            "#.......#",
            "#.#####.#",
            "#.#...#.#",
            "#.#.#.#.#",
            "#.#.###.#",
            "#.#.....#",
            "#.#######",
            "..#######",
        ]
        let rule = NoDataRule(values: [0], isEdgeConnected: true)
        let masked = try source(picture(lines), columns: 9, rule, transform: part)
        #expect(try seen(masked, columns: 9).joined().filter { $0 == "." }.isEmpty)
        #expect(
            try seen(masked, columns: 9).joined().filter { $0 == "-" }.count
                == lines.joined().filter { $0 == "." }.count)
    }

    @Test func haloIsEroded() throws {
        let lines = ["#######", "#######", "##.####", "#######", "######."]
        let rule = NoDataRule(values: [0], erodePixels: 1)
        let masked = try source(picture(lines), columns: 7, rule, transform: part)
        #expect(try seen(masked, columns: 7) == ["#######", "#---###", "#---###", "#---#--", "#####--"])
        // Only what is connected to the edge is none; its neighbours go with it.
        let both = NoDataRule(range: 0...3, isEdgeConnected: true, erodePixels: 1)
        let edge = try source(
            picture(["..#####", "+######", "###+###", "#######"]), columns: 7, both, transform: part)
        #expect(try seen(edge, columns: 7) == ["---####", "---####", "--#+###", "#######"])
    }

    @Test func notANumberBesideAValue() throws {
        let file = try TestRaster(
            [[Float.nan, -9999, 1, 2, 3, 4]], .float32, columns: 6, rows: 1, transform: part)
        var declaration = SourceDeclaration()
        declaration.noDataRule = NoDataRule(values: [-9999])
        let source = try file.source(declaration)
        #expect(try source.all(Float.self) == [nil, nil, 1, 2, 3, 4])
    }

    /// Against a flood fill pixel by pixel and a search of the neighbourhood, over random pictures wider than a word.
    @Test(arguments: [0, 1, 2, 3, 4, 5])
    func likeAPlainFlood(seed: Int) throws {
        var state = UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let (columns, rows) = (150, 40)
        let wraps = seed.isMultiple(of: 2)
        let values = (0..<(columns * rows)).map { _ in UInt8(random(100) < 58 ? 0 : 9) }
        let transform = wraps ? [-180, 2.4, 0, 48, 0, -2.4] : [10, 0.1, 0, 20, 0, -0.1]
        let reach = seed % 3
        let rule = NoDataRule(values: [0], isEdgeConnected: true, erodePixels: reach)
        let masked = try source(values, columns: columns, rule, transform: transform)
        #expect(masked.lattice.wraps == wraps)

        var outside = Set<Int>()
        var open: [Int] = []
        func visit(_ x: Int, _ y: Int) {
            let x = wraps ? (x + columns) % columns : x
            guard (0..<columns).contains(x), (0..<rows).contains(y), values[y * columns + x] == 0 else {
                return
            }
            if outside.insert(y * columns + x).inserted { open.append(y * columns + x) }
        }
        for x in 0..<columns {
            visit(x, 0)
            visit(x, rows - 1)
        }
        for y in 0..<rows where !wraps {
            visit(0, y)
            visit(columns - 1, y)
        }
        while let at = open.popLast() {
            let (x, y) = (at % columns, at / columns)
            for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] { visit(x + dx, y + dy) }
        }
        var expected = [Bool](repeating: true, count: columns * rows)
        for at in outside {
            for dy in -reach...reach {
                for dx in -reach...reach {
                    let y = at / columns + dy
                    let x = wraps ? (at % columns + dx + columns) % columns : at % columns + dx
                    if (0..<rows).contains(y), (0..<columns).contains(x) { expected[y * columns + x] = false }
                }
            }
        }
        let seen = try masked.all(Int16.self)
        #expect(seen.map { $0 != nil } == expected)
        // A mask that is there is used again, and gone with the copies.
        let path = try #require(masked.imageMask)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        masked.removeSpool()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(before.count == rows * 24)
    }

    /// Numbers that no map of floats holds are none inside either; a value that may be data is.
    @Test func largestFloatsInsideStayNone() throws {
        var values = [Float](repeating: 1, count: 30)
        let least = -Float.greatestFiniteMagnitude
        (values[0], values[7], values[14], values[21]) = (least, least, 0, 5)
        func read(_ rule: NoDataRule) throws -> [Float?] {
            let file = try TestRaster(
                [values], .float32, columns: 6, rows: 5, transform: part, noData: -3.4028234663852886e38)
            var declaration = SourceDeclaration()
            declaration.noDataRule = rule
            let source = try file.source(declaration)
            return try source.masked(into: Scratch.folder().path).all(Float.self)
        }
        let expected = values.map { $0 == least ? nil : $0 }
        #expect(try read(NoDataRule(isEdgeConnected: true)) == expected)
        #expect(try read(NoDataRule(values: [0], isEdgeConnected: true)) == expected)
        #expect(try read(NoDataRule(range: -1...0, isEdgeConnected: true)) == expected)
    }

    /// The rule names stored numbers, which are those of colours here.
    @Test(arguments: [NoDataRule(values: [1, 3]), NoDataRule(range: 0.5...1.5)])
    func coloursOfAPalette(rule: NoDataRule) throws {
        var declaration = SourceDeclaration(crs: TestRaster.mars)
        let plain = try TestRaster.source(Tables.path("palette.tif"), declaration).all(RGBA8.self)
        declaration.noDataRule = rule
        let source = try TestRaster.source(Tables.path("palette.tif"), declaration)
        // Sample i is colour i modulo 4.
        let missing: Set<Int> = rule.values.isEmpty ? [1] : [1, 3]
        #expect(
            try source.all(RGBA8.self) == plain.indices.map { missing.contains($0 % 4) ? nil : plain[$0] })
    }

    @Test func coloursWithoutData() throws {
        let dark: [UInt8] = [0, 1, 9, 0, 2, 0]
        let file = try TestRaster(
            [dark, dark, [0, 2, 9, 0, 2, 9]], .uint8, columns: 6, rows: 1, options: ["PHOTOMETRIC=RGB"],
            transform: part)
        var declaration = SourceDeclaration()
        declaration.noDataRule = NoDataRule(range: 0...2)
        let plain = try file.source(declaration)
        #expect(try plain.all(RGBA8.self).map { $0 != nil } == [false, false, true, false, false, true])
        declaration.noDataRule = NoDataRule(range: 0...2, isEdgeConnected: true)
        let edge = try file.source(declaration).masked(into: try Scratch.folder().path)
        #expect(try edge.all(RGBA8.self).map { $0 != nil } == [false, false, true, false, false, true])
    }
}
