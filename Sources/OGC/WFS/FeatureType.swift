public import Features

/// A type of features: a layer of the body as the documents tell of it.
public struct FeatureType: Sendable {
    /// The layer.
    public let layer: FeatureLayer
    /// The columns of the answer, in the layer's order.
    let columns: [FeatureColumn]
    /// Their names in documents.
    let names: [String]
    /// Whether the geometry is part of the answer.
    let hasGeometry: Bool

    /// A type with all its properties.
    public init(_ layer: FeatureLayer) {
        self.init(layer, columns: layer.columns, hasGeometry: true)
    }

    private init(_ layer: FeatureLayer, columns: [FeatureColumn], hasGeometry: Bool) {
        self.layer = layer
        self.columns = columns
        self.hasGeometry = hasGeometry
        names = columns.map { PropertyName.encoded($0.name) }
    }

    /// The name without its prefix.
    var name: String { layer.name.name }
    /// The name for people.
    var title: String {
        let words = name.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The prefix of the names of types and properties.
    static let prefix = "tessera"
    /// The namespace of the types of a body.
    static func namespace(of body: String) -> String { "urn:x-tessera:" + body }

    /// The type with some of its properties; all of them for an empty list.
    /// - Throws: `InvalidParameterValue` for a name that is no property.
    func narrowed(to properties: [String]) throws(OGCException) -> FeatureType {
        guard !properties.isEmpty else { return self }
        var wanted: Set<String> = []
        var hasGeometry = false
        for reference in properties {
            switch PropertyName.local(reference) {
            case PropertyName.geometry: hasGeometry = true
            // Stands there anyway.
            case "boundedBy": break
            case "id" where reference.hasPrefix("@"), "@id": break
            default: wanted.insert(try column(reference, parameter: "PROPERTYNAME").name)
            }
        }
        return FeatureType(
            layer, columns: layer.columns.filter { wanted.contains($0.name) }, hasGeometry: hasGeometry)
    }

    /// The column of a property, by its name in documents or as the layer has it, with a prefix or without.
    func column(_ reference: String, parameter: String) throws(OGCException) -> FeatureColumn {
        let local = PropertyName.local(reference)
        let decoded = PropertyName.decoded(local)
        if let found = layer.columns.first(where: {
            $0.name == decoded || $0.name == local || $0.name == reference
        }) {
            return found
        }
        let known = layer.columns.prefix(40).map { PropertyName.encoded($0.name) }
        throw .invalid(
            parameter,
            "names \(OGCException.quoted(reference)), which is no property of \(name); it has "
                + ([PropertyName.geometry] + known).joined(separator: ", "))
    }

    /// The identifier of a feature in documents.
    func identifier(_ key: Int64) -> String { name + "." + String(key) }

    /// The type and the key in an identifier; nil for what can be none.
    static func parse(identifier: String) -> (type: String, key: Int64)? {
        guard let dot = identifier.lastIndex(of: "."),
            let key = Int64(identifier[identifier.index(after: dot)...]), key >= 0
        else { return nil }
        return (PropertyName.local(String(identifier[..<dot])), key)
    }
}

extension FeatureColumn {
    /// The type of its values in XML Schema (part 2).
    var schemaType: String {
        switch kind {
        case .integer: "long"
        case .real: "double"
        case .text: "string"
        case .boolean: "boolean"
        case .date: "date"
        case .dateTime: "dateTime"
        case .binary: "hexBinary"
        }
    }
}
