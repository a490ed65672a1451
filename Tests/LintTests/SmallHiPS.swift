import FITS
import Foundation
import HEALPix
import HiPS
import MOC
import Synchronization
import Tiles

/// A HiPS of small tiles that the tests write by themselves, correct in every respect.
///
/// What it shows is a texture without any symmetry, drawn straight into the pixels of the leaves.
struct SmallHiPS: Hashable {
    enum Kind {
        /// Heights, as FITS, and as grey pictures with a cut.
        case heights
        /// The same as 32-bit floats.
        case floats
        /// Colours.
        case colours
    }

    /// Degrees; nil for the whole sphere.
    struct Region: Hashable {
        var west: Double
        var east: Double
        var south: Double
        var north: Double
    }

    var kind = Kind.heights
    var order = 1
    var formats: [TileFormat] = [.fits, .png]
    var region: Region?
    var width = 32
    /// Orders that the coverage is finer than the leaves; coarser below 0.
    var coverageDepth = 3
    var frame = "mars"

    static let blank: Int16 = -32768
    static let cut = (low: -2000.0, high: 2500.0)

    /// One tile: `width * width` samples of one or three numbers, rows from the top; nil for no data.
    typealias Tile = [SIMD3<Double>?]

    /// The files of maps that were made before: most tests damage the same few.
    private static let made = Mutex<[SmallHiPS: [String: [UInt8]]]>([:])

    /// Writes the HiPS.
    func write(to scratch: Scratch) throws {
        let known = Self.made.withLock { $0[self] }
        let files = try known ?? self.files()
        if known == nil { Self.made.withLock { $0[self] = files } }
        for (path, bytes) in files { try scratch.write(bytes, to: path) }
    }

