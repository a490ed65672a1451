internal import HEALPix
internal import HiPS
internal import MOC
internal import Pixels
internal import Storage

/// The decoded tiles of one layer, and means of them below the first order that has any.
struct TileSource<Sample: LayerSample> {
    let layer: MapLayer
    let cache: DecodedTiles
    /// Whether nobody waits for the tile any more: where tiles begin at a deep order, means of them take many files.
    var cancelled: () -> Bool = { false }

    /// A tile; nil where the map has no data.
    ///
    /// - Parameter order: Below 0, the face is `tileWidth >> -order` samples wide.
    func tile(order: Int, npix: Int64) throws(MapsError) -> Sample.Tile? {
        // Asked before the cache, so that what lies outside takes no place there.
        if order >= 0, let coverage = layer.coverage, let cell = Cell(order: order, npix: npix),
            !coverage.intersects(cell)
        {
            return nil
        }
        let key = DecodedTiles.Key(layer: layer.id, order: order, npix: npix)
        return try cache.tile(key, of: Sample.Tile.self) { () throws(MapsError) in
            if order < 0 { return try halved(order: order, face: npix) }
            guard let cell = Cell(order: order, npix: npix) else { return nil }
            if cell.order < layer.orders.lowerBound { return try gathered(cell) }
            return try read(cell)
        }
    }

    private func read(_ cell: Cell) throws(MapsError) -> Sample.Tile? {
        let file = HiPSFile.tile(cell, layer.format)
        let bytes: [UInt8]?
        do {
            bytes = try layer.files.bytes(of: file)
        } catch {
            throw error.mayPass
                ? .unavailable(layer: layer.name, file: file.path, reason: error.description)
                : .unusableTile(layer: layer.name, tile: file.path, reason: error.description)
        }
        guard let bytes else { return nil }
        do {
            return try Sample.decode(bytes, format: layer.format, width: layer.tileWidth)
        } catch {
            throw .unusableTile(layer: layer.name, tile: file.path, reason: error.reason)
        }
    }

    /// A whole face at half of the resolution.
    private func halved(order: Int, face: Int64) throws(MapsError) -> Sample.Tile? {
        guard let finer = try tile(order: order + 1, npix: face) else { return nil }
        let width = finer.width / 2
        return Sample.Tile(width: width, blank: finer.blank) { finer.halve(into: $0, outStride: width) }
    }

    /// A tile made of the means of its four children, for maps whose tiles begin at a deeper order.
    private func gathered(_ cell: Cell) throws(MapsError) -> Sample.Tile? {
        var children: [Sample.Tile?] = []
        for child in 0..<4 {
            if cancelled() { throw .cancelled }
            children.append(try tile(order: cell.order.value + 1, npix: cell.npix * 4 + Int64(child)))
        }
        guard children.contains(where: { $0 != nil }) else { return nil }
        let blank = children.compactMap { $0?.blank }.first
        let isWhole = children.allSatisfy { $0 != nil } && blank == nil
        let side = layer.tileWidth / 2
        return Sample.Tile(width: layer.tileWidth, blank: isWhole ? nil : blank ?? Sample.defaultBlank) {
            samples in
            for (index, child) in children.enumerated() {
                // Bit 0 of the number is x, a row; bit 1 is y, a column.
                let corner = samples + (index & 1) * side * layer.tileWidth + (index >> 1) * side
                if let child {
                    child.halve(into: corner, outStride: layer.tileWidth)
                    continue
                }
                for row in 0..<side {
                    (corner + row * layer.tileWidth).update(
                        repeating: blank ?? Sample.defaultBlank, count: side)
                }
            }
        }
    }
}
