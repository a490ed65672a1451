internal import HEALPix
internal import HiPS
internal import Tiles

/// What all workers share.
struct VisitPlan: Sendable {
    let subject: Subject
    let selection: Selection
    let allsky: AllskySheets
    /// Whether missing tiles are told by the visitor; in a directory the list of names tells them.
    let tellsMissing: Bool
}

/// Decodes the tiles of subtrees depth first and compares each with its children, its Allsky, the coverage,
/// and its twins in other formats; one for each worker.
///
/// At any time it holds one tile for each order and format.
final class TileVisitor {
    /// The tiles of one cell by format; what is absent or damaged is missing.
    typealias Tiles = [TileFormat: PixelImage]

    let plan: VisitPlan
    let reader: any HiPSReader
    var findings = Findings()
    private(set) var tilesRead = 0
    private(set) var bytesRead = 0
    /// The least and the greatest physical value in FITS leaves.
    private(set) var low = Double.infinity
    private(set) var high = -Double.infinity
    /// The BITPIX of FITS tiles with the path of the first tile that has it.
    private(set) var bitpix: [Int: String] = [:]

    var subject: Subject { plan.subject }

    init(_ plan: VisitPlan, _ reader: any HiPSReader) {
        self.plan = plan
        self.reader = reader
    }

    /// Checks the subtree below a cell down to `last`, whose tiles are checked too if `checksLast` says so;
    /// otherwise they are read for their parents' sake alone.
    /// - Parameter parentIsAbsent: whether there is no file of the parent; where there is none of the cell
    ///   either, its subtree is left alone, so that what is visited is bounded by what is there.
    /// - Returns: the tiles of the cell.
    @discardableResult
    func visit(
        _ cell: Cell, last: Order, checksLast: Bool, parentIsAbsent: Bool = false
    ) throws(LintError) -> Tiles {
        let isChecked = cell.order < last || checksLast
        let (tiles, isAbsent) = try load(cell, checks: isChecked)
        guard isChecked else { return tiles }
        check(cell, tiles)
        guard cell.order < last, !(isAbsent && parentIsAbsent) else { return tiles }
        var relations: [Relation] = []
        for index in 0..<4 {
            guard let child = cell.child(index) else { continue }
            let promise = subject.promise(child)
            if promise == .excluded {
                if plan.tellsMissing { try checkExcluded(child) }
                checkEmpty(cell, tiles, index, child)
            } else if plan.selection.contains(child) {
                let children = try visit(
                    child, last: last, checksLast: checksLast, parentIsAbsent: isAbsent)
                relations += compare(cell, tiles, index, child, children, promise)
            }
        }
        tell(relations, of: cell)
        return tiles
    }

    // MARK: - Reading

    private func load(
        _ cell: Cell, checks: Bool
    ) throws(LintError) -> (tiles: Tiles, isAbsent: Bool) {
        var tiles: Tiles = [:]
        var isAbsent = true
        for format in subject.formats {
            let path = cell.tilePath(format)
            // Nothing is as large as an uncompressed tile of doubles but for its header.
            switch try reader.read(path, limit: subject.width * subject.width * 8 + (1 << 22)) {
            case .absent:
                if checks, plan.tellsMissing, subject.promise(cell) == .promised {
                    findings.add(
                        .tileMissing, path, found: "no file",
                        expected: "a tile, as the coverage meets cell \(cell)")
                }
            case .refused(let reason):
                isAbsent = false
                if checks {
                    findings.add(.unreadable, path, found: reason, expected: "a file that can be read")
                }
            case .found(let bytes, _):
                isAbsent = false
                tiles[format] = decode(bytes, cell, format, checks: checks)
            }
        }
        return (tiles, isAbsent)
    }

    private func decode(_ bytes: [UInt8], _ cell: Cell, _ format: TileFormat, checks: Bool) -> PixelImage? {
        let path = cell.tilePath(format)
        let image: PixelImage
        switch PixelImage.decode(bytes, format, maximumSize: max(4096, subject.width)) {
        case .failure(let failure):
            if checks {
                findings.add(
                    .tileUndecodable, path, found: failure.reason,
                    expected: "a whole \(format.propertyWord) picture of \(subject.width) pixels a side")
            }
            return nil
        case .success(let decoded): image = decoded
        }
        if checks {
            tilesRead += 1
            bytesRead += bytes.count
        }
        guard image.width == subject.width, image.height == subject.width else {
            if checks {
                findings.add(
                    .tileWidth, path, found: "\(image.width) x \(image.height) pixels",
                    expected: "\(subject.width) x \(subject.width), as hips_tile_width says")
            }
            return nil
        }
        return image
    }

