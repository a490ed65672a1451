import FITS
import Foundation
import GDAL
import HEALPix
import HiPS
import Testing
import Tiler
import Tiles

/// The orders above the leaves, and what is made of them.
@Suite struct PyramidTests {
    /// Four orders of a region with holes, so that subtrees are built apart and joined.
    private func deepMap(
        _ type: SampleType, in scratch: Scratch, jobs: Int = 1, data: String = "data"
    ) async throws -> BuiltMap {
        let path = scratch.file("holes.tif")
        var raster = Tables.region("across-0").raster
        raster.type = type
        raster.noData = 12345
        try raster.write(to: path) {
            noise($0 / 3, $1 / 3, seed: 2) < 0.3 ? 12345 : (4000 * noise($0, $1) - 2000).rounded()
        }
        var request = BuildRequest(source: path)
        request.order = 3
        request.formats = [.fits, .png, .jpeg]
        return try await BuiltMap(request, in: scratch, data: data, jobs: jobs)
    }

    @Test(arguments: [SampleType.int16, .float64]) func parentsAreMeansOfValidChildren(_ type: SampleType)
        async throws
    {
        let map = try await deepMap(type, in: Scratch())
        var blanks = 0
        for order in 0..<3 {
            let children = map.tiles(order: order + 1)
            #expect(map.tiles(order: order) == Set(children.map { $0 >> 2 }).sorted())
            for npix in map.tiles(order: order) {
                let parent = try map.fits(order: order, npix: npix)
                for index in 0..<4 {
                    let child =
                        children.contains(4 * npix + Int64(index))
                        ? try map.fits(order: order + 1, npix: 4 * npix + Int64(index)) : nil
                    // Child 0 is top left, 1 bottom left, 2 top right, 3 bottom right.
                    let (top, left) = (index % 2 * 256, index / 2 * 256)
                    for row in 0..<256 {
                        for column in 0..<256 {
                            let found = parent[top + row, left + column]
                            var (sum, count) = (0.0, 0.0)
                            if let child {
                                for i in 0..<4 {
                                    let value = child[2 * row + i / 2, 2 * column + i % 2]
                                    if !value.isNaN { (sum, count) = (sum + value, count + 1) }
                                }
                            }
                            if count == 0 {
                                blanks += 1
                                if !found.isNaN { Issue.record("\(order)/\(npix) \(row) \(column)") }
                            } else {
                                let error = abs(found - sum / count)
                                if !(error <= (type == .int16 ? 0.5 : 1e-9)) {
                                    Issue.record(
                                        "\(order)/\(npix) \(row) \(column): \(found), not \(sum / count)")
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(blanks > 0)
        #expect(map.tiles(order: 3).count > 3)
    }

    @Test func bytesDoNotDependOnTheNumberOfWorkers() async throws {
        let scratch = try Scratch()
        let one = try await deepMap(.float32, in: scratch, jobs: 1, data: "one").timelessFiles()
        let three = try await deepMap(.float32, in: scratch, jobs: 3, data: "three").timelessFiles()
        #expect(one.keys.count > 40)
        let isSame = one == three
        #expect(isSame)
        #expect(!one.keys.contains { $0.hasPrefix(".") }, "what was kept between workers is gone")
    }

    @Test func allskyHoldsEveryTileReduced() async throws {
        let map = try await deepMap(.float64, in: Scratch())
        for (order, columns, rows) in [(0, 3, 4), (1, 6, 8), (2, 13, 15), (3, 27, 29)] {
            let sheet = try FITSTile(Scratch.bytes(map.path + "/Norder\(order)/Allsky.fits"))
            #expect(sheet.image.width == 64 * columns)
            #expect(sheet.image.height == 64 * rows)
            let existing = map.tiles(order: order)
            for npix in 0..<(12 << (2 * order)) {
                let tile =
                    existing.contains(Int64(npix)) ? try map.fits(order: order, npix: Int64(npix)) : nil
                for (row, column) in [(0, 0), (5, 41), (63, 63), (63, 0), (30, 20), (17, 60)] {
                    let found = sheet[npix / columns * 64 + row, npix % columns * 64 + column]
                    var values: [Double] = []
                    for i in 0..<64 {
                        if let value = tile?[8 * row + i / 8, 8 * column + i % 8], !value.isNaN {
                            values.append(value)
                        }
                    }
                    let mean = values.reduce(0, +) / Double(values.count)
                    #expect(found.isNaN ? values.isEmpty : abs(found - mean) < 1e-9, "\(order)/\(npix)")
                }
            }
            for format in [TileFormat.png, .jpeg] {
                let picture = try PictureDecoder.decode(
                    Scratch.bytes(map.path + "/Norder\(order)/Allsky.\(format.fileExtension)"), format: format
                )
                #expect(picture.width == 64 * columns)
                #expect(picture.height == 64 * rows)
                #expect(picture.channels == (format == .png ? 2 : 1))
                guard format == .png else { continue }
                for i in 0..<(picture.width * picture.height) where !sheet.values[i].isNaN {
                    if picture.samples[2 * i + 1] != 255 { Issue.record("transparent at \(i)") }
                }
            }
        }
    }

    @Test func mapsOfFewOrdersHaveFewAllskyPictures() async throws {
        let scratch = try Scratch()
        let path = scratch.file("small.tif")
        try Tables.region("one-pixel").raster.write(to: path) { _, _ in 5 }
        let map = try await BuiltMap(BuildRequest(source: path), in: scratch)
        let sheets = Scratch.files(below: map.path).filter { $0.contains("Allsky") }
        #expect(
            sheets == [
                "Norder0/Allsky.fits", "Norder0/Allsky.png", "Norder1/Allsky.fits", "Norder1/Allsky.png",
            ])
    }
}
