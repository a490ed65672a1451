import FITS
import Foundation
import HEALPix
import HiPS
import PlanetaryFrames
import Synchronization
import Testing
import Tiles

@testable import Maps

@Suite struct RendererTests {
    let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 26))

    /// Holes are transparent, and their neighbours keep their values.
    @Test func holes() throws {
        let map = try FieldMap(order: 1) { $0.latRad > 0.2 ? .nan : 250 }
        let window = try Mars.window("IAU_2015:49900", (-20, -30, 20, 30), 40, 60)
        let layer = try map.layer(order: 1)
        let grid = try renderer.values(layer, window: window)
        let values = Set(grid.values.filter { !$0.isNaN })
        #expect(values == [250])
        #expect(grid.values[40 * 10 + 20].isNaN && grid.values[40 * 40 + 20] == 250)
        let picture = try renderer.draw(
            [LayerDrawing(layer: layer, style: MapStyle.parse("", layer: layer))], window: window)
        #expect(picture.samples[4 * (40 * 10 + 20) + 3] == 0)
        // 250 between -1000 and 1000 is level 159.
        #expect(Array(picture.samples[4 * (40 * 40 + 20)..<4 * (40 * 40 + 20) + 4]) == [159, 159, 159, 255])
    }

    @Test func missingTilesAreHoles() throws {
        var files = try FieldMap(order: 1, plane).files
        for child in 16..<20 { files[.tile(Cell(order: 1, npix: Int64(child))!, .fits)] = nil }
        let layer = try FieldMap(files: files).layer(order: 1)
        let window = try Mars.window("IAU_2015:49900", (-10, -10, 10, 10), 200, 200)
        let grid = try renderer.values(layer, window: window)
        #expect(grid.values.allSatisfy { $0.isNaN })
    }

    /// Integers with a scale and a blank, as FITS 4.0 defines them.
    @Test func scaledIntegers() throws {
        var files: [HiPSFile: [UInt8]] = [:]
        for face in 0..<12 {
            let samples = [Int16](repeating: 100, count: 1024).enumerated().map {
                $0.offset < 512 ? Int16(-32768) : $0.element
            }
            // CFITSIO would apply a scale to what it writes: the keywords get their names afterwards.
            let encoded = try FITSImageEncoder().encode(
                samples.span, width: 32, height: 32,
                cards: [
                    FITSCard("BLANK", .integer(-32768)), FITSCard("XSCALE", .real(0.5)),
                    FITSCard("XZERO", .real(7)),
                ])
            let renamed = String(decoding: encoded.prefix(2880), as: UTF8.self)
                .replacing("XSCALE", with: "BSCALE").replacing("XZERO", with: "BZERO")
            files[.tile(Cell(order: 0, npix: Int64(face))!, .fits)] =
                Array(renamed.utf8) + encoded.dropFirst(2880)
        }
        let layer = try FieldMap(files: files).layer(order: 0)
        let window = try Mars.window("IAU_2015:49900", (-40, -30, 40, 30), 200, 150)
        let grid = try renderer.values(layer, window: window)
        #expect(Set(grid.values.filter { !$0.isNaN }) == [57])
        // The first half of the file is the half of the face with the larger x, to the north-east.
        #expect(grid.values[200 * 75 + 160].isNaN && grid.values[200 * 75 + 40] == 57)
    }

    /// The slope of a field is that of the ground, in every projection.
    @Test(arguments: ["IAU_2015:49900", "IAU_2015:49930", "IAU_2015:49920"])
    func slopes(_ identifier: String) throws {
        // 100 km for each radian of latitude: a rise of 100000 / 3396190 m for each metre, 1.687 degrees.
        let map = try FieldMap(order: 2) { 100_000 * $0.latRad }
        let layer = try map.layer(order: 2)
        let crs = try Mars.systems.parse(identifier).crs
        let box =
            crs.isGeographic
            ? MapBox(minX: 20, minY: 50, maxX: 32, maxY: 60)
            : MapBox(minX: 400_000, minY: -1_500_000, maxX: 900_000, maxY: -1_100_000)
        let window = try MapWindow(crs: crs, box: box, width: 30, height: 24)
        let style = try MapStyle.parse(
            "slope", parameters: ["RANGE": "0,5", "COLORMAP": "grey"], layer: layer)
        let picture = try renderer.draw([LayerDrawing(layer: layer, style: style)], window: window)
        let level = atan(100_000 / 3_396_190.0) * 180 / .pi / 5 * 255
        for row in 2..<22 {
            for column in 2..<28 {
                let found = Double(picture.samples[4 * (row * 30 + column)])
                #expect(abs(found - level) <= 3, "\(column), \(row)")
            }
        }
    }

    /// Light from the upper left leaves slopes towards it brighter.
    @Test func hillshade() throws {
        let map = try FieldMap(order: 1) { 2_000_000 * $0.latRad }
        let layer = try map.layer(order: 1)
        let window = try Mars.window("IAU_2015:49900", (-10, -10, 10, 10), 20, 20)
        func level(_ azimuth: String) throws -> UInt8 {
            let style = try MapStyle.parse("hillshade", parameters: ["AZIMUTH": azimuth], layer: layer)
            return try renderer.draw([LayerDrawing(layer: layer, style: style)], window: window).samples[
                4 * 210]
        }
        // The ground rises to the north: it faces the south.
        #expect(try level("180") > level("90"))
        #expect(try level("90") > level("0"))
    }

    /// A pixel that covers many samples is near the mean of the field in it: that of sin(12 lon) over 11.25 degrees is the value
    /// in the middle times sin(67.5 deg) / 67.5 deg.
    @Test func overviewsAreMeans() throws {
        let map = try FieldMap(order: 0) { 1000 * sin(12 * $0.lonRad) }
        let layer = try map.layer(order: 0)
        let window = try Mars.window("IAU_2015:49900", (-180, -90, 180, 90), 32, 16)
        func error(_ renderer: MapRenderer) throws -> Double {
            let grid = try renderer.values(layer, window: window)
            var sum = 0.0
            for row in 6..<10 {
                for column in 0..<32 {
                    let lon = (Double(column) + 0.5) * 11.25 - 180
                    let half = 67.5 * Double.pi / 180
                    let mean = 1000 * sin(12 * lon * .pi / 180) * sin(half) / half
                    let difference = Double(grid.values[32 * row + column]) - mean
                    sum += difference * difference
                }
            }
            return (sum / 128).squareRoot()
        }
        let single = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 26), averagesOverviews: false)
        let (averaged, sampled) = (try error(renderer), try error(single))
        #expect(averaged < 40, "\(averaged), one sample a pixel: \(sampled)")
        #expect(averaged < sampled, "\(averaged), one sample a pixel: \(sampled)")
    }

    /// Pictures too small for differences within them: the pixels beyond their edges give the slopes.
    @Test(arguments: ["slope", "hillshade", "relief"])
    func tinyPicturesHaveSlopes(_ name: String) throws {
        let map = try FieldMap(order: 2) { 100_000 * $0.latRad }
        let layer = try map.layer(order: 2)
        let style = try MapStyle.parse(name, parameters: ["RANGE": "0,5"], layer: layer)
        for identifier in ["IAU_2015:49900", "IAU_2015:49910", "IAU_2015:49930"] {
            let crs = try Mars.systems.parse(identifier).crs
            let (x, y, step) = crs.isGeographic ? (25.0, 55.0, 0.4) : (600_000, 1_300_000, 25_000)
            for width in 1...3 {
                for height in 1...3 {
                    // The same pixels as in the middle of a larger picture.
                    func picture(_ more: Int) throws -> Picture {
                        let edge = Double(more) * step
                        let box = MapBox(
                            minX: x - edge, minY: y - edge, maxX: x + Double(width) * step + edge,
                            maxY: y + Double(height) * step + edge)
                        return try renderer.draw(
                            [LayerDrawing(layer: layer, style: style)],
                            window: MapWindow(
                                crs: crs, box: box, width: width + 2 * more, height: height + 2 * more))
                    }
                    let (small, large) = (try picture(0), try picture(8))
                    for row in 0..<height {
                        for column in 0..<width {
                            let i = 4 * (row * width + column)
                            let j = 4 * ((row + 8) * (width + 16) + column + 8)
                            for channel in 0..<4 {
                                let (a, b) = (small.samples[i + channel], large.samples[j + channel])
                                // A hundredth of the range, where the colours of a map change most.
                                #expect(
                                    abs(Int(a) - Int(b)) <= 8,
                                    "\(identifier) \(width) x \(height) \(row) \(column): \(a) \(b)")
                            }
                            #expect(small.samples[i + 3] == 255)
                        }
                    }
                }
            }
        }
        // The whole globe in a pixel or a few, and as many turns as there may be.
        for (box, width) in [
            ((-180.0, -90.0, 180.0, 90.0), 1), ((-180, -90, 180, 90), 3), ((-1800, -90, 1800, 90), 2),
        ] {
            let window = try Mars.window("IAU_2015:49900", box, width, 1)
            let drawn = try renderer.draw([LayerDrawing(layer: layer, style: style)], window: window)
            #expect(drawn.width == width && drawn.height == 1)
        }
    }

    @Test func opacityAndBackground() throws {
        let layer = try FieldMap(order: 0) { _ in 1000 }.layer(order: 0)
        let window = try Mars.window("IAU_2015:49900", (0, 0, 10, 10), 4, 4)
        let style = try MapStyle.parse("grey", layer: layer)
        let half = try renderer.draw(
            [LayerDrawing(layer: layer, style: style, opacity: 0.5)], window: window,
            background: (red: 0, green: 0, blue: 100))
        #expect(Array(half.samples[0..<4]) == [128, 128, 178, 255])
        let bare = try renderer.draw([LayerDrawing(layer: layer, style: style, opacity: 0.5)], window: window)
        #expect(Array(bare.samples[0..<4]) == [255, 255, 255, 128])
    }

    @Test func pixelAtAPlace() throws {
        let layer = try FieldMap(order: 1, plane).layer(order: 1, more: ["hips_pixel_unit": "K"])
        let crs = try Mars.systems.parse("IAU_2015:49900").crs
        let found = try #require(try renderer.sample(layer, x: -120, y: 33, crs: crs))
        guard case .value(let value) = found.content else {
            Issue.record("no value")
            return
        }
        #expect(abs(value - plane(Direction(lonDeg: 240, latDeg: 33))) < 25)
        #expect(abs(found.lonDeg - 240) < 1e-9 && found.cell.order.value == 6)
        #expect(layer.kind == .values(unit: "K", reference: nil))
        #expect(try renderer.sample(layer, x: 0, y: 95, crs: crs) == nil)
    }

    @Test func styles() throws {
        let layer = try FieldMap(order: 0, plane).layer(order: 0)
        #expect(layer.styles.first == "default" && layer.styles.count >= 16)
        #expect(throws: MapsError.self) { try MapStyle.parse("nothing", layer: layer) }
        for (name, value) in [
            ("RANGE", "1"), ("RANGE", "2,1"), ("RANGE", "nan,1"), ("COLORMAP", "x"), ("STRETCH", "x"),
            ("AZIMUTH", "1e9"), ("ALTITUDE", "-1"), ("EXAGGERATION", ""), ("EXAGGERATION", "inf"),
        ] where !value.isEmpty {
            #expect(throws: MapsError.self) {
                try MapStyle.parse("", parameters: [name: value], layer: layer)
            }
        }
        let style = try MapStyle.parse(
            "", parameters: ["RANGE": "-10,30", "COLORMAP": "VIRIDIS", "STRETCH": "sqrt"], layer: layer)
        let legend = try #require(renderer.legend(style, layer: layer))
        #expect(legend.low == -10 && legend.high == 30 && legend.style == "viridis")
        #expect(legend.stops.first?.colour == "#440154" && legend.stops.last?.colour == "#fde725")
        let bar = legend.picture(width: 256, height: 3)
        #expect(Array(bar.samples[0..<3]) == [0x44, 0x01, 0x54])
    }
}