    // MARK: - Single tiles

    private func check(_ cell: Cell, _ tiles: Tiles) {
        if let image = tiles[.fits], let values = image.values {
            checkHeader(values, cell, cell.tilePath(.fits))
            if cell.order == subject.order { takeRange(image, values) }
            for (format, picture) in tiles where format != .fits {
                let comparison = PictureCheck(picture, image, isStrict: cell.order == subject.order)
                guard !comparison.holds else { continue }
                let found =
                    comparison.validityDiffers > 0
                    ? "\(comparison.validityDiffers) pixels valid in one of the two only"
                    : "brightness of which the values explain "
                        + "\(Int(((1 - comparison.unexplained) * 100).rounded())) %"
                findings.add(
                    .pictureDiffers, cell.tilePath(format), found: found,
                    expected: "a drawing of the values in \(cell.tilePath(.fits))")
            }
        }
        checkCoverage(cell, tiles)
        checkAllsky(cell, tiles)
    }

    private func checkHeader(_ values: PixelImage.Values, _ cell: Cell, _ path: String) {
        if bitpix[values.bitpix].map({ path < $0 }) ?? true { bitpix[values.bitpix] = path }
        if let stated = subject.properties["hips_pixel_bitpix"], let number = Int(stated),
            number != values.bitpix
        {
            findings.add(
                .tileBitpix, path, found: "BITPIX = \(values.bitpix)",
                expected: "\(number), as hips_pixel_bitpix says")
        }
        let order = values.order ?? Int64(cell.order.value)
        let npix = values.npix ?? cell.npix
        if order != Int64(cell.order.value) || npix != cell.npix {
            findings.add(
                .tileMisplaced, path, found: "ORDER = \(order), NPIX = \(npix) in its header",
                expected: "ORDER = \(cell.order), NPIX = \(cell.npix)")
        }
    }

    private func takeRange(_ image: PixelImage, _ values: PixelImage.Values) {
        var least = Float.infinity
        var greatest = -Float.infinity
        for sample in image.planes[0] where sample.isFinite {
            least = sample < least ? sample : least
            greatest = sample > greatest ? sample : greatest
        }
        guard least <= greatest else { return }
        for stored in [Double(least), Double(greatest)] {
            let value = values.zero + values.scale * stored
            low = min(low, value)
            high = max(high, value)
        }
    }

    private func checkCoverage(_ cell: Cell, _ tiles: Tiles) {
        guard let moc = subject.moc, let compared = subject.comparedOrder,
            cell.order == min(subject.order, compared)
        else { return }
        // Values say best what is valid; of pictures one that knows is enough, as twins are compared.
        let formats = tiles.keys.filter { tiles[$0]?.knowsValidity == true }.sorted()
        guard let format = formats.first, let image = tiles[format] else { return }
        let check = CoverageCheck(image, tile: cell, moc, order: compared)
        let path = cell.tilePath(format)
        if let first = check.extra.first {
            findings.add(
                .mocCellExtra, "Moc.fits",
                found: "\(Self.cells(check.extra.count, first)) without a valid pixel in \(path)",
                expected: "only cells with a valid pixel")
        }
        if let first = check.missing.first {
            findings.add(
                .mocCellMissing, "Moc.fits",
                found:
                    "valid pixels of \(path) in \(Self.cells(check.missing.count, first)) that it lacks",
                expected: "every cell with a valid pixel")
        }
    }

    private static func cells(_ count: Int, _ first: Cell) -> String {
        count == 1 ? "cell \(first)" : "\(count) cells (\(first) and others)"
    }

    /// Compares the place of a tile on its Allsky with the tile.
    func checkAllsky(_ cell: Cell, _ tiles: Tiles) {
        guard cell.order.value <= AllskySheets.lastOrder else { return }
        let layout = AllskyLayout(order: cell.order, tileWidth: subject.width)
        guard let place = layout.position(of: cell.npix) else { return }
        let area = PixelArea(
            row: place.row * layout.side, column: place.column * layout.side, side: layout.side)
        for (format, image) in tiles {
            guard let sheet = plan.allsky.sheet(cell.order, format) else { continue }
            let comparison = Agreement(
                sheet, area, with: image, ratio: subject.width / layout.side, rule: allskyRule(image))
            guard !comparison.holds else { continue }
            findings.add(
                .allskyDiffers, HiPSFile.allsky(cell.order, format).path,
                found: "in the place of cell \(cell) \(comparison.differences)",
                expected: "\(cell.tilePath(format)) at \(layout.side) x \(layout.side) pixels")
        }
    }
}
