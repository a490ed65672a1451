internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// Works out the keys of `properties` that follow from the tiles, and leaves alone what is not wrong.
struct RepairProperties {
    private(set) var properties: HiPSProperties
    /// What was changed, in words.
    private(set) var changes: [String] = []
    /// What cannot be known.
    private(set) var underivable: [RepairReport.Entry] = []

    init(_ properties: HiPSProperties) {
        self.properties = properties
    }

    /// What the tiles say.
    struct Facts {
        var shape: RepairShape
        var leaves: RepairLeaves
        var moc: MOC
        /// Cells of the stated orders and formats that have a tile.
        var tileCells: Int
        /// Files of the tiles.
        var tileFiles: Int
        var kilobytes: Int
    }

    mutating func derive(_ facts: Facts) {
        let shape = facts.shape
        if properties["dataproduct_type"]?.isEmpty ?? true { set("dataproduct_type", "image") }
        fill("hips_version", "1.4")
        settle("hips_order", shape.order.description)
        settle("hips_order_min", shape.orderMin.description)
        settle("hips_tile_width", String(shape.width), absent: "512")
        if properties.formats != shape.formats || !isWellFormed("hips_tile_format") {
            set("hips_tile_format", shape.formats.map(\.propertyWord).joined(separator: " "))
        }
        deriveBody()
        if facts.leaves.bitpix.count == 1, let bitpix = facts.leaves.bitpix.first {
            settle("hips_pixel_bitpix", String(bitpix))
        }
        deriveRange(facts.leaves)
        settle("moc_order", facts.moc.order.description)
        deriveFraction(facts.moc)
        fillWhere("hips_nb_tiles", String(facts.tileCells)) {
            Int($0) == facts.tileCells || Int($0) == facts.tileFiles
        }
        fillWhere("hips_estsize", String(facts.kilobytes)) { text in
            // It is an estimate: only what is far off is wrong.
            Int(text).map { abs($0 - facts.kilobytes) * 10 <= max(10, facts.kilobytes) } ?? false
        }
        tellUnderivable(facts.leaves)
    }

    // MARK: - Keys

    private mutating func deriveBody() {
        if properties.frame?.isEmpty ?? true, let body = properties.body, !body.isEmpty {
            set("hips_frame", body.lowercased())
        }
        guard let frame = properties.frame?.lowercased(), !frame.isEmpty,
            !PropertiesCheck.skyFrames.contains(frame)
        else { return }
        if properties.body?.isEmpty ?? true {
            set("hips_body", frame)
        } else if let body = properties.body, body != body.lowercased() {
            set("hips_body", body.lowercased())
        }
    }

    private mutating func deriveRange(_ leaves: RepairLeaves) {
        guard leaves.low <= leaves.high else { return }
        if isWellFormed("hips_data_range"), let range = properties.dataRange,
            PropertiesAgainstTiles.rangeFault(range, low: leaves.low, high: leaves.high, isComplete: true)
                == nil
        {
            return
        }
        var values = HiPSProperties()
        values.dataRange = (leaves.low, leaves.high)
        if let text = values["hips_data_range"] { set("hips_data_range", text) }
    }

    private mutating func deriveFraction(_ moc: MOC) {
        let isRight = properties["moc_sky_fraction"].map { SubjectReader.isFraction($0, of: moc) } ?? false
        if !isRight { set("moc_sky_fraction", String(moc.coverageFraction)) }
    }

    private mutating func tellUnderivable(_ leaves: RepairLeaves) {
        for key in KeySyntax.mandatory where properties[key]?.isEmpty ?? true {
            tell("\(key) is missing, and nothing else says what it should be")
        }
        for pair in properties.pairs {
            guard let syntax = KeySyntax.known[pair.key], !pair.value.isEmpty, !syntax.accepts(pair.value)
            else { continue }
            tell("\(pair.key) = \(PropertiesCheck.short(pair.value)) is not \(syntax.expected)")
        }
        if let frame = properties.frame?.lowercased(), let body = properties.body?.lowercased(),
            !body.isEmpty,
            frame != body
        {
            tell("hips_frame = \(frame) and hips_body = \(body): which of them is right cannot be told")
        }
        if let cut = properties.pixelCut, leaves.low <= leaves.high,
            cut.high < leaves.low || cut.low > leaves.high
        {
            tell("hips_pixel_cut shows none of the values, and how they should be shown is a choice")
        }
        if leaves.bitpix.count > 1 {
            tell("FITS tiles of BITPIX \(leaves.bitpix.sorted().map(String.init).joined(separator: " and "))")
        }
    }

    private mutating func tell(_ text: String) {
        underivable.append(.init(path: PropertiesCheck.path, text: text))
    }

    // MARK: - Values

    private func isWellFormed(_ key: String) -> Bool {
        guard let value = properties[key], !value.isEmpty else { return false }
        return KeySyntax.known[key]?.accepts(value) ?? true
    }

    private mutating func set(_ key: String, _ value: String) {
        let before = properties[key].map {
            " instead of \($0.isEmpty ? "nothing" : PropertiesCheck.short($0))"
        }
        changes.append("\(key) = \(value)" + (before ?? ", which was missing"))
        properties[key] = value
    }

    /// Sets a whole number where it differs.
    /// - Parameter absent: what the key means where it is absent.
    private mutating func settle(_ key: String, _ value: String, absent: String? = nil) {
        if (properties[key] ?? absent) != value { set(key, value) }
    }

    /// Sets a key that is missing or malformed.
    private mutating func fill(_ key: String, _ value: String) {
        if !isWellFormed(key) { set(key, value) }
    }

    /// Sets a key that is missing or whose value is not right.
    private mutating func fillWhere(_ key: String, _ value: String, isRight: (String) -> Bool) {
        guard let present = properties[key], !present.isEmpty else {
            set(key, value)
            return
        }
        if !isRight(present) { set(key, value) }
    }
}
