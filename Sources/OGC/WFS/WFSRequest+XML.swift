internal import XML

extension WFSRequest {
    /// Reads a request that came as a document (OGC 09-025r2, sections 7 to 14, and the same of earlier versions).
    ///
    /// Names count whatever their namespaces: clients of all three versions are understood.
    /// - Throws: an `OGCException` that names what was found and what was expected.
    init(_ root: XMLElement) throws(OGCException) {
        if let service = root.attribute("service"), service.uppercased() != "WFS" {
            throw .invalid("SERVICE", "is \(OGCException.quoted(service)); this is the address of a WFS")
        }
        if root.name == "GetCapabilities" {
            let versions = root.child("AcceptVersions")?.children.map(\.trimmedText)
            let sections = root.child("Sections")?.children.map(\.trimmedText)
            self = .capabilities(
                try WFSDocumentParameters(
                    version: root.attribute("version"), accepted: versions?.joined(separator: ","),
                    sections: sections?.joined(separator: ","),
                    updateSequence: root.attribute("updateSequence")))
            return
        }
        let version =
            try root.attribute("version").map { text throws(OGCException) in try WFSVersion.stated(text) }
            ?? .v200
        switch root.name {
        case "DescribeFeatureType":
            self = .describeFeatureType(
                root.children.filter { $0.name == "TypeName" }.map { PropertyName.local($0.trimmedText) },
                try Self.schemaFormat(root.attribute("outputFormat"), version))
        case "GetFeature":
            self = .features(try Self.features(root, version))
        case "GetPropertyValue" where version == .v200:
            guard let reference = root.attribute("valueReference"), !reference.isEmpty else {
                throw .missing("VALUEREFERENCE")
            }
            self = .values(try Self.features(root, version), reference: reference)
        case "ListStoredQueries" where version == .v200: self = .listStoredQueries
        case "DescribeStoredQueries" where version == .v200:
            self = .describeStoredQueries(
                root.children.filter { $0.name == "StoredQueryId" }.map(\.trimmedText))
        default: throw WFSWords.unknown(root.name)
        }
    }

    private static func features(
        _ root: XMLElement, _ version: WFSVersion
    ) throws(OGCException) -> WFSFeatureRequest {
        let format =
            try root.attribute("outputFormat").map { text throws(OGCException) in
                try WFSFormat(parameter: text, version: version)
            } ?? .gml(version.gml)
        try WFSWords.checkResolve(root.attribute("resolve"))
        let expressions = root.children.filter { ["Query", "StoredQuery"].contains($0.name) }
        guard !expressions.isEmpty else {
            throw OGCException(
                .operationParsingFailed, locator: root.name,
                "\(root.name) holds neither a Query nor a StoredQuery; one at least was expected.")
        }
        guard expressions.count <= WFSFeatureRequest.mostQueries else {
            throw OGCException(
                .operationProcessingFailed, locator: "Query",
                "\(root.name) has more than \(WFSFeatureRequest.mostQueries) queries.")
        }
        var isSingle = false
        var queries: [WFSQuery] = []
        for element in expressions {
            if element.name == "Query" {
                queries.append(try query(element))
            } else {
                guard let id = element.attribute("id") else { throw .missing("STOREDQUERY_ID") }
                guard featureByIDNames.contains(id) else { throw WFSWords.unknownStoredQuery(id) }
                let parameter = element.children.first {
                    $0.name == "Parameter" && $0.attribute("name")?.lowercased() == "id"
                }
                guard let text = parameter?.trimmedText, !text.isEmpty else { throw .missing("ID") }
                queries += WFSFeatureRequest.byID(text, format: format).queries
                isSingle = expressions.count == 1
            }
        }
        var request = WFSFeatureRequest(queries: queries, format: format)
        request.isSingle = isSingle
        request.count = try WFSWords.count(
            root.attribute("count") ?? root.attribute("maxFeatures"), "COUNT")
        request.start = try WFSWords.count(root.attribute("startIndex"), "STARTINDEX") ?? 0
        if version != .v100 { request.isHits = try WFSWords.isHits(root.attribute("resultType")) }
        return request
    }

    private static func query(_ element: XMLElement) throws(OGCException) -> WFSQuery {
        guard let text = element.attribute("typeNames") ?? element.attribute("typeName") else {
            throw .missing("TYPENAMES")
        }
        let types = text.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" }.map {
            PropertyName.local(String($0))
        }
        guard let type = types.first else { throw .missing("TYPENAMES") }
        guard types.count == 1 else {
            throw OGCException(
                .optionNotSupported, locator: "TYPENAMES",
                "A query names \(types.count) types, which is a join and not offered; write a Query for each type.",
                status: 501)
        }
        var query = WFSQuery(type: type)
        query.system = element.attribute("srsName").flatMap { $0.isEmpty ? nil : $0 }
        let names = element.children.filter { $0.name == "PropertyName" }.map(\.trimmedText)
        query.properties = names.contains { PropertyName.local($0) == "*" } ? [] : names
        let filters = element.children.filter { $0.name == "Filter" }
        guard filters.count <= 1 else {
            throw OGCException(
                .operationParsingFailed, locator: "Filter",
                "A query has \(filters.count) filters; one at most was expected.")
        }
        if let filter = filters.first { query.condition = .filter(filter) }
        for property in element.child("SortBy")?.children.filter({ $0.name == "SortProperty" }) ?? [] {
            guard let name = (property.child("ValueReference") ?? property.child("PropertyName"))?.trimmedText
            else { throw .missing("SORTBY") }
            let order = property.child("SortOrder")?.trimmedText
            query.order += try WFSRequest.order(
                name.split(separator: ",").joined() + " " + (order ?? "ASC"))
        }
        return query
    }
}
