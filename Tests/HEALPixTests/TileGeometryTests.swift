import HEALPix
import Testing

@Suite("Pixels of tiles")
struct TileGeometryTests {
    @Test("latitude, step and longitude of pixels are within 2 ulp of the truth")
    func truth() throws {
        var worst: (lon: Int64, lat: Int64, step: Int64, unwrapped: Double) = (0, 0, 0, 0)
        for row in try Table("tiles", least: 2000).rows {
            let tile = try row.cell(0)
            let geometry = try #require(TileGeometry(tile: tile, widthOrder: try row.small(2)))
            let (s, x, y) = (try row.small(3), try row.small(4), try row.small(5))
            #expect(geometry.width == 1 << (try row.small(2)))
            #expect(geometry.diagonalCount == geometry.latRad.count)
            #expect(geometry.diagonalCount == geometry.lonStepRad.count)
            #expect(geometry.xMinusYAtOrigin + Int64(x - y) == (try row.int(6)), "\(row.line)")
            #expect(ulps(geometry.lonCentreRad, try row.double(7)) == 0, "\(row.line)")
            worst.lat = max(worst.lat, ulps(geometry.latRad[s], try row.double(8)))
            worst.step = max(worst.step, ulps(geometry.lonStepRad[s], try row.double(9)))
            let offset = geometry.lonStepRad[s] * Double(geometry.xMinusYAtOrigin + Int64(x - y))
            let unwrapped = geometry.lonCentreRad + offset
            let unit = max(geometry.lonCentreRad, abs(offset)).ulp
            worst.unwrapped = max(worst.unwrapped, abs(unwrapped - (try row.double(10))) / unit)
            let place = geometry.direction(x: x, y: y)
            worst.lon = max(worst.lon, ulps(place.lonRad, try row.double(11)))
            #expect(place.latRad == geometry.latRad[s])
        }
        #expect(worst.lat <= 2 && worst.step <= 2 && worst.lon <= 2 && worst.unwrapped <= 2, "\(worst)")
    }

    @Test("a pixel is a cell, its centre the centre of the cell", arguments: 0..<12)
    func pixelsAreCells(face: Int) throws {
        let order = try #require(Order(1))
        for npix in 0..<4 {
            let tile = try #require(Cell(order: order, npix: Int64(4 * face + npix)))
            let geometry = try #require(TileGeometry(tile: tile, widthOrder: 4))
            #expect(geometry.pixelOrder.value == 5)
            for y in 0..<16 {
                for x in 0..<16 {
                    let pixel = try #require(
                        Cell(
                            order: geometry.pixelOrder, face: face, x: tile.x * 16 + Int64(x),
                            y: tile.y * 16 + Int64(y)))
                    #expect(geometry.direction(x: x, y: y) == pixel.centre)
                }
            }
        }
    }

    @Test("widths and depths out of range are refused")
    func refused() throws {
        let tile = try #require(Cell(order: 20, npix: 7))
        #expect(TileGeometry(tile: tile, widthOrder: 9) != nil)
        #expect(TileGeometry(tile: tile, widthOrder: 10) == nil)
        #expect(TileGeometry(tile: tile, widthOrder: -1) == nil)
        #expect(TileGeometry(tile: tile, widthOrder: .max) == nil)
        let single = try #require(TileGeometry(tile: tile, widthOrder: 0))
        #expect(single.direction(x: 0, y: 0) == tile.centre)
    }
}
