import FITS
import Glibc
import HEALPix
import HiPS
import Maps
import PlanetaryFrames
import Storage
import Synchronization
import Tiles

/// A small HiPS in memory, whose values are a function of the direction; counts how often each file is read.
final class FieldMap: HiPSFiles {
    let files: [HiPSFile: [UInt8]]
    let reads = Mutex<[HiPSFile: Int]>([:])
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

    /// The samples of a tile in the order of FITS: the last row of the picture first.
    static func samples(_ cell: Cell, _ field: (Direction) -> Double) -> [Double] {
        let geometry = TileGeometry(tile: cell, widthOrder: width.trailingZeroBitCount)!
        return (0..<width * width).map { i in
            field(geometry.direction(x: width - 1 - i / width, y: i % width))
        }
    }

    func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]? {
        reads.withLock { $0[file, default: 0] += 1 }
        return files[file]
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
    private static let plain = Result { try make(MapSystems.Options()) }
    private static let pretending = Result { try make(MapSystems.Options(earthAliases: true)) }

    static var catalogue: BodyCatalogue { get throws { try shared.get() } }
    static var systems: MapSystems { get throws { try plain.get() } }
    static var aliased: MapSystems { get throws { try pretending.get() } }

    private static func make(_ options: MapSystems.Options) throws -> MapSystems {
        let catalogue = try catalogue
        return try MapSystems(body: catalogue.body(named: "Mars"), catalogue: catalogue, options: options)
    }

    static func window(
        _ crs: String, _ box: (Double, Double, Double, Double), _ width: Int, _ height: Int
    ) throws -> MapWindow {
        try MapWindow(
            crs: systems.parse(crs).crs,
            box: MapBox(minX: box.0, minY: box.1, maxX: box.2, maxY: box.3), width: width, height: height)
    }
}

/// A plane through the body: its gradient is at most 1000 per radian, and its curvature small.
func plane(_ d: Direction) -> Double {
    400 * cos(d.latRad) * cos(d.lonRad) + 500 * cos(d.latRad) * sin(d.lonRad) - 700 * sin(d.latRad)
}