@Suite struct DecodedTilesTests {
    @Test func staysBelowItsLimitAndDecodesOnce() async throws {
        let map = try FieldMap(order: 2, plane)
        let layer = try map.layer(order: 2)
        map.reads.withLock { $0 = [:] }
        let limit = 20 * 32 * 32 * 4
        let small = MapRenderer(tiles: DecodedTiles(limitBytes: limit))
        let window = try Mars.window("IAU_2015:49900", (-180, -90, 180, 90), 300, 150)
        let first = try small.values(layer, window: window)
        #expect(small.tiles.statistics.bytes <= limit)

        let large = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 26))
        map.reads.withLock { $0 = [:] }
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<4 { group.addTask { try large.values(layer, window: window).values } }
            for try await values in group {
                #expect(zip(values, first.values).allSatisfy { $0 == $1 })
            }
        }
        #expect(map.reads.withLock { $0.values.max() } == 1)
        #expect(large.tiles.statistics.hits > 0)
    }

    /// The same as a list in the order of use, through thousands of steps.
    @Test func theLeastRecentlyUsedTileGoesFirst() throws {
        let bytes = 8 * 9 * 4 + 160
        let most = 50
        let tiles = DecodedTiles(limitBytes: most * bytes)
        var list: [Int64] = []
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let npix = Int64(state >> 33) % 80
            var isDecoded = false
            let tile = try tiles.tile(.init(layer: 1, order: 3, npix: npix), of: DecodedTile<Float>.self) {
                () throws(MapsError) in
                isDecoded = true
                return DecodedTile(width: 8, blank: nil) { $0.update(repeating: Float(npix), count: 64) }
            }
            #expect(tile?.sample(at: 0) == Float(npix))
            #expect(isDecoded == !list.contains(npix))
            list.removeAll { $0 == npix }
            list.append(npix)
            if list.count > most { list.removeFirst() }
        }
        #expect(tiles.statistics.count == most && tiles.statistics.bytes == most * bytes)
        // What cannot be decoded leaves nothing behind.
        #expect(throws: MapsError.self) {
            _ = try tiles.tile(.init(layer: 1, order: 4, npix: 0), of: DecodedTile<Float>.self) {
                () throws(MapsError) -> DecodedTile<Float>? in throw .cancelled
            }
        }
        #expect(tiles.statistics.count == most)
        let layer = try FieldMap(order: 0, plane).layer(order: 0)
        _ = try MapRenderer(tiles: tiles).values(
            layer, window: Mars.window("IAU_2015:49900", (-180, -90, 180, 90), 60, 30))
        #expect(tiles.statistics.bytes <= most * bytes)
        tiles.drop(layer)
        let left = tiles.statistics
        #expect(left.bytes == left.count * bytes, "only the tiles of the other layer")
    }

    @Test func aDamagedTileIsAnErrorOfItsOwn() throws {
        var files = try FieldMap(order: 0, plane).files
        files[.tile(Cell(order: 0, npix: 6)!, .fits)]?.removeLast(3000)
        let layer = try FieldMap(files: files).layer(order: 0)
        let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 26))
        #expect(throws: MapsError.self) {
            try renderer.values(layer, window: Mars.window("IAU_2015:49900", (170, -5, 190, 5), 20, 10))
        }
        _ = try renderer.values(layer, window: Mars.window("IAU_2015:49900", (-5, -5, 5, 5), 20, 10))
    }
}

