internal import Features
internal import XML

/// The addresses of further pages: a request for features in key-value pairs, which any client can fetch (OGC 09-025r2, 7.7.4.4),
/// whichever way it came.
struct PageLink {
    let service: WebFeatureService
    let version: WFSVersion
    /// What of the features is wanted; nil for whole features.
    let reference: String?

    /// Longer addresses are not given: the server takes request lines of 80 kB, and the proxies in front of it are told to.
    static let longest = 1 << 16

    /// The address of the same request for another page; nil for one that is too long for an address.
    func address(
        _ request: WFSFeatureRequest, start: Int, count: Int
    ) throws(OGCException) -> String? {
        let repeated = if let query = request.pageQuery { query } else { try query(request) }
        guard let query = repeated else { return nil }
        let address = "\(service.address)?\(query)&STARTINDEX=\(start)&COUNT=\(count)"
        return address.utf8.count <= Self.longest ? address : nil
    }

    /// A document as key-value pairs, without what tells its pages apart; nil where no query can find anything.
    private func query(_ request: WFSFeatureRequest) throws(OGCException) -> String? {
        var types: [String] = []
        var (filters, systems, properties, orders) = ([String?](), [String?](), [String?](), [String?]())
        for query in request.queries {
            guard let (type, filter) = try subject(query) else { continue }
            types.append(FeatureType.prefix + ":" + type.name)
            filters.append(filter)
            systems.append(query.system)
            // Where one of them is asked for by itself, others are of no use.
            let isNamed = reference == nil && !query.properties.isEmpty
            properties.append(isNamed ? try names(of: query, type) : nil)
            orders.append(query.order.isEmpty ? nil : try order(of: query, type))
        }
        guard !types.isEmpty else { return nil }
        let namespace = FeatureType.namespace(of: service.bodyPath)
        var pairs: [(String, String?)] = [
            ("SERVICE", "WFS"), ("VERSION", version.rawValue),
            ("REQUEST", reference == nil ? "GetFeature" : "GetPropertyValue"),
            ("NAMESPACES", "xmlns(\(FeatureType.prefix),\(namespace))"),
            ("TYPENAMES", Self.list(types, areTypes: true)),
            ("VALUEREFERENCE", reference), ("PROPERTYNAME", Self.list(properties)),
            ("FILTER", Self.list(filters)), ("SRSNAME", Self.list(systems)), ("SORTBY", Self.list(orders)),
        ]
        if request.format != .gml(version.gml) { pairs.append(("OUTPUTFORMAT", request.format.name)) }
        return pairs.compactMap { name, value in value.map { name + "=" + URLText.escaped($0) } }
            .joined(separator: "&")
    }

    /// The type and the filter of a query; nil for one that can find nothing.
    private func subject(_ query: WFSQuery) throws(OGCException) -> (FeatureType, filter: String?)? {
        var filter: String?
        switch query.condition {
        case .filter(let element): filter = FilterText(element).text
        case .filterText(let text): filter = text
        // Boxes come in addresses alone, which are repeated as they were.
        case .none, .box: break
        case .identifiers(let names):
            guard let name = names.first, let (type, key) = FeatureType.parse(identifier: name),
                let layer = service.layers.first(where: { $0.name.name == type })
            else { return nil }
            let found = FeatureType(layer)
            return (
                found,
                "<Filter xmlns=\"http://www.opengis.net/fes/2.0\"><ResourceId rid=\"\(found.identifier(key))\"/></Filter>"
            )
        }
        guard let name = query.type else { return nil }
        return (try service.type(name, parameter: "TYPENAMES"), filter)
    }

    private func names(of query: WFSQuery, _ type: FeatureType) throws(OGCException) -> String {
        let chosen = try type.narrowed(to: query.properties)
        let names = (chosen.hasGeometry ? [PropertyName.geometry] : []) + chosen.names
        // Identifiers stand there anyway; no name at all would stand for every property.
        return names.isEmpty ? "@gml:id" : names.joined(separator: ",")
    }

    private func order(of query: WFSQuery, _ type: FeatureType) throws(OGCException) -> String {
        var words: [String] = []
        for (name, isDescending) in query.order {
            let field =
                FeatureQuestion.keyNames.contains(name)
                ? name : PropertyName.encoded(try type.column(name, parameter: "SORTBY").name)
            words.append(field + (isDescending ? " DESC" : ""))
        }
        return words.joined(separator: ",")
    }

    /// The values of all queries in parentheses, or the one value that all of them have; nil where none has one.
    /// - Parameter areTypes: whether each of them stands for a query, so that none is left out.
    private static func list(_ values: [String?], areTypes: Bool = false) -> String? {
        guard values.contains(where: { $0 != nil }), let first = values.first else { return nil }
        if values.count == 1 || !areTypes && values.allSatisfy({ $0 == first }) { return first }
        return values.map { "(" + ($0 ?? "") + ")" }.joined()
    }
}

/// A filter of a document in the fewest letters that say the same, as an address holds it.
struct FilterText {
    private var bytes = ByteText()

    init(_ filter: XMLElement) { write(filter, inside: nil) }

    var text: String { String(decoding: bytes.bytes, as: UTF8.self) }

    private mutating func write(_ element: XMLElement, inside namespace: String?) {
        bytes.raw("<" + element.name)
        if element.namespace != namespace { attribute("xmlns", element.namespace ?? "") }
        for (index, known) in element.attributes.enumerated() {
            switch known.namespace {
            case nil: attribute(known.name, known.value)
            case "http://www.w3.org/XML/1998/namespace": attribute("xml:" + known.name, known.value)
            case let other?:
                attribute("xmlns:a\(index)", other)
                attribute("a\(index):" + known.name, known.value)
            }
        }
        // Blanks between elements say nothing.
        let text = element.children.isEmpty ? element.text : element.trimmedText
        guard !text.isEmpty || !element.children.isEmpty else {
            bytes.raw("/>")
            return
        }
        bytes.byte(">")
        // Filters of several queries are set apart by parentheses.
        for (index, piece) in text.split(separator: "(", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { bytes.raw("&#40;") }
            bytes.xml(String(piece))
        }
        for child in element.children { write(child, inside: element.namespace) }
        bytes.raw("</\(element.name)>")
    }

    private mutating func attribute(_ name: String, _ value: String) {
        bytes.raw(" \(name)=\"")
        bytes.xml(value)
        bytes.raw("\"")
    }
}
