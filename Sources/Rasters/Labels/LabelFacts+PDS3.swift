internal import GDAL
internal import Glibc

extension LabelFacts {
    /// A PDS3 label, attached or detached, or that of an ISIS 2 cube.
    /// - Parameters:
    ///   - columns: of the file.
    ///   - rows: of the file.
    ///   - type: as GDAL opens the samples.
    init(pds3 label: PVLLabel.Group, columns: Int, rows: Int, isISIS2: Bool, type: SampleType) {
        let image = label.group("IMAGE") ?? label.group("QUBE") ?? label.group("SPECTRAL_QUBE")
        let target = label.text("TARGET_NAME")
        if !isISIS2 { readPointer(label, type) }
        samplesRefusal = PDS3SampleType.refusal(label, image, isISIS2: isISIS2, opened: type)
        readSpecialValues(image, isISIS2: isISIS2, type)
        if let text = image?.text("UNIT") ?? image?.text("CORE_UNIT") {
            unit = Self.unitSymbol(text)
            believe(.unit, unit ?? text, from: "UNIT of the label")
        }
        readBandBin(label)
        guard let map = label.group("IMAGE_MAP_PROJECTION") else {
            isUnprojected = label.text("INSTRUMENT_ID") != nil || label.text("INSTRUMENT_NAME") != nil
            return
        }
        func size(_ first: String, _ last: String, _ own: Int) -> Int {
            guard let a = map.number(first), let b = map.number(last), b >= a, b - a < 1e9 else { return own }
            return Int(b - a) + 1
        }
        let projection = MapProjectionLabel(
            map: map, target: map.text("TARGET_NAME") ?? target,
            columns: size("SAMPLE_FIRST_PIXEL", "SAMPLE_LAST_PIXEL", columns),
            rows: size("LINE_FIRST_PIXEL", "LINE_LAST_PIXEL", rows))
        projection.read(into: &self)
        // As it is written: it may be a number that no integer holds.
        if let text = image?.text("LINES"), let stated = Double(text), stated != Double(rows) {
            warnings.append("the label says \(text) lines, GDAL finds \(rows)")
        }
    }

    /// The pointer to the samples, and what is known of the products of some instruments beside their labels.
    private mutating func readPointer(_ label: PVLLabel.Group, _ type: SampleType) {
        if let pointer = label.entry(anywhere: ["IMAGE", "QUBE", "SPECTRAL_QUBE"]),
            let name = pointer.values.first, name.contains("."), Double(name) == nil
        {
            samplesFile = (name, pointer.isQuoted)
        }
        let product = (label.text("DATA_SET_ID") ?? "") + " " + (label.text("INSTRUMENT_ID") ?? "")
        if noDataValues.isEmpty, type == .float32, product.uppercased().contains("CRISM") {
            noDataValues = [65535]
            believe(.noData, "65535", from: "the fill value of all CRISM products (CRISM Data Product SIS)")
        }
    }

    /// Wavelengths and filters of bands: `BAND_BIN` of PDS3 and ISIS 2, `BandBin` of ISIS 3.
    mutating func readBandBin(_ label: PVLLabel.Group) {
        guard let group = label.group("BANDBIN") ?? label.group("BAND_BIN") else { return }
        let centres = group.entry("CENTER", "BAND_BIN_CENTER", "CENTRE")
        let unit = group.text("BAND_BIN_UNIT")?.lowercased() ?? centres?.unit ?? ""
        let names = group.entry("FILTERNAME", "NAME", "BAND_BIN_FILTER_NAME", "FILTER_NAME")?.values ?? []
        let wavelengths = (centres?.values ?? []).map {
            Double($0) == nil ? "" : unit.isEmpty ? $0 : $0 + " " + unit
        }
        bandMeanings = (0..<max(wavelengths.count, names.count)).map { index in
            [wavelengths, names].compactMap { index < $0.count ? $0[index] : nil }.filter { !$0.isEmpty }
                .joined(separator: ", ")
        }
    }

    /// The property `MAP` of a VICAR label.
    init(vicar text: [UInt8], columns: Int, rows: Int) {
        // A VICAR label is KEYWORD=VALUE with blanks between, which reads as PVL; properties are not groups, but no
        // keyword of MAP stands in another one.
        let label = PVLLabel(text).root
        guard label.entry("MAP_PROJECTION_TYPE") != nil else {
            isUnprojected = label.entry("INSTRUMENT_ID", "INSTRUMENT_NAME") != nil
            return
        }
        let projection = MapProjectionLabel(
            map: label, target: label.text("TARGET_NAME"), columns: columns, rows: rows)
        projection.read(into: &self)
    }

    static func unitSymbol(_ text: String) -> String {
        switch text.uppercased() {
        case "METER", "METERS", "METRE", "METRES", "M": "m"
        case "KILOMETER", "KILOMETERS", "KILOMETRE", "KILOMETRES", "KM": "km"
        case "DEGREE", "DEGREES", "DEG": "deg"
        default: text
        }
    }

    /// Special values that an `IMAGE` or `QUBE` names; those of ISIS 2 are the same in every cube.
    private mutating func readSpecialValues(
        _ image: PVLLabel.Group?, isISIS2: Bool, _ type: SampleType
    ) {
        let keywords = [
            "MISSING_CONSTANT", "MISSING", "INVALID_CONSTANT", "INVALID", "NULL_CONSTANT",
            "NOT_APPLICABLE_CONSTANT",
            "CORE_NULL", "CORE_LOW_REPR_SATURATION", "CORE_LOW_INSTR_SATURATION", "CORE_HIGH_REPR_SATURATION",
            "CORE_HIGH_INSTR_SATURATION",
        ]
        var found: [String] = []
        for keyword in keywords {
            // Of a file of several bands there may be one for each.
            let values = (image?.entry(keyword)?.values ?? []).compactMap {
                SpecialConstant.value($0, type)
            }
            guard !values.isEmpty else { continue }
            found.append(keyword)
            for value in values where !noDataValues.contains(value) { noDataValues.append(value) }
        }
        if isISIS2, found.isEmpty {
            switch type.size {
            case 1: noDataValues = [0, 255]
            case 2: noDataValues = (0...4).map { Double(-32768 + $0) }
            default: noDataValues = (0...4).map { Double(Float(bitPattern: 0xFF7F_FFFB + UInt32($0))) }
            }
            believe(.noData, "NULL, LRS, LIS, HIS, HRS", from: "the special pixels of ISIS 2")
        } else if !found.isEmpty {
            let values = noDataValues.map { "\($0)" }.joined(separator: ", ")
            believe(.noData, values, from: found.joined(separator: ", ") + " of the label")
        }
    }
}

/// The cosine of an angle in degrees, exactly 1/2 at 60.
func cosineOfDegrees(_ degrees: Double) -> Double {
    abs(degrees) == 60 ? 0.5 : cos(degrees * .pi / 180)
}
