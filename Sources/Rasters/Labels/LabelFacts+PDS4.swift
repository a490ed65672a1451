internal import GDAL
internal import PlanetaryFrames

extension LabelFacts {
    /// A PDS4 label: what its cartography dictionary says of latitudes and longitudes, and its special constants.
    ///
    /// The grid is GDAL's reading, which takes `upperleft_corner` for the corner of the first pixel, as the dictionary does.
    /// - Parameter type: as GDAL opens the samples.
    init(pds4 bytes: [UInt8], type: SampleType) {
        let text = XMLText(bytes)
        guard text.first("Cartography") != nil else {
            isUnprojected = text.first("Observing_System") != nil
            return
        }
        believe(
            .grid, "the corner of the first pixel",
            from: "upperleft_corner_x and upperleft_corner_y of the label")
        if let name = text.first("map_projection_name") {
            believe(.projection, name, from: "map_projection_name of the label")
        }
        if let kind = text.first("latitude_type") {
            latitudeKind = kind.lowercased().contains("graphic") ? .planetographic : .planetocentric
            believe(.latitudes, latitudeKind?.rawValue ?? kind, from: "latitude_type of the label")
        }
        if let direction = text.first("longitude_direction") {
            let isWest = direction.lowercased().contains("west")
            believe(
                .longitudes, "\(isWest ? "west" : "east")-positive in the label",
                from: "longitude_direction of the label")
            if isWest {
                refusal = (
                    "its longitudes are west-positive (longitude_direction), which programs write in different ways",
                    "say `extent:` and `longitude_sense: west` in a survey file"
                )
            }
        }
        let axes = ["a_axis_radius", "c_axis_radius"].map { text.first($0).flatMap { Double($0) } }
        if let a = axes[0], let c = axes[1], a > 0, c > 0 { axisRatio = c / a }
        if let body = text.first("target") ?? text.first("Target_Identification") {
            bodyName = body.isEmpty ? nil : body
        }
        let names = [
            "missing_constant", "invalid_constant", "error_constant", "not_applicable_constant",
            "unknown_constant",
            "saturated_constant", "high_instrument_saturation", "high_representation_saturation",
            "low_instrument_saturation", "low_representation_saturation",
        ]
        var found: [String] = []
        for name in names {
            guard let stated = text.first(name), let value = SpecialConstant.value(stated, type) else {
                continue
            }
            found.append(name)
            if SpecialConstant.isPattern(stated) { bitPatterns.append(value) }
            if !noDataValues.contains(value) { noDataValues.append(value) }
        }
        if !found.isEmpty {
            believe(
                .noData, noDataValues.map { "\($0)" }.joined(separator: ", "),
                from: found.joined(separator: ", ") + " of the label")
        }
        if let stated = text.first("unit"), !stated.isEmpty {
            unit = Self.unitSymbol(stated)
            believe(.unit, unit ?? stated, from: "unit of the label")
        }
    }
}

/// The texts of elements in a label in XML, without a model of the document: the labels hold each of the asked-for
/// elements once for the first array, and namespaces differ.
private struct XMLText {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The text of the first element with this local name, trimmed; empty for one that holds elements.
    func first(_ name: String) -> String? {
        let wanted = Array(name.utf8)
        var at = 0
        while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            var end = open + 1
            while end < bytes.count, Self.isName(bytes[end]) { end += 1 }
            var local = bytes[(open + 1)..<end]
            if let colon = local.lastIndex(of: UInt8(ascii: ":")) { local = local[(colon + 1)...] }
            at = max(end, open + 1)
            guard local.elementsEqual(wanted), let close = bytes[at...].firstIndex(of: UInt8(ascii: ">"))
            else {
                continue
            }
            if bytes[close - 1] == UInt8(ascii: "/") { return "" }
            let stop = bytes[close...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
            let text = String(decoding: bytes[(close + 1)..<stop], as: UTF8.self)
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return nil
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
