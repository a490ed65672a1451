internal import Features
internal import XML

/// The schema of some types of a body (OGC 09-025r2, section 9.3).
struct FeatureTypeSchema {
    let body: String
    let types: [FeatureType]
    let gml: GMLVersion

    /// The document.
    var document: [UInt8] {
        let namespace = FeatureType.namespace(of: body)
        let prefix = FeatureType.prefix
        var writer = XMLWriter()
        writer.element(
            "xsd:schema",
            [
                "targetNamespace": namespace, "elementFormDefault": "qualified", "version": "1.0",
                "xmlns:xsd": "http://www.w3.org/2001/XMLSchema", "xmlns:gml": gml.namespace,
                "xmlns:tessera": namespace,
            ]
        ) { writer in
            writer.element(
                "xsd:import", ["namespace": gml.namespace, "schemaLocation": gml.schemaLocation])
            for type in types {
                writer.element(
                    "xsd:element",
                    [
                        "name": type.name, "type": "\(prefix):\(type.name)Type",
                        "substitutionGroup": gml == .v321 ? "gml:AbstractFeature" : "gml:_Feature",
                    ])
                writer.element("xsd:complexType", ["name": type.name + "Type"]) { writer in
                    writer.element("xsd:complexContent") { writer in
                        writer.element("xsd:extension", ["base": "gml:AbstractFeatureType"]) { writer in
                            writer.element("xsd:sequence") { properties(of: type, &$0) }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func properties(of type: FeatureType, _ writer: inout XMLWriter) {
        writer.element(
            "xsd:element",
            [
                "name": PropertyName.geometry,
                "type": "gml:" + gml.propertyType(type.layer.geometryType), "minOccurs": "0",
            ])
        for (column, name) in zip(type.columns, type.names) {
            writer.element(
                "xsd:element",
                ["name": name, "type": "xsd:" + column.schemaType, "minOccurs": "0"]
            ) { writer in
                let facts = [
                    name == column.name ? nil : "Column \(column.name).", column.unit.map { "Unit: \($0)." },
                ].compactMap { $0 }
                guard !facts.isEmpty else { return }
                writer.element("xsd:annotation") {
                    $0.element("xsd:documentation", text: facts.joined(separator: " "))
                }
            }
        }
    }
}
