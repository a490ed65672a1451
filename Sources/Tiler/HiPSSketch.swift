internal import FITS
internal import HEALPix
internal import HiPS
public import Rasters
internal import Storage
internal import Tiles

extension GlobeSketch {
    /// Draws a HiPS on disk in a small grid, from its first order.
    ///
    /// Of colours the first channel is drawn. What a note of adoption says of its longitudes is minded; maps whose
    /// latitudes it calls planetographic are drawn as they are, which a comparison then shows.
    /// - Parameters:
    ///   - folder: of the map, with its `properties`.
    ///   - columns: of 360 degrees; a multiple of 180 for comparisons.
    /// - Throws: ``TilerError`` when there is no HiPS, or a tile cannot be read.
    public init(hips folder: String, columns: Int = 720) throws(TilerError) {
        let reader = try HiPSPixels(folder: folder)
        let cell = 360 / Double(columns)
        try self.init(columns: columns, sourceDegrees: reader.pixelDegrees) { (row) throws(TilerError) in
            var line: [Float] = []
            line.reserveCapacity(columns)
            for column in 0..<columns {
                var sum: Float = 0
                var count: Float = 0
                // Four places of a cell, for pixels are finer.
                for place in 0..<4 {
                    let longitude = (Double(column) + (place & 1 == 0 ? 0.25 : 0.75)) * cell
                    let latitude = 90 - (Double(row) + (place & 2 == 0 ? 0.25 : 0.75)) * cell
                    let value = try reader.value(longitude: longitude, latitude: latitude)
                    if value.isFinite {
                        sum += value
                        count += 1
                    }
                }
                line.append(count > 0 ? sum / count : .nan)
            }
            return line
        }
    }
}

/// Pixels of the first order of a HiPS by their place.
private final class HiPSPixels {
    private let store: FolderStore
    private let format: TileFormat
    private let order: Order
    private let pixelOrder: Order
    private let width: Int
    private let lonOffset: Double
    private var tiles: [Int64: [Float]] = [:]

    var pixelDegrees: Double { 58.6323 / Double(1 << pixelOrder.value) }

    init(folder: String) throws(TilerError) {
        let root: String
        let properties: HiPSProperties
        do throws(HiPSError) {
            let note = try AdoptionNote.read(inFolder: folder)
            root = note?.tileRoot(inFolder: folder) ?? folder
            lonOffset = note?.lonOffsetDegrees ?? 0
        } catch {
            throw .store(error)
        }
        let text: [UInt8]?
        do throws(StoreError) {
            text = try FolderStore(root: folder).read("properties", atMost: 1 << 20)
        } catch {
            throw .storage(error)
        }
        guard let text else {
            throw .store(.missing(path: folder + "/properties", remedy: "a folder with a HiPS was expected"))
        }
        do throws(HiPSError) {
            properties = try HiPSProperties(
                parsing: String(decoding: text, as: UTF8.self), source: folder + "/properties")
        } catch {
            throw .store(error)
        }
        store = FolderStore(root: root)
        order = properties.orderMin ?? Order(3)!
        width = properties.tileWidth ?? 512
        let formats = properties.formats ?? []
        guard let format = [TileFormat.fits, .png, .jpeg, .webp].first(where: { formats.contains($0) }),
            width > 0, width & (width - 1) == 0, width <= 4096,
            let pixelOrder = Order(order.value + width.trailingZeroBitCount), order.value <= 3
        else {
            throw .option(
                name: folder, found: "its first tiles are of order \(order.value), \(width) pixels wide",
                remedy: "expected a HiPS with tiles of order 0 to 3 as FITS, PNG, JPEG or WebP")
        }
        (self.format, self.pixelOrder) = (format, pixelOrder)
    }

    /// The value of the pixel that holds a place of the body, not-a-number where there is none.
    func value(longitude: Double, latitude: Double) throws(TilerError) -> Float {
        let direction = Direction(lonDeg: longitude + lonOffset, latDeg: latitude)
        guard let pixel = Cell(containing: direction, order: pixelOrder),
            let tile = Cell(
                order: order, face: pixel.face, x: pixel.x / Int64(width), y: pixel.y / Int64(width))
        else { return .nan }
        let values = try values(of: tile)
        guard !values.isEmpty else { return .nan }
        // A tile's row from the top is x, its column y.
        return values[Int(pixel.x) % width * width + Int(pixel.y) % width]
    }

    private func values(of tile: Cell) throws(TilerError) -> [Float] {
        if let known = tiles[tile.npix] { return known }
        let path = tile.tilePath(format)
        var values: [Float] = []
        do throws(StoreError) {
            if let bytes = try store.read(path, atMost: 1 << 28) { values = decoded(bytes) }
        } catch {
            throw .storage(error)
        }
        tiles[tile.npix] = values
        return values
    }

    /// Rows from the top; nothing where the tile is none that can be read.
    private func decoded(_ bytes: [UInt8]) -> [Float] {
        if format == .fits {
            guard let image = try? FITSImage.decode(bytes, maximumSize: width), image.width == width,
                image.height == width
            else { return [] }
            let blank = image.cards.integer("BLANK").map { Float($0) }
            let stored: [Float] =
                switch image.samples {
                case .uint8(let samples): samples.map { Float($0) }
                case .int16(let samples): samples.map { Float($0) }
                case .int32(let samples): samples.map { Float($0) }
                case .float(let samples): samples
                case .double(let samples): samples.map { Float($0) }
                }
            // FITS has the lowest row first.
            return stride(from: width - 1, through: 0, by: -1).flatMap { row in
                stored[(row * width)..<((row + 1) * width)].map { $0 == blank ? .nan : $0 }
            }
        }
        guard let picture = try? PictureDecoder.decode(bytes, format: format, maximumSize: width),
            picture.width == width, picture.height == width
        else { return [] }
        let channels = picture.channels
        let hasAlpha = channels == 2 || channels == 4
        return (0..<(width * width)).map { pixel in
            if hasAlpha, picture.samples[pixel * channels + channels - 1] == 0 { return .nan }
            return Float(picture.samples[pixel * channels])
        }
    }
}
