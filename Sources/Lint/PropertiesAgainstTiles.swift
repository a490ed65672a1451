internal import HiPS
internal import Tiles

/// What the properties say of the tiles as a whole, against the tiles.
enum PropertiesAgainstTiles {
    private static let path = "properties"

    /// `hips_nb_tiles`: writers count cells, or the files of all formats.
    static func checkCount(_ presence: PresenceCheck, _ subject: Subject, _ findings: inout Findings) {
        guard let text = subject.properties["hips_nb_tiles"], let stated = Int(text) else { return }
        let files = presence.files.values.reduce(0, +)
        guard stated != presence.cells, stated != files else { return }
        findings.add(
            .tileCount, path, found: "hips_nb_tiles = \(stated)",
            expected: files == presence.cells
                ? "\(files)" : "\(presence.cells) cells, or \(files) files in all formats")
    }

    static func check(
        _ total: Total, _ subject: Subject, isComplete: Bool, _ findings: inout Findings
    ) {
        if subject.properties["hips_pixel_bitpix"] == nil, total.bitpix.count > 1 {
            let kinds = total.bitpix.sorted { $0.value < $1.value }
            for (bitpix, path) in kinds.dropFirst() {
                findings.add(
                    .tileBitpix, path, found: "BITPIX = \(bitpix)",
                    expected: "\(kinds[0].key), as in \(kinds[0].value)")
            }
        }
        guard total.low <= total.high else { return }
        let (low, high) = (total.low, total.high)
        if let cut = subject.properties.pixelCut, isComplete, cut.low <= cut.high,
            cut.high < low || cut.low > high
        {
            findings.add(
                .cutOutside, path, found: "hips_pixel_cut = \(cut.low) \(cut.high)",
                expected: "limits that meet the values of the tiles, \(low) to \(high)")
        }
        guard let range = subject.properties.dataRange, range.low <= range.high else { return }
        guard let fault = rangeFault(range, low: low, high: high, isComplete: isComplete) else { return }
        findings.add(
            fault, path, found: "hips_data_range = \(range.low) \(range.high)",
            expected: isComplete
                ? "\(low) \(high), the values of the tiles"
                : "a range that holds \(low) \(high), the values of some tiles")
    }

    /// What is wrong with a stated range of values, if anything.
    /// - Parameter isComplete: whether `low` and `high` are those of all tiles.
    static func rangeFault(
        _ range: (low: Double, high: Double), low: Double, high: Double, isComplete: Bool
    ) -> FindingCode? {
        // Stored values become floats in the checks, so that the last digits do not count.
        let slack = 1e-6 * max(abs(low), abs(high), abs(range.low), abs(range.high))
        if range.high < low - slack || range.low > high + slack { return .rangeOutside }
        if range.low > low + slack || range.high < high - slack
            || (isComplete && range.high - range.low > 4 * (high - low) + slack)
        {
            return .rangeDiffers
        }
        return nil
    }
}
