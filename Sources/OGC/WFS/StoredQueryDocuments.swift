internal import XML

/// What is said of the stored queries: there is one, which every service has (OGC 09-025r2, section 14).
struct StoredQueryDocuments {
    let types: [FeatureType]
    let bodyPath: String

    private static let title = "Get feature by identifier"

    private func declarations() -> KeyValuePairs<String, String?> {
        [
            "xmlns:wfs": "http://www.opengis.net/wfs/2.0",
            "xmlns:tessera": FeatureType.namespace(of: bodyPath),
            "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": "http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd",
        ]
    }

    /// The answer to ListStoredQueries.
    var list: OGCAnswer {
        var writer = XMLWriter()
        writer.element("wfs:ListStoredQueriesResponse", declarations()) { writer in
            writer.element("wfs:StoredQuery", ["id": WFSRequest.featureByID]) { writer in
                writer.element("wfs:Title", text: Self.title)
                for type in types {
                    writer.element("wfs:ReturnFeatureType", text: FeatureType.prefix + ":" + type.name)
                }
            }
        }
        return OGCAnswer(mediaType: "text/xml", body: writer.bytes)
    }

    /// The answer to DescribeStoredQueries.
    var description: OGCAnswer {
        var writer = XMLWriter()
        writer.element("wfs:DescribeStoredQueriesResponse", declarations()) { writer in
            writer.element("wfs:StoredQueryDescription", ["id": WFSRequest.featureByID]) { writer in
                writer.element("wfs:Title", text: Self.title)
                writer.element(
                    "wfs:Abstract", text: "The feature of an identifier, such as \(types[0].name).1.")
                writer.element("wfs:Parameter", ["name": "id", "type": "xsd:string"])
                writer.element(
                    "wfs:QueryExpressionText",
                    [
                        "isPrivate": "true",
                        "language": "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression",
                        "returnFeatureTypes": types.map { FeatureType.prefix + ":" + $0.name }.joined(
                            separator: " "),
                    ])
            }
        }
        return OGCAnswer(mediaType: "text/xml", body: writer.bytes)
    }
}
