internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// Makes tiles that are missing or damaged of their four children.
struct RepairParents: Sendable {
    let shape: RepairShape
    let moc: MOC
    let files: RepairFiles

    /// What one worker has made.
    struct Made: Sendable {
        var tiles: [(cell: Cell, format: TileFormat, bytes: [UInt8])] = []
        var underivable: [RepairReport.Entry] = []
    }

    /// Makes the tile of a cell in every format in which it cannot be read.
    func make(_ cell: Cell, _ inventory: RepairInventory, _ made: inout Made) throws {
        for format in shape.formats {
            let path = cell.tilePath(format)
            let isThere = inventory.contains(cell, format)
            if isThere, case .success = try files.image(cell, format, width: shape.width) { continue }
            switch try pieces(cell, format, inventory) {
            case .failure(let failure):
                made.underivable.append(
                    .init(path: path, text: "\(isThere ? "damaged" : "missing"), and \(failure.reason)"))
            case .success(let pieces):
                let mosaic = RepairMosaic(format: format, width: shape.width, height: shape.width)
                do {
                    made.tiles.append((cell, format, try mosaic.file(pieces, cell: cell)))
                } catch {
                    made.underivable.append(.init(path: path, text: error.reason))
                }
            }
        }
    }

    private func pieces(
        _ cell: Cell, _ format: TileFormat, _ inventory: RepairInventory
    ) throws(LintError) -> Result<[RepairMosaic.Piece], PixelImage.Failure> {
        let half = shape.width / 2
        guard half > 0 else { return .failure(.init(reason: "a tile of one pixel has no quarters")) }
        var pieces: [RepairMosaic.Piece] = []
        for index in 0..<4 {
            guard let child = cell.child(index) else { continue }
            // Below the order of the coverage, what is there is what there is.
            let isNeeded =
                moc.intersects(child)
                && (child.order <= moc.order || shape.formats.contains { inventory.contains(child, $0) })
            guard isNeeded else { continue }
            switch try files.image(child, format, width: shape.width) {
            case .failure(let failure): return .failure(.init(reason: "its child too: " + failure.reason))
            case .success(let image):
                pieces.append(
                    RepairMosaic.Piece(
                        image, side: half, row: (index & 1) * half, column: (index >> 1) * half))
            }
        }
        return pieces.isEmpty ? .failure(.init(reason: "it has no child in the coverage")) : .success(pieces)
    }
}
