import FITS
import Glibc
import HEALPix
import HiPS
import Maps
import PlanetaryFrames
import Storage
import Tiles

/// A small HiPS in memory, whose values are a function of the direction.
final class FieldMap: HiPSFiles {
    let files: [HiPSFile: [UInt8]]
    static let width = 32

    init(files: [HiPSFile: [UInt8]]) {
        self.files = files
    }

    /// Tiles of orders 0 to `order` with floats; not-a-number is written as it is.
    convenience init(order: Int, _ field: (Direction) -> Double) throws {
        var files: [HiPSFile: [UInt8]] = [:]
        for k in 0...order {
            for npix in 0..<(Int64(12) << Int64(2 * k)) {
                guard let cell = Cell(order: k, npix: npix) else { continue }
                let samples = Self.samples(cell, field).map { Float($0) }
                files[.tile(cell, .fits)] = try FITSImageEncoder().encode(
                    samples.span, width: Self.width, height: Self.width, cards: [])
            }
        }
        self.init(files: files)
    }

    /// Tiles of whole numbers, `blank` where the field is not-a-number.
    convenience init(order: Int, blank: Int16, _ field: (Direction) -> Double) throws {
        var files: [HiPSFile: [UInt8]] = [:]
        for k in 0...order {
            for npix in 0..<(Int64(12) << Int64(2 * k)) {
                guard let cell = Cell(order: k, npix: npix) else { continue }
                let samples = Self.samples(cell, field).map { $0.isNaN ? blank : Int16($0.rounded()) }
                files[.tile(cell, .fits)] = try FITSImageEncoder().encode(
                    samples.span, width: Self.width, height: Self.width,
                    cards: [FITSCard("BLANK", .integer(Int64(blank)))])
            }
        }
        self.init(files: files)
    }

    /// Tiles of colours as PNG, transparent where there is none.
    convenience init(order: Int, colours field: (Direction) -> [UInt8]) throws {
        var files: [HiPSFile: [UInt8]] = [:]
        for k in 0...order {
            for npix in 0..<(Int64(12) << Int64(2 * k)) {
                guard let cell = Cell(order: k, npix: npix) else { continue }
                let geometry = TileGeometry(tile: cell, widthOrder: Self.width.trailingZeroBitCount)!
                let samples = (0..<Self.width * Self.width).flatMap {
                    field(geometry.direction(x: $0 / Self.width, y: $0 % Self.width))
                }
                files[.tile(cell, .png)] = try PNGEncoder().encode(
                    Picture(width: Self.width, height: Self.width, channels: 4, samples: samples))
            }
        }
        self.init(files: files)
    }

    /// The samples of a tile in the order of FITS: the last row of the picture first.
    static func samples(_ cell: Cell, _ field: (Direction) -> Double) -> [Double] {
        let geometry = TileGeometry(tile: cell, widthOrder: width.trailingZeroBitCount)!
        return (0..<width * width).map { i in
            field(geometry.direction(x: width - 1 - i / width, y: i % width))
        }
    }

    func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]? {
        files[file]
    }

    func layer(
        order: Int, format: String = "fits", note: AdoptionNote? = nil, more: [String: String] = [:]
    ) throws -> MapLayer {
        var properties = HiPSProperties()
        properties["hips_order"] = String(order)
        properties["hips_tile_width"] = String(Self.width)
        properties["hips_tile_format"] = format
        properties["hips_pixel_cut"] = "-1000 1000"
        for (key, value) in more { properties[key] = value }
        return try MapLayer(
            name: MapName(body: "mars", name: "field"), properties: properties, note: note, files: self,
            catalogue: Mars.catalogue)
    }
}

enum Mars {
    private static let shared = Result { try BodyCatalogue.standard() }
    private static let plain = Result { try make() }

    static var catalogue: BodyCatalogue { get throws { try shared.get() } }
    static var systems: MapSystems { get throws { try plain.get() } }

    private static func make() throws -> MapSystems {
        let catalogue = try catalogue
        return try MapSystems(body: catalogue.body(named: "Mars"), catalogue: catalogue)
    }
}

/// A plane through the body: its gradient is at most 1000 per radian, and its curvature small.
func plane(_ d: Direction) -> Double {
    400 * cos(d.latRad) * cos(d.lonRad) + 500 * cos(d.latRad) * sin(d.lonRad) - 700 * sin(d.latRad)
}
