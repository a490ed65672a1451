import FITS
import HEALPix
import HiPS
import MOC
import Tiles

/// A HiPS as others make them: tiles with the first bytes of their format, each different, and a coverage.
struct ForeignHiPS {
    /// Its files by their paths.
    private(set) var files: [String: [UInt8]] = [:]
    static let covered = [Cell(order: 4, npix: 5)!, Cell(order: 4, npix: 300)!, Cell(order: 3, npix: 700)!]

    /// Keys and texts of `properties`; those with an empty text are left out.
    static let usual = [
        ("creator_did", "ivo://elsewhere/moon"), ("obs_title", "Elsewhere"), ("dataproduct_type", "image"),
        ("hips_version", "1.4"), ("hips_release_date", "2019-02-12T15:41Z"),
        ("hips_status", "public master clonableOnce"), ("x_unknown", "kept = as it is"),
        ("hips_tile_format", "png"), ("hips_order", "2"), ("hips_order_min", "0"), ("hips_tile_width", "64"),
        ("hips_frame", "equatorial"), ("hips_service_url", "http://elsewhere.invalid/moon"),
    ]

    init(
        orders: ClosedRange<Int> = 0...2, formats: [TileFormat] = [.png], hasCoverage: Bool = true,
        _ changes: [String: String] = [:]
    ) throws {
        let moc = MOC(order: Order(4)!, cells: Self.covered)
        if hasCoverage { files["Moc.fits"] = try moc.fits() }
        for order in orders {
            for npix in 0..<Order(order)!.cellCount {
                guard let cell = Cell(order: order, npix: npix), moc.intersects(cell) else { continue }
                for format in formats {
                    files[cell.tilePath(format)] = Self.signature(format) + Array("tile \(cell)".utf8)
                }
            }
        }
        for format in formats {
            files["Norder\(orders.lowerBound)/Allsky.\(format.fileExtension)"] = Self.signature(format)
        }
        var pairs = Self.usual
        for (key, value) in changes {
            if let place = pairs.firstIndex(where: { $0.0 == key }) {
                pairs[place].1 = value
            } else {
                pairs.append((key, value))
            }
        }
        files["properties"] = Array(
            pairs.filter { !$0.1.isEmpty }.map { "\($0.0) = \($0.1)\n" }.joined().utf8)
    }

    private static func signature(_ format: TileFormat) -> [UInt8] {
        switch format {
        case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        case .jpeg: [0xFF, 0xD8, 0xFF, 0xE0]
        case .webp: Array("RIFF0000WEBP".utf8)
        case .fits: Array("SIMPLE  =                    T".utf8)
        }
    }

    /// The paths of the tiles, sorted.
    var tiles: [String] { files.keys.filter { $0.contains("Npix") }.sorted() }

    func write(to scratch: Scratch, _ folder: String) throws {
        for (path, bytes) in files { try scratch.write(bytes, to: folder + "/" + path) }
    }
}
