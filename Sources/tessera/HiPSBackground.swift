import Glibc
import HEALPix
import HiPS
import Tiles

/// The pictures of a HiPS on disk, looked up by direction.
final class HiPSBackground {
    private let folder: String
    private let format: TileFormat
    private let order: Order
    private let tileDepth: Int
    private var tiles: [Int64: Picture?] = [:]
    private var uses: [Int64] = []

    /// Tiles that are kept; a row of a map runs along few of them.
    private static let kept = 96

    /// Opens a HiPS at the order whose pixels are about as many around the body as asked for.
    init(folder: String, pixelsAround: Int) throws {
        self.folder = folder
        var values: [String: String] = [:]
        let text = String(decoding: try MocFile.read(folder + "/properties"), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !line.hasPrefix("#") else { continue }
            values[parts[0].filter { $0 != " " && $0 != "\r" }] = parts[1].filter { $0 != "\r" }
        }
        let words = (values["hips_tile_format"] ?? "").split(separator: " ")
        let known: [(Substring, TileFormat)] = [
            ("png", .png), ("webp", .webp), ("jpeg", .jpeg), ("jpg", .jpeg),
        ]
        guard let found = known.first(where: { words.contains($0.0) }) else {
            throw CommandError(
                "\(folder): hips_tile_format is \(words.joined(separator: " ")); png, jpeg or webp is needed")
        }
        format = found.1
        func number(_ key: String) -> Int? { values[key].flatMap { Int($0.filter { $0 != " " }) } }
        guard let deepest = number("hips_order"), (0...29).contains(deepest) else {
            throw CommandError("\(folder)/properties has no hips_order of 0 to 29")
        }
        let width = number("hips_tile_width") ?? 512
        guard width > 0, width <= 4096, width & (width - 1) == 0 else {
            throw CommandError("\(folder)/properties: hips_tile_width is \(width), expected a power of 2")
        }
        tileDepth = width.trailingZeroBitCount
        let least = max(0, number("hips_order_min") ?? 0)
        var level = max(0, least)
        // A ring of the belt has four tiles of each order 0 along it.
        while level < deepest, level + tileDepth < 29, (4 * width) << level < pixelsAround { level += 1 }
        guard let order = Order(level) else {
            throw CommandError("\(folder)/properties: hips_order_min is \(least)")
        }
        self.order = order
    }

    /// The colour at a direction, nil where there is no tile or the pixel is transparent.
    func colour(_ direction: Direction) throws -> (UInt8, UInt8, UInt8)? {
        guard let deep = Order(order.value + tileDepth), let cell = Cell(containing: direction, order: deep)
        else {
            return nil
        }
        guard let tile = cell.ancestor(at: order), let picture = try tileAt(tile) else { return nil }
        let mask = Int64(1) << Int64(tileDepth) - 1
        // Rows from the top are x of HEALPix, columns y.
        let place = (Int(cell.x & mask) * picture.width + Int(cell.y & mask)) * picture.channels
        let samples = picture.samples
        switch picture.channels {
        case 1: return (samples[place], samples[place], samples[place])
        case 2: return samples[place + 1] < 128 ? nil : (samples[place], samples[place], samples[place])
        case 3: return (samples[place], samples[place + 1], samples[place + 2])
        default:
            return samples[place + 3] < 128 ? nil : (samples[place], samples[place + 1], samples[place + 2])
        }
    }

    private func tileAt(_ cell: Cell) throws -> Picture? {
        if let known = tiles[cell.npix] { return known }
        if tiles.count >= Self.kept {
            for old in uses.prefix(Self.kept / 2) { tiles[old] = nil }
            uses.removeFirst(Self.kept / 2)
        }
        let path = folder + "/" + cell.tilePath(format)
        var picture: Picture?
        if access(path, R_OK) == 0 {
            do {
                picture = try PictureDecoder.decode(try MocFile.read(path), format: format, maximumSize: 4096)
            } catch { throw CommandError("\(path): \(error)") }
            if let found = picture, found.width != 1 << tileDepth || found.height != 1 << tileDepth {
                throw CommandError(
                    "\(path) is \(found.width) x \(found.height) where hips_tile_width says \(1 << tileDepth)"
                )
            }
        }
        tiles[cell.npix] = .some(picture)
        uses.append(cell.npix)
        return picture
    }
}
