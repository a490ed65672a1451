import Foundation
import Testing

/// The tables of truth beside the tests.
enum Tables {
    /// A pixel of a tile with the direction of its centre.
    struct Pixel {
        let order: Int
        let npix: Int64
        let row: Int
        let column: Int
        /// Degrees.
        let lon: Double
        let lat: Double
    }

    /// A box of longitude and latitude, with what healpy finds in it.
    struct Region: Sendable, CustomTestStringConvertible {
        let name: String
        let west: Double
        let south: Double
        let columns: Int
        let rows: Int
        let step: Double
        /// Pixels in the box, by npix of the tile of order 1.
        var pixels: [Int64: Int] = [:]
        /// Cells of order 4 with such a pixel.
        var coverage: Set<Int64> = []

        var testDescription: String { name }
        var north: Double { south + Double(rows) * step }

        func contains(_ pixel: Pixel) -> Bool {
            var east = (pixel.lon - west).truncatingRemainder(dividingBy: 360)
            if east < 0 { east += 360 }
            return east <= Double(columns) * step && pixel.lat >= south && pixel.lat <= north
        }

        var raster: TestRaster {
            TestRaster(columns: columns, rows: rows, west: west, north: north, lonStep: step, latStep: step)
        }
    }

    static let pixels: [Pixel] = rows("pixels.txt").map {
        Pixel(
            order: Int($0[0])!, npix: Int64($0[1])!, row: Int($0[2])!, column: Int($0[3])!,
            lon: Double($0[4])!,
            lat: Double($0[5])!)
    }

    static let regions: [Region] = {
        var regions: [Region] = []
        for row in rows("regions.txt") {
            switch row[0] {
            case "box":
                regions.append(
                    Region(
                        name: row[1], west: Double(row[2])!, south: Double(row[3])!, columns: Int(row[4])!,
                        rows: Int(row[5])!, step: Double(row[6])!))
            case "tile": regions[regions.count - 1].pixels[Int64(row[2])!] = Int(row[3])!
            default: regions[regions.count - 1].coverage.insert(Int64(row[2])!)
            }
        }
        return regions
    }()

    static func region(_ name: String) -> Region { regions.first { $0.name == name }! }

    private static func rows(_ name: String) -> [[String]] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Tables/" + name)
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "\t").map(String.init)
        }
    }
}
