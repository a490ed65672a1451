extension WFSRequest {
    /// Reads a request in key-value pairs (OGC 09-025r2, section 6.2; OGC 04-094, section 14; OGC 02-058, section 13).
    /// - Parameter raw: the part of the address after the question mark.
    /// - Throws: an `OGCException` that names the parameter, what was found and what was expected.
    init(_ query: KVPQuery, raw: String) throws(OGCException) {
        let operation = try query.required("REQUEST")
        // GetCapabilities of a planet's address is meant for this service, said or not.
        let isCapabilities = operation.lowercased() == "getcapabilities"
        if let service = try query.optional("SERVICE") {
            guard service.uppercased() == "WFS" else {
                throw .invalid(
                    "SERVICE", "is \(OGCException.quoted(service)); this is the address of a WFS")
            }
        } else {
            throw .missing("SERVICE")
        }
        if isCapabilities {
            self = .capabilities(
                try WFSDocumentParameters(
                    version: try query.optional("VERSION"), accepted: try query.optional("ACCEPTVERSIONS"),
                    sections: try query.optional("SECTIONS"),
                    updateSequence: try query.optional("UPDATESEQUENCE")))
            return
        }
        let version =
            try query.optional("VERSION").map { text throws(OGCException) in try WFSVersion.stated(text) }
            ?? .v200
        switch operation.lowercased() {
        case "describefeaturetype":
            let names = try query.either("TYPENAMES", "TYPENAME")
            self = .describeFeatureType(
                names.map { Self.lists($0).flatMap { $0 } } ?? [],
                try Self.schemaFormat(try query.optional("OUTPUTFORMAT"), version))
        case "getfeature":
            self = .features(try Self.features(query, version, raw))
        case "getpropertyvalue" where version == .v200:
            let reference = try query.required("VALUEREFERENCE")
            self = .values(try Self.features(query, version, raw), reference: reference)
        case "liststoredqueries" where version == .v200: self = .listStoredQueries
        case "describestoredqueries" where version == .v200:
            let names = try query.optional("STOREDQUERY_ID")
            self = .describeStoredQueries(names.map { $0.split(separator: ",").map(String.init) } ?? [])
        default: throw WFSWords.unknown(operation)
        }
    }

    /// The form of GML that a schema is for.
    static func schemaFormat(_ text: String?, _ version: WFSVersion) throws(OGCException) -> WFSFormat {
        guard let text else { return .gml(version.gml) }
        let format = try WFSFormat(parameter: text, version: version)
        guard case .gml = format else {
            throw .invalid(
                "OUTPUTFORMAT",
                "is \(OGCException.quoted(text)); schemas are written for GML alone: "
                    + GMLVersion.allCases.map { WFSFormat.gml($0).name }.joined(separator: ", "))
        }
        return format
    }

    private static func features(
        _ query: KVPQuery, _ version: WFSVersion, _ raw: String
    ) throws(OGCException) -> WFSFeatureRequest {
        let format =
            try query.optional("OUTPUTFORMAT").map { text throws(OGCException) in
                try WFSFormat(parameter: text, version: version)
            } ?? .gml(version.gml)
        try WFSWords.checkResolve(try query.optional("RESOLVE"))
        if let id = try query.optional("STOREDQUERY_ID") {
            guard featureByIDNames.contains(id) else { throw WFSWords.unknownStoredQuery(id) }
            return .byID(try query.required("ID"), format: format)
        }
        var request = WFSFeatureRequest(queries: try queries(query, version), format: format)
        // Each version's word, and the other's, since clients mix them.
        request.count = try WFSWords.count(try query.either("COUNT", "MAXFEATURES"), "COUNT")
        request.start = try WFSWords.count(try query.optional("STARTINDEX"), "STARTINDEX") ?? 0
        // The first version has no such parameter.
        if version != .v100 { request.isHits = try WFSWords.isHits(try query.optional("RESULTTYPE")) }
        request.pageQuery = pageQuery(raw)
        return request
    }

    private static func queries(
        _ query: KVPQuery, _ version: WFSVersion
    ) throws(OGCException) -> [WFSQuery] {
        let identifiers = try query.either("RESOURCEID", "FEATUREID")
        let filters = try query.optional("FILTER")
        let box = try query.optional("BBOX")
        let conditions = [("RESOURCEID", identifiers), ("FILTER", filters), ("BBOX", box)].filter {
            $0.1 != nil
        }
        guard conditions.count <= 1 else {
            throw .invalid(
                conditions[1].0,
                "stands beside \(conditions[0].0); of RESOURCEID, FILTER and BBOX a request has one at most")
        }
        var types: [String?] = []
        if let text = try query.either("TYPENAMES", "TYPENAME") {
            let groups = lists(text)
            // With the second version names with a comma between them are a join (OGC 09-025r2, 7.9.2.4.2).
            if version == .v200, groups.contains(where: { $0.count > 1 }) {
                throw OGCException(
                    .optionNotSupported, locator: "TYPENAMES",
                    "TYPENAMES asks for a join of types, which is not offered; several queries are written (a)(b).",
                    status: 501)
            }
            types = groups.flatMap { $0 }
        } else if identifiers != nil {
            types = [nil]
        } else {
            throw .missing(version == .v200 ? "TYPENAMES" : "TYPENAME")
        }
        guard !types.isEmpty else { throw .missing(version == .v200 ? "TYPENAMES" : "TYPENAME") }
        guard types.count <= WFSFeatureRequest.mostQueries else {
            throw .invalid(
                "TYPENAMES", "asks for more than \(WFSFeatureRequest.mostQueries) types at once")
        }
        var queries = types.map { WFSQuery(type: $0) }
        func spread(
            _ text: String?, _ name: String, _ split: (String) -> [String] = Self.parts
        ) throws(OGCException) -> [String]? {
            guard let text else { return nil }
            let parts = split(text)
            guard parts.count == 1 || parts.count == queries.count else {
                throw .invalid(
                    name, "has \(parts.count) parts in parentheses for \(queries.count) types")
            }
            return parts.count == 1
                ? Array(repeating: parts[0], count: queries.count) : parts
        }
        let systems = try spread(try query.optional("SRSNAME"), "SRSNAME")
        let properties = try spread(try query.optional("PROPERTYNAME"), "PROPERTYNAME")
        let orders = try spread(try query.optional("SORTBY"), "SORTBY")
        let conditionsOfTypes = try spread(filters, "FILTER", Self.filters)
        for index in queries.indices {
            // Nothing between two parentheses is nothing said.
            if let name = systems?[index], !name.isEmpty { queries[index].system = name }
            if let list = properties?[index] { queries[index].properties = names(list) }
            if let list = orders?[index] { queries[index].order = try order(list) }
            if let text = conditionsOfTypes?[index], !text.isEmpty {
                queries[index].condition = .filterText(text)
            }
            if let box { queries[index].condition = .box(box) }
            if let identifiers {
                let list = identifiers.split(separator: ",").map { String($0.filter { $0 != " " }) }
                guard list.count <= WFSFeatureRequest.mostIdentifiers else {
                    throw .invalid(
                        "RESOURCEID",
                        "names \(list.count) features; at most \(WFSFeatureRequest.mostIdentifiers) were expected"
                    )
                }
                queries[index].condition = .identifiers(list)
            }
        }
        return queries
    }

    /// Names with commas between them; none where all are asked for.
    static func names(_ list: String) -> [String] {
        let names = list.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
        return names.contains("*") ? [] : names
    }

    /// What features are sorted by: `a DESC,b ASC`, with one letter as well.
    static func order(_ list: String) throws(OGCException) -> [(property: String, isDescending: Bool)] {
        var order: [(property: String, isDescending: Bool)] = []
        for part in list.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            guard let name = words.first, words.count <= 2 else {
                throw .invalid(
                    "SORTBY",
                    "is \(OGCException.quoted(list)); names such as diameter DESC,name were expected")
            }
            switch words.count == 2 ? words[1].uppercased() : "ASC" {
            case "ASC", "A": order.append((name, false))
            case "DESC", "D": order.append((name, true))
            default:
                throw .invalid(
                    "SORTBY", "has \(OGCException.quoted(words[1])) behind a name; ASC or DESC was expected")
            }
        }
        guard order.count <= 16 else { throw .invalid("SORTBY", "names more than 16 properties") }
        return order
    }

    /// The parts in parentheses, or the whole when there are none.
    static func parts(_ text: String) -> [String] {
        guard text.hasPrefix("("), text.hasSuffix(")") else { return [text] }
        return text.dropFirst().dropLast().split(separator: ")(", omittingEmptySubsequences: false).map(
            String.init)
    }

    /// The filters in parentheses, or the whole when there are none. Literals may hold parentheses of their own, so that a
    /// filter ends behind its last tag alone, or where nothing stands in it.
    static func filters(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        guard bytes.count > 1, bytes.first == UInt8(ascii: "("), bytes.last == UInt8(ascii: ")") else {
            return [text]
        }
        var filters: [String] = []
        var start = 1
        for gap in bytes.indices.dropFirst().dropLast(2)
        where bytes[gap] == UInt8(ascii: ")") && bytes[gap + 1] == UInt8(ascii: "(") {
            guard start == gap || endsFilter(bytes[start..<gap]) else { continue }
            filters.append(String(decoding: bytes[start..<gap], as: UTF8.self))
            start = gap + 2
        }
        return filters + [String(decoding: bytes[start..<bytes.count - 1], as: UTF8.self)]
    }

    /// Whether a text ends with the last tag of a filter: `</Filter>`, with a prefix or without, and with the blanks that XML allows.
    private static func endsFilter(_ text: ArraySlice<UInt8>) -> Bool {
        func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            text.prefix(through: text.lastIndex { $0 > 0x20 } ?? text.startIndex - 1)
        }
        let whole = trimmed(text)
        guard whole.last == UInt8(ascii: ">") else { return false }
        let tag = trimmed(whole.dropLast())
        guard tag.suffix(6).elementsEqual("Filter".utf8),
            let start = tag.lastIndex(where: { $0 <= 0x20 || "<>()".utf8.contains($0) }),
            tag[start...].starts(with: "</".utf8)
        else { return false }
        let prefix = tag[start...].dropFirst(2).dropLast(6)
        return prefix.isEmpty
            || prefix.count > 1 && prefix.firstIndex(of: UInt8(ascii: ":")) == prefix.endIndex - 1
    }

    /// Names in parentheses, and commas between them, without prefixes.
    static func lists(_ text: String) -> [[String]] {
        parts(text).map { part in
            part.split(separator: ",").map { PropertyName.local($0.trimmed) }.filter { !$0.isEmpty }
        }.filter { !$0.isEmpty }
    }

    /// An address's query without the parameters that tell pages apart.
    private static func pageQuery(_ raw: String) -> String {
        let kept = raw.split(separator: "&").filter { part in
            let name = part.prefix { $0 != "=" }.uppercased()
            return !["STARTINDEX", "COUNT", "MAXFEATURES"].contains(name)
        }.joined(separator: "&")
        // Forms may hold what no address does.
        return URLText.escapingWhatNoAddressHolds(kept)
    }
}

extension KVPQuery {
    /// The value of the first of two parameters that is there.
    fileprivate func either(_ name: String, _ other: String) throws(OGCException) -> String? {
        if let value = try optional(name) { return value }
        return try optional(other)
    }
}

extension StringProtocol {
    /// The text without blanks at its ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = {
            $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n"
        }
        let start = firstIndex { !isBlank($0) } ?? endIndex
        let end = lastIndex { !isBlank($0) }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
