internal import Maps

/// What readers of TIFF files want to know of an answer.
extension CoveragePlan {
    /// Whether the bands are red, green and blue, with or without opacity.
    var isColour: Bool { bands.prefix(3).map { coverage.bands[$0].name } == ["red", "green", "blue"] }

    /// The place of the opacity among the bands of the answer: behind one band or behind red, green and blue.
    ///
    /// Anywhere else it is a band like others, for readers look for it there.
    var alpha: Int? {
        guard bands.count == 2 || (bands.count == 4 && isColour) else { return nil }
        let names = bands.map { coverage.bands[$0].name }
        return names.firstIndex(of: "alpha") == bands.count - 1 ? bands.count - 1 : nil
    }

    /// The value that stands for no data in all bands; TIFF files have room for one, and none where the bands differ.
    var noData: Double? {
        let values = bands.map { coverage.bands[$0].nilValues.first }
        guard let value = values[0], values.allSatisfy({ $0 == value || ($0?.isNaN == true && value.isNaN) })
        else { return nil }
        return value
    }

    /// `nan`, or the number without needless digits, as GDAL's tag 42113 has it.
    var noDataText: String? {
        noData.map { $0.isNaN ? "nan" : ($0 == $0.rounded() && abs($0) < 1e15 ? "\(Int64($0))" : "\($0)") }
    }

    /// Items of the file beside those of its bands.
    var metadata: [(key: String, value: String)] {
        var items = [("TITLE", coverage.title)]
        if let vertical = coverage.vertical { items.append(("VERTICAL_REFERENCE", vertical)) }
        return items
    }

    /// GDAL's metadata of the bands (tag 42112): descriptions, units, scales.
    var metadataXML: String {
        var xml = "<GDALMetadata>\n"
        func item(_ name: String, _ value: String, sample: Int? = nil, role: String? = nil) {
            let place = sample.map { " sample=\"\($0)\"" } ?? ""
            xml += "  <Item name=\"\(name)\"\(place)\(role.map { " role=\"\($0)\"" } ?? "")>"
            xml += Self.escaped(value) + "</Item>\n"
        }
        for (key, value) in metadata { item(key, value) }
        for (index, number) in bands.enumerated() {
            let band = coverage.bands[number]
            item("DESCRIPTION", band.name, sample: index, role: "description")
            if band.description != band.name { item("MEANING", band.description, sample: index) }
            if let unit = band.unit { item("UNITTYPE", unit, sample: index, role: "unittype") }
            if !band.isUnscaled {
                item("OFFSET", "\(band.offset)", sample: index, role: "offset")
                item("SCALE", "\(band.scale)", sample: index, role: "scale")
            }
        }
        return xml + "</GDALMetadata>\n"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 32: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension CoverageMaker {
    func tiff(
        _ plan: CoveragePlan, _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> CoverageProduct {
        let keys = try keys.keys(of: plan.crs)
        if plan.format.isSpooled { return try spooledTIFF(plan, keys, cancelled) }
        let header = TIFFHeader(plan, keys)
        let pieces = StripPieces(
            head: header.bytes, strips: try strips(plan, cancelled), layout: plan.layout, bands: plan.bands)
        return CoverageProduct(
            mediaType: plan.format.kind.mediaType, fileName: plan.fileName, width: plan.grid.width,
            height: plan.grid.height, byteCount: header.fileSize, pieces: pieces)
    }
}

extension CoveragePlan {
    /// A name for the client's disk: letters, digits, `-`, `_` and `.` of the identifier.
    var fileName: String {
        let name = coverage.identifier.map { character in
            character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
                ? character : "_"
        }
        return String(name) + "." + format.kind.fileExtension
    }
}

/// A head, then samples from the uppermost row to the lowest.
struct StripPieces: CoveragePieces {
    private var head: [UInt8]?
    private var strips: any CoverageStrips
    private let layout: StripLayout
    private let bands: [Int]
    private var row = 0

    init(head: [UInt8], strips: any CoverageStrips, layout: StripLayout, bands: [Int]) {
        self.head = head
        self.strips = strips
        self.layout = layout
        self.bands = bands
    }

    mutating func next() throws(CoverageError) -> [UInt8]? {
        guard row < layout.rows else { return nil }
        let rows = layout.strip(of: row)
        row = rows.upperBound
        let samples = try strips.samples(rows: rows, bands: bands)
        // Before the last bytes, without which nobody takes the answer for whole.
        if row == layout.rows { try strips.finish() }
        guard let head else { return samples }
        self.head = nil
        return head + samples
    }
}