@Suite struct MapEncoderTests {
    let encoder = MapEncoder()

    @Test func paletteIsExactForFewColours() throws {
        var samples: [UInt8] = []
        for i in 0..<64 * 64 { samples += [UInt8(i % 200), 7, UInt8(i % 3), i % 5 == 0 ? 0 : 255] }
        for i in 0..<64 * 64 where samples[4 * i + 3] == 0 {
            samples.replaceSubrange(4 * i..<4 * i + 3, with: [0, 0, 0])
        }
        for i in 0..<64 * 64 { samples[4 * i] /= 4 }
        let picture = Picture(width: 64, height: 64, channels: 4, samples: samples)
        let decoded = try PictureDecoder.decode(try encoder.encode(picture, as: .png8))
        #expect(decoded == picture)
    }

    @Test func paletteIsCloseForManyColours() throws {
        var samples: [UInt8] = []
        for y in 0..<128 {
            for x in 0..<128 { samples += [UInt8(x * 2), UInt8(y * 2), UInt8((x + y) / 2), 255] }
        }
        let picture = Picture(width: 128, height: 128, channels: 4, samples: samples)
        let decoded = try PictureDecoder.decode(try encoder.encode(picture, as: .png8))
        #expect(decoded.channels == 3)
        var sum = 0.0
        for i in 0..<128 * 128 {
            for c in 0..<3 {
                let difference = Double(decoded.samples[3 * i + c]) - Double(samples[4 * i + c])
                sum += difference * difference
            }
        }
        #expect((sum / Double(3 * 128 * 128)).squareRoot() < 8)
    }

    @Test func formatsKeepWhatTheyCan() throws {
        var samples: [UInt8] = []
        for level in 0..<256 {
            let grey = UInt8(level)
            samples += [grey, grey, grey, level < 128 ? 0 : 255]
        }
        let picture = Picture(width: 16, height: 16, channels: 4, samples: samples)
        #expect(try PictureDecoder.decode(encoder.encode(picture, as: .png)).channels == 2)
        let jpeg = try PictureDecoder.decode(encoder.encode(picture, as: .jpeg))
        #expect(jpeg.channels == 1 && jpeg.samples[0] > 240)
        #expect(TileFormat(signatureOf: try encoder.encode(picture, as: .webp)) == .webp)
    }
}
