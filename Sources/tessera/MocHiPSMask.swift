import FITS
import Glibc
import HEALPix
import HiPS
import MOC
import Regions
import Tiles

/// What the pixels of a HiPS on disk cover that have values in a range, tile by tile.
struct MocHiPSMask {
    /// The folder of the map.
    let folder: String
    /// Physical values.
    let range: ClosedRange<Double>
    let mode: CellMode

    /// Adds the cells of the pixels that count.
    /// - Returns: the body that the properties name, if they do.
    func read(into sink: inout CoverageSink) throws -> String? {
        let source = folder + "/properties"
        let properties = try HiPSProperties(
            parsing: String(decoding: try MocFile.read(source), as: UTF8.self), source: source)
        guard properties.formats?.contains(.fits) == true else {
            throw CommandError(
                "\(folder): a range needs FITS tiles, for pictures have no values; hips_tile_format is \"\(properties["hips_tile_format"] ?? "")\""
            )
        }
        if let note = try AdoptionNote.read(inFolder: folder), note.lonOffsetDegrees != 0 {
            throw CommandError(
                "\(folder): its longitudes are off by \(note.lonOffsetDegrees) degrees, so that its pixels are no cells"
            )
        }
        guard let order = properties.order, let width = properties.tileWidth, width > 0, width <= 4096,
            let cells = TilePixels(
                tileOrder: order, width: width, order: sink.order, mode: mode)
        else {
            throw CommandError(
                "\(source): hips_order \(properties["hips_order"] ?? "is missing"), hips_tile_width \(properties["hips_tile_width"] ?? "512"): expected an order and a power of 2 whose pixels are of order 29 at the most"
            )
        }
        var tiles = 0
        try eachTile(order) { tile, path in
            tiles += 1
            sink.add(try ranges(tile, path, width, cells))
        }
        if tiles == 0 { Console.tell("\(folder): there are no tiles of order \(order)\n") }
        return properties.body ?? properties.frame
    }

    /// Hands over the FITS tiles of an order, by number.
    private func eachTile(_ order: Order, _ use: (Cell, String) throws -> Void) throws {
        let root = folder + "/Norder\(order)"
        for directory in try Self.names(root).compactMap({ Self.number($0, "Dir", "") }).sorted() {
            let inside = root + "/Dir\(directory)"
            for number in try Self.names(inside).compactMap({ Self.number($0, "Npix", ".fits") }).sorted() {
                guard let cell = Cell(order: order.value, npix: number) else {
                    throw CommandError("\(inside)/Npix\(number).fits: order \(order) has no such tile")
                }
                try use(cell, inside + "/Npix\(number).fits")
            }
        }
    }

    private static func names(_ folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            throw CommandError("Cannot read \(folder): \(String(cString: strerror(errno))).")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private static func number(_ name: String, _ prefix: String, _ suffix: String) -> Int64? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        return Int64(name.dropFirst(prefix.count).dropLast(suffix.count))
    }

    /// The cells of the pixels of a tile that count.
    private func ranges(
        _ tile: Cell, _ path: String, _ width: Int, _ cells: TilePixels
    ) throws -> [Range<Int64>] {
        let image: FITSImage
        do {
            image = try FITSImage.decode(try MocFile.read(path), maximumSize: width)
        } catch { throw CommandError("\(path): \(error)") }
        guard image.width == width, image.height == width else {
            throw CommandError(
                "\(path) is \(image.width) x \(image.height) where hips_tile_width says \(width)")
        }
        let scale = image.cards.real("BSCALE") ?? 1
        let zero = image.cards.real("BZERO") ?? 0
        let blank = image.cards.integer("BLANK").map { Double($0) }
        func list(_ value: (Int) -> Double, isInteger: Bool) -> [Range<Int64>] {
            cells.ranges(of: tile) { x, y in
                // A tile's row from the top is x, its column y; FITS has the lowest row first.
                let stored = value((width - 1 - x) * width + y)
                return stored.isFinite && (!isInteger || stored != blank)
                    && range.contains(stored * scale + zero)
            }
        }
        switch image.samples {
        case .uint8(let samples): return list({ Double(samples[$0]) }, isInteger: true)
        case .int16(let samples): return list({ Double(samples[$0]) }, isInteger: true)
        case .int32(let samples): return list({ Double(samples[$0]) }, isInteger: true)
        case .float(let samples): return list({ Double(samples[$0]) }, isInteger: false)
        case .double(let samples): return list({ samples[$0] }, isInteger: false)
        }
    }
}
