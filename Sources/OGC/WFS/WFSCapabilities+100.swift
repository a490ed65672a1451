internal import Features
internal import XML

// The document of the first version (OGC 02-058, section 12.3), which knows neither sections nor other systems.
extension WFSCapabilities {
    func document100(_ writer: inout XMLWriter) {
        writer.element(
            "WFS_Capabilities",
            [
                "version": "1.0.0", "updateSequence": String(updateSequence),
                "xmlns": "http://www.opengis.net/wfs", "xmlns:ogc": "http://www.opengis.net/ogc",
                "xmlns:tessera": FeatureType.namespace(of: bodyPath),
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd",
            ]
        ) { writer in
            writer.element("Service") { writer in
                writer.element("Name", text: "WFS")
                writer.element("Title", text: title)
                writer.element("Abstract", text: abstract)
                writer.element("Keywords", text: keywords.joined(separator: ", "))
                writer.element("OnlineResource", text: address)
                writer.element("Fees", text: identity.fees)
                writer.element("AccessConstraints", text: identity.accessConstraints ?? "none")
            }
            writer.element("Capability") { writer in
                writer.element("Request") { writer in
                    writer.element("GetCapabilities") { ways(&$0) }
                    writer.element("DescribeFeatureType") { writer in
                        writer.element("SchemaDescriptionLanguage") { $0.element("XMLSCHEMA") }
                        ways(&writer)
                    }
                    writer.element("GetFeature") { writer in
                        // The schema has this word alone; the other formats are taken all the same.
                        writer.element("ResultFormat") { $0.element("GML2") }
                        ways(&writer)
                    }
                }
            }
            writer.element("FeatureTypeList") { writer in
                writer.element("Operations") { $0.element("Query") }
                for type in types {
                    writer.element("FeatureType") { writer in
                        writer.element("Name", text: FeatureType.prefix + ":" + type.name)
                        writer.element("Title", text: type.title)
                        writer.element("Abstract", text: abstract(of: type))
                        writer.element("Keywords", text: "\(body), \(type.title)")
                        writer.optional("SRS", systemNames.first)
                        let box = box(of: type)
                        writer.element(
                            "LatLongBoundingBox",
                            [
                                "minx": "\(box.minX)", "miny": "\(box.minY)", "maxx": "\(box.maxX)",
                                "maxy": "\(box.maxY)",
                            ])
                    }
                }
            }
            FilterCapabilities.write100(&writer)
        }
    }

    private func ways(_ writer: inout XMLWriter) {
        for (method, address) in [("Get", address + "?"), ("Post", address)] {
            writer.element("DCPType") { writer in
                writer.element("HTTP") { $0.element(method, ["onlineResource": address]) }
            }
        }
    }
}