    private func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var tiles: [Cell: Tile] = [:]
        for base in Cell.bases { _ = build(base, &tiles) }
        for (cell, tile) in tiles {
            for format in formats {
                files[cell.tilePath(format)] = try encode(
                    tile, width: width, height: width, format, cell: cell)
            }
        }
        for value in 0...min(3, order) {
            let layout = AllskyLayout(order: Order(value)!, tileWidth: width)
            let ratio = width / layout.side
            var sheet = Tile(repeating: nil, count: layout.width * layout.height)
            for (cell, tile) in tiles where cell.order.value == value {
                let place = layout.position(of: cell.npix)!
                for row in 0..<layout.side {
                    for column in 0..<layout.side {
                        let target =
                            (place.row * layout.side + row) * layout.width + place.column * layout.side
                        sheet[target + column] = tile[row * ratio * width + column * ratio]
                    }
                }
            }
            for format in formats {
                files[HiPSFile.allsky(Order(value)!, format).path] = try encode(
                    sheet, width: layout.width, height: layout.height, format, cell: nil)
            }
        }
        let moc = coverage(tiles)
        files["Moc.fits"] = try moc.fits(body: frame)
        files["properties"] = Array(properties(tiles, moc).text.utf8)
        return files
    }

    func properties(_ tiles: [Cell: Tile], _ moc: MOC) -> HiPSProperties {
        var properties = HiPSProperties()
        properties["creator_did"] = "ivo://localhost/\(frame)/small"
        properties["obs_title"] = "Small"
        properties["dataproduct_type"] = "image"
        properties["hips_version"] = "1.4"
        properties["hips_release_date"] = "2024-02-29T23:59Z"
        properties["hips_status"] = "public master clonableOnce"
        properties["hips_frame"] = frame
        properties["hips_body"] = frame
        properties["hips_order"] = String(order)
        properties["hips_order_min"] = "0"
        properties["hips_tile_width"] = String(width)
        properties["hips_tile_format"] = formats.map(\.propertyWord).joined(separator: " ")
        if kind == .colours { properties["dataproduct_subtype"] = "color" }
        if kind != .colours {
            properties["hips_pixel_bitpix"] = kind == .heights ? "16" : "-32"
            properties["hips_pixel_cut"] = "-2000 2500"
            let values = tiles.filter { $0.key.order.value == order }.values.joined().compactMap { $0?.x }
            properties["hips_data_range"] = "\(values.min()!) \(values.max()!)"
        }
        properties["moc_order"] = String(moc.order.value)
        properties["moc_sky_fraction"] = String(moc.coverageFraction)
        properties["hips_nb_tiles"] = String(tiles.count)
        return properties
    }

    // MARK: - Pixels

    /// Fills the subtree below a cell; nil where it has no valid pixel.
    private func build(_ cell: Cell, _ tiles: inout [Cell: Tile]) -> Tile? {
        var tile = Tile(repeating: nil, count: width * width)
        if cell.order.value == order {
            let depth = Int64(width.trailingZeroBitCount)
            let pixels = Order(order + Int(depth))!
            for row in 0..<width {
                for column in 0..<width {
                    let pixel = Cell(
                        order: pixels, face: cell.face, x: cell.x << depth + Int64(row),
                        y: cell.y << depth + Int64(column))!
                    tile[row * width + column] = sample(pixel)
                }
            }
        } else {
            let half = width / 2
            for index in 0..<4 {
                guard let child = build(cell.child(index)!, &tiles) else { continue }
                for row in 0..<half {
                    for column in 0..<half {
                        let valid = [0, 1, width, width + 1].compactMap {
                            child[2 * row * width + 2 * column + $0]
                        }
                        guard !valid.isEmpty else { continue }
                        let mean = valid.reduce(SIMD3<Double>.zero, +) / Double(valid.count)
                        let place = ((index & 1) * half + row) * width + (index >> 1) * half + column
                        tile[place] = kind == .floats ? mean : mean.rounded(.toNearestOrEven)
                    }
                }
            }
        }
        guard tile.contains(where: { $0 != nil }) else { return nil }
        tiles[cell] = tile
        return tile
    }

    private func sample(_ pixel: Cell) -> SIMD3<Double>? {
        let (lon, lat) = (pixel.centre.lonRad, pixel.centre.latRad)
        if let region {
            let (degrees, north) = (lon * 180 / .pi, lat * 180 / .pi)
            var east = (degrees - region.west).truncatingRemainder(dividingBy: 360)
            if east < 0 { east += 360 }
            guard east <= region.east - region.west, north >= region.south, north <= region.north else {
                return nil
            }
        }
        let (x, y, z) = (cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat))
        let scale = Double(4 << order)
        let field = 1500 * (0.3 * x - 0.5 * y + 0.4 * z + 0.6 * x * y)
        let texture = 700 * sin(scale * x) * cos(scale * 0.8 * y + 1) + 500 * sin(scale * 1.3 * z + 2 * x)
        if kind == .colours {
            let red = 128 + (field + texture) / 30
            return SIMD3(red, 90 + texture / 20, 160 - field / 25).clamped(
                lowerBound: .zero, upperBound: SIMD3(repeating: 255)
            ).rounded(.toNearestOrEven)
        }
        let value = field + texture
        return SIMD3(repeating: kind == .floats ? Double(Float(value)) : value.rounded(.toNearestOrEven))
    }

    // MARK: - Files

    func encode(
        _ tile: Tile, width: Int, height: Int, _ format: TileFormat, cell: Cell?
    ) throws -> [UInt8] {
        if format == .fits {
            var cards: [FITSCard] = []
            if let cell {
                cards.append(FITSCard("ORDER", .integer(Int64(cell.order.value))))
                cards.append(FITSCard("NPIX", .integer(cell.npix)))
            }
            let rows = (0..<height).reversed().flatMap { tile[($0 * width)..<(($0 + 1) * width)] }
            if kind == .floats {
                let samples = rows.map { $0.map { Float($0.x) } ?? .nan }
                return try FITSImageEncoder().encode(samples.span, width: width, height: height, cards: cards)
            }
            cards.append(FITSCard("BLANK", .integer(Int64(Self.blank))))
            let samples = rows.map { $0.map { Int16($0.x) } ?? Self.blank }
            return try FITSImageEncoder().encode(samples.span, width: width, height: height, cards: cards)
        }
        let isOpaque = format == .jpeg || !tile.contains { $0 == nil }
        var samples: [UInt8] = []
        for pixel in tile {
            if kind == .colours {
                let colour = pixel ?? .zero
                samples += [UInt8(colour.x), UInt8(colour.y), UInt8(colour.z)]
            } else {
                samples.append(pixel.map { level($0.x) } ?? 0)
            }
            if !isOpaque { samples.append(pixel == nil ? 0 : 255) }
        }
        let channels = (kind == .colours ? 3 : 1) + (isOpaque ? 0 : 1)
        switch format {
        case .png:
            return try PNGEncoder().encode(samples.span, width: width, height: height, channels: channels)
        case .webp:
            return try WebPEncoder(quality: 90).encode(
                samples.span, width: width, height: height, channels: channels)
        default:
            return try JPEGEncoder(quality: 90).encode(
                samples.span, width: width, height: height, channels: channels)
        }
    }

    private func level(_ value: Double) -> UInt8 {
        let part = (value - Self.cut.low) / (Self.cut.high - Self.cut.low)
        return UInt8((min(1, max(0, part)) * 255).rounded())
    }

    private func coverage(_ tiles: [Cell: Tile]) -> MOC {
        let depth = max(0, coverageDepth)
        let deep = Order(order + depth)!
        var cells: Set<Cell> = []
        for (cell, tile) in tiles where cell.order.value == order {
            for row in 0..<width {
                for column in 0..<width where tile[row * width + column] != nil {
                    let side = width >> depth
                    cells.insert(
                        Cell(
                            order: deep, face: cell.face,
                            x: cell.x << Int64(depth) + Int64(row / side),
                            y: cell.y << Int64(depth) + Int64(column / side))!)
                }
            }
        }
        return MOC(order: Order(order + coverageDepth)!, cells: cells)
    }
}
