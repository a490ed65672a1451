internal import Features
internal import Maps
internal import PlanetaryFrames
internal import XML

/// The capabilities of a service of features (OGC 09-025r2, section 8; OGC 04-094, section 13; OGC 02-058, section 12).
struct WFSCapabilities {
    /// Who offers the service.
    var identity: ServiceIdentity
    /// The body's name for people.
    var body: String
    /// The body's name in namespaces.
    var bodyPath: String
    /// The address of the service, without a question mark.
    var address: String
    /// The types.
    var types: [FeatureType]
    /// The systems, the default one first.
    var systems: [MapCRS]
    /// The number of this state of the document; a later state has a higher one.
    var updateSequence: Int64
    /// How many features a request that says nothing gets at most; nil for all.
    var countDefault: Int?

    static let operations = [
        "GetCapabilities", "DescribeFeatureType", "GetFeature", "GetPropertyValue", "ListStoredQueries",
        "DescribeStoredQueries",
    ]

    /// The answer to GetCapabilities: the parts that are wanted, and none of them when the client has the present document.
    /// - Throws: `InvalidUpdateSequence` when the client's document is a later one (OGC 06-121r3, section 7.3.4).
    func answer(_ wish: WFSDocumentParameters) throws(OGCException) -> OGCAnswer {
        var sections = wish.sections
        if let text = wish.updateSequence, wish.version != .v100 {
            guard let number = Int64(text), number <= updateSequence else {
                throw OGCException(
                    .invalidUpdateSequence, locator: "UPDATESEQUENCE",
                    "UPDATESEQUENCE is \(OGCException.quoted(text)); the present document has the number \(updateSequence)."
                )
            }
            if number == updateSequence { sections = [] }
        }
        var writer = XMLWriter()
        switch wish.version {
        case .v100: document100(&writer)
        case .v110, .v200: document(wish.version, sections, &writer)
        }
        return OGCAnswer(mediaType: "text/xml", body: writer.bytes)
    }

