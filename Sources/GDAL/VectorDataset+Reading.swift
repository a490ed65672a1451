internal import CGDAL

extension VectorDataset {
    /// Reads the features of a layer one after the other; no more than one is in memory.
    /// - Parameters:
    ///   - index: of the layer, from 0.
    ///   - condition: a condition in OGR's SQL, such as `SA = 'ME'`; nil for all features.
    ///   - body: is handed each feature; what it throws ends the reading.
    /// - Throws: ``GDALError`` for a condition that cannot be understood and a file that cannot be read to its end.
    public func read(
        layer index: Int, where condition: String? = nil, _ body: (VectorFeature) throws -> Void
    ) throws {
        let layer = try layer(index)
        let fields = try layers()[index].fields
        if let condition {
            let (status, message) = capturingMessages { OGR_L_SetAttributeFilter(layer, condition) }
            guard status == OGRERR_NONE else {
                throw GDALError(operation: "select where \(condition)", path: path, message: message)
            }
        }
        defer { _ = capturingMessages { OGR_L_SetAttributeFilter(layer, nil) } }
        OGR_L_ResetReading(layer)
        while true {
            let (feature, message) = capturingMessages { () -> VectorFeature? in
                guard let feature = OGR_L_GetNextFeature(layer) else { return nil }
                defer { OGR_F_Destroy(feature) }
                return VectorFeature(
                    id: OGR_F_GetFID(feature),
                    geometry: OGR_F_GetGeometryRef(feature).flatMap { Self.binary($0) },
                    values: fields.indices.map { Self.value(feature, Int32($0), fields[$0].kind) })
            }
            guard let feature else {
                // A file that is cut short ends like one that is whole, but for what GDAL says.
                guard message.isEmpty else {
                    throw GDALError(operation: "read", path: path, message: message)
                }
                return
            }
            // A feature may come with a part missing, of which GDAL says why.
            guard message.isEmpty else {
                throw GDALError(operation: "read feature \(feature.id) of", path: path, message: message)
            }
            try body(feature)
        }
    }

    private static func binary(_ geometry: OGRGeometryH) -> [UInt8]? {
        if OGR_G_HasCurveGeometry(geometry, 1) != 0 {
            guard let straight = OGR_G_GetLinearGeometry(geometry, 0, nil) else { return nil }
            defer { OGR_G_DestroyGeometry(straight) }
            return VectorGeometry.binary(straight)
        }
        return VectorGeometry.binary(geometry)
    }

    private static func value(_ feature: OGRFeatureH, _ field: Int32, _ kind: VectorField.Kind) -> VectorValue
    {
        guard OGR_F_IsFieldSetAndNotNull(feature, field) != 0 else { return .null }
        switch kind {
        case .boolean, .integer: return .integer(OGR_F_GetFieldAsInteger64(feature, field))
        case .real: return .real(OGR_F_GetFieldAsDouble(feature, field))
        case .date, .time, .dateTime: return moment(feature, field, kind)
        case .binary:
            var count: Int32 = 0
            guard let bytes = OGR_F_GetFieldAsBinary(feature, field, &count) else { return .null }
            return .binary([UInt8](UnsafeBufferPointer(start: bytes, count: Int(count))))
        case .list: return .text(list(feature, field))
        case .text:
            return OGR_F_GetFieldAsString(feature, field).map { .text(String(cString: $0)) } ?? .null
        }
    }

    private static func moment(_ feature: OGRFeatureH, _ field: Int32, _ kind: VectorField.Kind)
        -> VectorValue
    {
        var (year, month, day, hour, minute, zone): (Int32, Int32, Int32, Int32, Int32, Int32) = (
            0, 0, 0, 0, 0, 0
        )
        var second: Float = 0
        let status = OGR_F_GetFieldAsDateTimeEx(
            feature, field, &year, &month, &day, &hour, &minute, &second, &zone)
        guard status != 0 else { return .null }
        var moment = CivilMoment(
            year: Int(year), month: Int(month), day: Int(day), hour: Int(hour), minute: Int(minute),
            milliseconds: Int((Double(second) * 1000).rounded()))
        switch kind {
        case .date: return .text(moment.dateText)
        case .time:
            // A time of day has no next day.
            if second < 60 { moment.milliseconds = min(moment.milliseconds, 59_999) }
            return .text(moment.timeText)
        default:
            // 100 is UTC, and a step a quarter of an hour; 0 and 1 are no known zone.
            if second < 60 { moment = moment.carried }
            let known = zone > 1 ? moment.moved(minutes: -15 * (Int(zone) - 100)) : moment
            return .text(known.dateText + "T" + known.timeText + "Z")
        }
    }

    private static func list(_ feature: OGRFeatureH, _ field: Int32) -> String {
        var count: Int32 = 0
        var items: [String] = []
        switch OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, field)) {
        case OFTIntegerList:
            let list = OGR_F_GetFieldAsIntegerList(feature, field, &count)
            items = UnsafeBufferPointer(start: list, count: Int(count)).map { "\($0)" }
        case OFTInteger64List:
            let list = OGR_F_GetFieldAsInteger64List(feature, field, &count)
            items = UnsafeBufferPointer(start: list, count: Int(count)).map { "\($0)" }
        case OFTRealList:
            let list = OGR_F_GetFieldAsDoubleList(feature, field, &count)
            items = UnsafeBufferPointer(start: list, count: Int(count)).map {
                $0.isFinite ? "\($0)" : "null"
            }
        default:
            let list = OGR_F_GetFieldAsStringList(feature, field)
            for index in 0..<Int(CSLCount(list)) {
                if let item = list?[index] { items.append(quoted(String(cString: item))) }
            }
        }
        return "[" + items.joined(separator: ",") + "]"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
