internal import HEALPix
internal import HiPS
internal import Tiles

extension TileVisitor {
    /// How close a parent's pixel has to be to its four children.
    func parentRule(_ image: PixelImage) -> Agreement.Rule {
        if let values = image.values {
            // Integers are rounded or cut to one of the two beside the mean.
            let rule: (Double, Double) = values.isInteger ? (1, 1e-7) : (0, 1e-6)
            return subject.isMean
                ? .mean(absolute: rule.0, relative: rule.1) : .range(absolute: rule.0, relative: rule.1)
        }
        switch image.format {
        case .png:
            guard subject.drawsValues else {
                return subject.isMean
                    ? .mean(absolute: 1, relative: 0) : .range(absolute: 1, relative: 0)
            }
            // The level of a mean lies between the levels that were averaged, whatever the stretch; a colour
            // of a colour map need not lie between other colours of it.
            return image.planes.count == 1 ? .range(absolute: 1, relative: 0) : .overall
        default: return .overall
        }
    }

    /// How close a pixel of an Allsky has to be to those that it stands for: writers take their mean, or one.
    func allskyRule(_ image: PixelImage) -> Agreement.Rule {
        if let values = image.values {
            return .range(absolute: values.isInteger ? 1 : 0, relative: 1e-6)
        }
        guard image.format == .png, image.planes.count == 1 || !subject.drawsValues else { return .overall }
        return .range(absolute: 1, relative: 0)
    }

    /// The quarter of a parent in which a child lies: bit 0 of its number is x, which counts rows.
    private func quarter(_ index: Int) -> PixelArea {
        let half = subject.width / 2
        return PixelArea(row: (index & 1) * half, column: (index >> 1) * half, side: half)
    }

    /// How a tile and one of its children go together in one format.
    struct Relation {
        /// Which of the two fits the other once its rows and columns are swapped.
        enum Swap {
            case neither, child, parent, either
        }

        let format: TileFormat
        let child: Cell
        let swap: Swap
        let differences: String
    }

    /// Compares a tile with one of its children in every format.
    /// - Returns: what does not agree.
    func compare(
        _ cell: Cell, _ tiles: Tiles, _ index: Int, _ child: Cell, _ children: Tiles,
        _ promise: Subject.Promise
    ) -> [Relation] {
        guard subject.width >= 2 else { return [] }
        var relations: [Relation] = []
        for (format, parent) in tiles {
            guard let image = children[format] else {
                // What is promised or damaged has been told; here the parent alone says that it should be.
                if promise == .open { checkOpen(cell, parent, index, child, format) }
                continue
            }
            let rule = parentRule(parent)
            func agreement(_ parent: PixelImage, _ image: PixelImage) -> Agreement {
                Agreement(
                    parent, quarter(index), with: image, ratio: 2, rule: rule, isStrict: format == .fits)
            }
            let comparison = agreement(parent, image)
            guard !comparison.holds else { continue }
            let byChild = agreement(parent, image.transposed).holds
            let byParent = agreement(parent.transposed, image).holds
            let swap: Relation.Swap =
                byChild ? (byParent ? .either : .child) : (byParent ? .parent : .neither)
            relations.append(
                Relation(format: format, child: child, swap: swap, differences: comparison.differences))
        }
        return relations
    }

    /// Tells what does not agree between a tile and its children.
    ///
    /// A child on the diagonal (0 and 3) fits a swapped parent as well as it fits when it is swapped itself;
    /// the other two decide.
    func tell(_ relations: [Relation], of cell: Cell) {
        for format in Set(relations.map(\.format)) {
            let own = relations.filter { $0.format == format }
            let parentPath = cell.tilePath(format)
            let isParentSwapped = own.contains { $0.swap == .parent }
            if isParentSwapped {
                findings.add(
                    .tileTransposed, parentPath, found: "rows and columns as they would be swapped",
                    expected: "what its children show")
            }
            for relation in own {
                let childPath = relation.child.tilePath(format)
                switch relation.swap {
                case .parent: continue
                case .either where isParentSwapped: continue
                case .child, .either:
                    findings.add(
                        .tileTransposed, childPath, found: "rows and columns as they would be swapped",
                        expected: "what its parent \(parentPath) shows")
                case .neither:
                    findings.add(
                        .parentDiffers, parentPath, found: relation.differences,
                        expected: "the average of its child \(childPath)")
                }
            }
        }
    }

    /// A child that the coverage neither promises nor excludes must be there if its parent shows it.
    private func checkOpen(
        _ cell: Cell, _ parent: PixelImage, _ index: Int, _ child: Cell, _ format: TileFormat
    ) {
        let count = held(parent, quarter(index))
        guard count > 0 else { return }
        findings.add(
            .tileMissing, child.tilePath(format), found: "no tile that can be read",
            expected: "one, as its parent \(cell.tilePath(format)) has \(count) valid pixels there")
    }

    /// Where the coverage excludes a child, the parent must be blank.
    func checkEmpty(_ cell: Cell, _ tiles: Tiles, _ index: Int, _ child: Cell) {
        for (format, parent) in tiles {
            let count = held(parent, quarter(index))
            guard count > 0 else { continue }
            findings.add(
                .parentDiffers, cell.tilePath(format),
                found: "\(count) valid pixels where child \(child) lies",
                expected: "none, as the coverage does not meet \(child)")
        }
    }

    private func held(_ image: PixelImage, _ area: PixelArea) -> Int {
        guard image.knowsValidity else { return 0 }
        var count = 0
        for row in area.row..<(area.row + area.side) {
            for column in area.column..<(area.column + area.side)
            where image.surelyHolds(row * image.width + column) {
                count += 1
            }
        }
        return count
    }

    /// A tile that the coverage excludes must not be there; asked for where names cannot be listed.
    func checkExcluded(_ cell: Cell) throws(LintError) {
        for format in subject.formats {
            guard case .found = try reader.read(cell.tilePath(format), limit: 1 << 28) else { continue }
            findings.add(
                .tileExtra, cell.tilePath(format), found: "a tile",
                expected: "none, as the coverage does not meet cell \(cell)")
        }
    }
}