    /// The names of the systems in documents.
    var systemNames: [String] {
        var names: [String] = []
        for system in systems {
            let name = system.identifier.text(for: .wfs)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    var title: String { identity.title.map { "\(body): \($0)" } ?? "Features of \(body)" }

    var abstract: String {
        identity.abstract
            ?? "Places and objects of \(body), in the planetary coordinate systems of the IAU. Bounding boxes are in planetocentric degrees to the east."
    }

    var keywords: [String] { WMSCapabilities.unique([body, "planetary", "features"] + identity.keywords) }

    func abstract(of type: FeatureType) -> String {
        let layer = type.layer
        let text = [layer.description, "\(layer.count) features."].filter { !$0.isEmpty }
        return (text + layer.assumptions).joined(separator: "\n")
    }

    /// The box in planetocentric degrees; the whole body where no feature has a place.
    func box(of type: FeatureType) -> FeatureBox {
        type.layer.box ?? FeatureBox(minX: -180, minY: -90, maxX: 180, maxY: 90)
    }

    // MARK: 2.0.0 and 1.1.0

    private func document(
        _ version: WFSVersion, _ sections: Set<WFSDocumentParameters.Section>, _ writer: inout XMLWriter
    ) {
        let isNew = version == .v200
        let wfs = isNew ? "http://www.opengis.net/wfs/2.0" : "http://www.opengis.net/wfs"
        let ows = isNew ? "http://www.opengis.net/ows/1.1" : "http://www.opengis.net/ows"
        let schema = isNew ? "wfs/2.0/wfs.xsd" : "wfs/1.1.0/wfs.xsd"
        writer.element(
            "wfs:WFS_Capabilities",
            [
                "version": version.rawValue, "updateSequence": String(updateSequence), "xmlns:wfs": wfs,
                "xmlns:ows": ows, "xmlns:gml": version.gml.namespace,
                "xmlns:fes": isNew ? "http://www.opengis.net/fes/2.0" : nil,
                "xmlns:ogc": isNew ? nil : "http://www.opengis.net/ogc",
                "xmlns:xlink": "http://www.w3.org/1999/xlink",
                "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
                "xmlns:tessera": FeatureType.namespace(of: bodyPath),
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation": "\(wfs) http://schemas.opengis.net/\(schema)",
            ]
        ) { writer in
            if sections.contains(.serviceIdentification) { identification(version, &writer) }
            if sections.contains(.serviceProvider) { provider(&writer) }
            if sections.contains(.operationsMetadata) { operations(version, &writer) }
            if sections.contains(.featureTypeList) {
                writer.element("wfs:FeatureTypeList") { writer in
                    if !isNew {
                        writer.element("wfs:Operations") { $0.element("wfs:Operation", text: "Query") }
                    }
                    for type in types { write(type, version, &writer) }
                }
            }
            // The earlier schema wants this section whatever is asked for.
            if sections.contains(.filterCapabilities) || !isNew {
                if isNew {
                    FilterCapabilities.write200(&writer)
                } else {
                    FilterCapabilities.write110(&writer)
                }
            }
        }
    }

    private func identification(_ version: WFSVersion, _ writer: inout XMLWriter) {
        writer.element("ows:ServiceIdentification") { writer in
            writer.element("ows:Title", text: title)
            writer.element("ows:Abstract", text: abstract)
            writer.element("ows:Keywords") { writer in
                for word in keywords { writer.element("ows:Keyword", text: word) }
            }
            writer.element("ows:ServiceType", ["codeSpace": "OGC"], text: "WFS")
            for version in WFSVersion.allCases.reversed() {
                writer.element("ows:ServiceTypeVersion", text: version.rawValue)
            }
            writer.element("ows:Fees", text: identity.fees)
            writer.element("ows:AccessConstraints", text: identity.accessConstraints ?? "none")
        }
    }

    private func provider(_ writer: inout XMLWriter) {
        let contact = identity.contact
        // The standard wants a name where this section stands.
        guard let name = contact.organization ?? contact.person else { return }
        writer.element("ows:ServiceProvider") { writer in
            writer.element("ows:ProviderName", text: name)
            writer.element("ows:ServiceContact") { writer in
                writer.optional("ows:IndividualName", contact.person)
                writer.optional("ows:PositionName", contact.position)
                guard contact.telephone != nil || contact.email != nil else { return }
                writer.element("ows:ContactInfo") { writer in
                    if let telephone = contact.telephone {
                        writer.element("ows:Phone") { $0.element("ows:Voice", text: telephone) }
                    }
                    if let email = contact.email {
                        writer.element("ows:Address") {
                            $0.element("ows:ElectronicMailAddress", text: email)
                        }
                    }
                }
            }
        }
    }

    private func operations(_ version: WFSVersion, _ writer: inout XMLWriter) {
        let isNew = version == .v200
        func domain(_ name: String, _ values: [String], _ writer: inout XMLWriter) {
            writer.element("ows:Parameter", ["name": name]) { writer in
                func list(_ writer: inout XMLWriter) {
                    for value in values { writer.element("ows:Value", text: value) }
                }
                if isNew { writer.element("ows:AllowedValues") { list(&$0) } } else { list(&writer) }
            }
        }
        func constraint(_ name: String, _ value: String, _ writer: inout XMLWriter) {
            writer.element("ows:Constraint", ["name": name]) { writer in
                guard isNew else {
                    writer.element("ows:Value", text: value)
                    return
                }
                writer.element("ows:NoValues")
                writer.element("ows:DefaultValue", text: value)
            }
        }
        let formats = WFSFormat.listed(version).map(\.name)
        writer.element("ows:OperationsMetadata") { writer in
            for name in isNew ? Self.operations : Array(Self.operations.prefix(3)) {
                writer.element("ows:Operation", ["name": name]) { writer in
                    writer.element("ows:DCP") { writer in
                        writer.element("ows:HTTP") { writer in
                            writer.element("ows:Get", ["xlink:href": address + "?"])
                            writer.element("ows:Post", ["xlink:href": address])
                        }
                    }
                    switch name {
                    case "GetCapabilities":
                        domain("AcceptVersions", WFSVersion.allCases.reversed().map(\.rawValue), &writer)
                        domain("AcceptFormats", ["text/xml"], &writer)
                        domain("Sections", WFSDocumentParameters.Section.allCases.map(\.rawValue), &writer)
                    case "DescribeFeatureType":
                        domain(
                            "outputFormat",
                            WFSFormat.listed(version).filter { if case .gml = $0 { true } else { false } }
                                .map(\.name),
                            &writer)
                    case "GetFeature":
                        domain("resultType", ["results", "hits"], &writer)
                        domain("outputFormat", formats, &writer)
                    case "GetPropertyValue": domain("outputFormat", [WFSFormat.gml(.v321).name], &writer)
                    default: break
                    }
                    if let countDefault, ["GetFeature", "GetPropertyValue"].contains(name) {
                        constraint(
                            isNew ? "CountDefault" : "DefaultMaxFeatures", String(countDefault), &writer)
                    }
                }
            }
            if isNew {
                domain("version", WFSVersion.allCases.reversed().map(\.rawValue), &writer)
                for (name, isTrue) in [
                    ("ImplementsBasicWFS", true), ("ImplementsTransactionalWFS", false),
                    ("ImplementsLockingWFS", false), ("KVPEncoding", true), ("XMLEncoding", true),
                    ("SOAPEncoding", false), ("ImplementsInheritance", false),
                    ("ImplementsRemoteResolve", false), ("ImplementsResultPaging", true),
                    ("ImplementsStandardJoins", false), ("ImplementsSpatialJoins", false),
                    ("ImplementsTemporalJoins", false), ("ImplementsFeatureVersioning", false),
                    ("ManageStoredQueries", false), ("PagingIsTransactionSafe", false),
                ] { constraint(name, isTrue ? "TRUE" : "FALSE", &writer) }
                constraint("QueryExpressions", "wfs:Query wfs:StoredQuery", &writer)
            }
        }
    }

    private func write(_ type: FeatureType, _ version: WFSVersion, _ writer: inout XMLWriter) {
        let isNew = version == .v200
        let names = systemNames
        writer.element("wfs:FeatureType") { writer in
            writer.element("wfs:Name", text: FeatureType.prefix + ":" + type.name)
            writer.element("wfs:Title", text: type.title)
            writer.element("wfs:Abstract", text: abstract(of: type))
            writer.element("ows:Keywords") { writer in
                for word in WMSCapabilities.unique([body, type.title]) {
                    writer.element("ows:Keyword", text: word)
                }
            }
            for (index, name) in names.enumerated() {
                let element = index == 0 ? "Default" : "Other"
                writer.element("wfs:" + element + (isNew ? "CRS" : "SRS"), text: name)
            }
            writer.element("wfs:OutputFormats") { writer in
                for format in WFSFormat.listed(version) { writer.element("wfs:Format", text: format.name) }
            }
            let box = box(of: type)
            writer.element("ows:WGS84BoundingBox") { writer in
                writer.element("ows:LowerCorner", text: "\(box.minX) \(box.minY)")
                writer.element("ows:UpperCorner", text: "\(box.maxX) \(box.maxY)")
            }
        }
    }
}
