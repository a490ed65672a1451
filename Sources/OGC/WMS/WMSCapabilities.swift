internal import Maps
internal import XML

/// The capabilities of a map service (OGC 06-042, section 7.2, and OGC 01-068r3, section 7.1).
public struct WMSCapabilities: Sendable {
    /// Who offers the service.
    public var identity: ServiceIdentity
    /// The body, for titles and keywords.
    public var body: String
    /// Scheme and authority of the server, such as `http://127.0.0.1:8080`.
    public var root: String
    /// The path of the service below it, such as `/mars/wms`.
    public var path: String
    /// The layers.
    public var layers: [ServiceLayer]
    /// What requests may ask for.
    public var limits: WMSLimits
    /// The number of this state of the document; a later state has a higher one.
    public var updateSequence: Int64

    /// A description of a service.
    public init(
        identity: ServiceIdentity, body: String, root: String, path: String, layers: [ServiceLayer],
        limits: WMSLimits, updateSequence: Int64
    ) {
        self.identity = identity
        self.body = body
        self.root = root
        self.path = path
        self.layers = layers
        self.limits = limits
        self.updateSequence = updateSequence
    }

    /// The document of a version.
    public func document(_ version: WMSVersion) -> [UInt8] {
        switch version {
        case .v130:
            var writer = XMLWriter()
            writer.element(
                "WMS_Capabilities",
                [
                    "version": "1.3.0", "updateSequence": String(updateSequence),
                    "xmlns": "http://www.opengis.net/wms", "xmlns:xlink": "http://www.w3.org/1999/xlink",
                    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                    "xsi:schemaLocation":
                        "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd",
                ]
            ) { write(&$0, version) }
            return writer.bytes
        case .v111:
            var writer = XMLWriter(
                documentType:
                    "WMT_MS_Capabilities SYSTEM \"http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd\""
            )
            writer.element(
                "WMT_MS_Capabilities", ["version": "1.1.1", "updateSequence": String(updateSequence)]
            ) { write(&$0, version) }
            return writer.bytes
        }
    }

    /// The answer to GetCapabilities.
    /// - Parameter sequence: the number of the document that the client has; nil for none.
    /// - Throws: `CurrentUpdateSequence` when it is this one, `InvalidUpdateSequence` when it is a later one (section 7.2.3.5).
    public func answer(_ version: WMSVersion, sequence: String?) throws(OGCException) -> OGCAnswer {
        if let sequence, !sequence.isEmpty {
            guard let number = Int64(sequence) else {
                throw OGCException(
                    .invalidUpdateSequence, locator: "UPDATESEQUENCE",
                    "UPDATESEQUENCE is \(OGCException.quoted(sequence)); the numbers of this service are whole ones."
                )
            }
            if number == updateSequence {
                throw OGCException(
                    .currentUpdateSequence, locator: "UPDATESEQUENCE",
                    "The document \(number) is the present one.")
            }
            if number > updateSequence {
                throw OGCException(
                    .invalidUpdateSequence, locator: "UPDATESEQUENCE",
                    "The document \(number) is later than the present one, \(updateSequence).")
            }
        }
        return OGCAnswer(mediaType: version.capabilitiesType, body: document(version))
    }

    private func write(_ writer: inout XMLWriter, _ version: WMSVersion) {
        writer.element("Service") { service(&$0, version) }
        writer.element("Capability") { writer in
            writer.element("Request") { writer in
                operation(&writer, "GetCapabilities", [version.capabilitiesType])
                operation(&writer, "GetMap", MapFormat.allCases.map(\.name))
                operation(&writer, "GetFeatureInfo", FeatureInfoFormat.allCases.map(\.rawValue))
                // In 1.3.0 this is an extension of another schema; the addresses of the legends are enough there.
                if version == .v111 {
                    operation(&writer, "GetLegendGraphic", MapFormat.allCases.map(\.name))
                }
            }
            writer.element("Exception") { writer in
                for name in ExceptionsFormat.names(version) { writer.element("Format", text: name) }
            }
            writer.element("Layer") { rootLayer(&$0, version) }
        }
    }

    private func service(_ writer: inout XMLWriter, _ version: WMSVersion) {
        writer.element("Name", text: version == .v130 ? "WMS" : "OGC:WMS")
        writer.element("Title", text: title)
        writer.element("Abstract", text: identity.abstract ?? defaultAbstract)
        writer.element("KeywordList") { writer in
            for word in Self.unique([body, "planetary", "HiPS"] + identity.keywords) {
                writer.element("Keyword", text: word)
            }
        }
        // The page of the one who offers it, where there is one (OGC 06-042, table 6).
        onlineResource(&writer, identity.contact.url ?? address + "?")
        contact(&writer)
        writer.element("Fees", text: identity.fees)
        writer.element("AccessConstraints", text: accessConstraints)
        if version == .v130 {
            writer.element("LayerLimit", text: String(limits.mostLayers))
            writer.element("MaxWidth", text: String(limits.largestWidth))
            writer.element("MaxHeight", text: String(limits.largestHeight))
        }
    }

    /// The address of the service, without a question mark.
    private var address: String { root + path }

    private var title: String {
        identity.title.map { "\(body): \($0)" } ?? "Maps of \(body)"
    }

    private var defaultAbstract: String {
        "Maps of \(body), drawn from HiPS in the planetary coordinate systems of the IAU. Angles are planetocentric and "
            + "count to the east unless a system says otherwise."
    }

    /// The licences of the maps where nothing else is said; `none` when no map has one.
    private var accessConstraints: String {
        if let stated = identity.accessConstraints { return stated }
        let licences = layers.compactMap { layer in layer.licence.map { "\(layer.name): \($0)" } }
        return licences.isEmpty ? "none" : licences.joined(separator: "; ")
    }

    private func contact(_ writer: inout XMLWriter) {
        let contact = identity.contact
        guard !contact.isEmpty else { return }
        writer.element("ContactInformation") { writer in
            if contact.person != nil || contact.organization != nil {
                writer.element("ContactPersonPrimary") { writer in
                    writer.element("ContactPerson", text: contact.person ?? "")
                    writer.element("ContactOrganization", text: contact.organization ?? "")
                }
            }
            writer.optional("ContactPosition", contact.position)
            if contact.hasAddress {
                // All six must be there, in this order (OGC 06-042, annex E.1).
                writer.element("ContactAddress") { writer in
                    writer.element("AddressType", text: "postal")
                    writer.element("Address", text: contact.street ?? "")
                    writer.element("City", text: contact.city ?? "")
                    writer.element("StateOrProvince", text: contact.state ?? "")
                    writer.element("PostCode", text: contact.postcode ?? "")
                    writer.element("Country", text: contact.country ?? "")
                }
            }
            writer.optional("ContactVoiceTelephone", contact.telephone)
            writer.optional("ContactElectronicMailAddress", contact.email)
        }
    }

    private func operation(_ writer: inout XMLWriter, _ name: String, _ formats: [String]) {
        writer.element(name) { writer in
            for format in formats { writer.element("Format", text: format) }
            writer.element("DCPType") { writer in
                writer.element("HTTP") { writer in
                    writer.element("Get") { onlineResource(&$0, address + "?") }
                }
            }
        }
    }

    private func onlineResource(_ writer: inout XMLWriter, _ address: String) {
        writer.element(
            "OnlineResource",
            [
                "xmlns:xlink": "http://www.w3.org/1999/xlink", "xlink:type": "simple", "xlink:href": address,
            ])
    }

    static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { !$0.isEmpty && seen.insert($0.lowercased()).inserted }
    }
}

// The layers.
extension WMSCapabilities {
    /// The root layer, which no map can be asked of: it lists what all layers have in common.
    private func rootLayer(_ writer: inout XMLWriter, _ version: WMSVersion) {
        writer.element("Title", text: title)
        for crs in commonSystems where version.knows(crs) {
            writer.element(version.crsParameter, text: crs)
        }
        if let first = layers.first {
            geographic(
                &writer, layers.dropFirst().reduce(first.geographicExtent) { $0.union($1.geographicExtent) },
                version)
            for box in first.boxes where commonSystems.contains(box.crs) {
                let whole = layers.dropFirst().reduce(box.box) { whole, layer in
                    layer.boxes.first { $0.crs == box.crs }.map { whole.union($0.box) } ?? whole
                }
                boundingBox(
                    &writer, SystemBox(crs: box.crs, isNorthFirst: box.isNorthFirst, box: whole), version)
            }
        }
        for layer in layers {
            writer.element("Layer", ["queryable": layer.isQueryable ? "1" : "0"]) {
                write(layer, &$0, version)
            }
        }
    }

    /// The systems that every layer is offered in, in the order of the first one.
    private var commonSystems: [String] {
        (layers.first?.boxes.map(\.crs) ?? []).filter { crs in
            layers.allSatisfy { $0.boxes.contains { $0.crs == crs } }
        }
    }

    private func write(_ layer: ServiceLayer, _ writer: inout XMLWriter, _ version: WMSVersion) {
        writer.element("Name", text: layer.name)
        writer.element("Title", text: layer.title)
        writer.optional("Abstract", layer.abstract)
        writer.element("KeywordList") { writer in
            for word in Self.unique([body] + layer.keywords) { writer.element("Keyword", text: word) }
        }
        // What the root has is inherited; a client that adds the lists up must not see a system twice.
        for box in layer.boxes where !commonSystems.contains(box.crs) && version.knows(box.crs) {
            writer.element(version.crsParameter, text: box.crs)
        }
        geographic(&writer, layer.geographicExtent, version)
        for box in layer.boxes { boundingBox(&writer, box, version) }
        attribution(layer, &writer)
        if let identifier = layer.identifier {
            writer.element("AuthorityURL", ["name": "IVOA"]) { onlineResource(&$0, "https://www.ivoa.net/") }
            writer.element("Identifier", ["authority": "IVOA"], text: identifier)
        }
        // The DTD of 1.1.1 knows metadata of two kinds alone, and a coverage is neither.
        if let coverage = layer.coverage {
            switch version {
            case .v130:
                writer.element("MetadataURL", ["type": "IVOA:MOC"]) { link(coverage, &$0) }
                if let data = layer.data { writer.element("DataURL") { link(data, &$0) } }
            case .v111:
                writer.element("DataURL") { link(coverage, &$0) }
                if let data = layer.data { writer.element("DataURL") { link(data, &$0) } }
            }
        }
        for style in layer.styles { write(style, of: layer, &writer, version) }
    }

    private func attribution(_ layer: ServiceLayer, _ writer: inout XMLWriter) {
        guard layer.credit != nil || layer.creditURL != nil || layer.licence != nil else { return }
        let words = [layer.credit, layer.licence.map { "Licence: \($0)" }].compactMap { $0 }
        writer.element("Attribution") { writer in
            if !words.isEmpty { writer.element("Title", text: words.joined(separator: ". ")) }
            if let address = layer.creditURL, address.hasPrefix("http") { onlineResource(&writer, address) }
        }
    }

    private func link(_ link: ServiceLayer.Link, _ writer: inout XMLWriter) {
        writer.element("Format", text: link.mediaType)
        onlineResource(&writer, root + link.path)
    }

    private func write(
        _ style: ServiceLayer.Style, of layer: ServiceLayer, _ writer: inout XMLWriter, _ version: WMSVersion
    ) {
        writer.element("Style") { writer in
            writer.element("Name", text: style.name)
            writer.element("Title", text: style.title)
            writer.optional("Abstract", style.abstract)
            guard let size = style.legend else { return }
            writer.element("LegendURL", ["width": String(size.width), "height": String(size.height)]) {
                writer in
                let query =
                    "SERVICE=WMS&VERSION=\(version.rawValue)&REQUEST=GetLegendGraphic"
                    + "&LAYER=\(URLText.escaped(layer.name))&STYLE=\(URLText.escaped(style.name))&FORMAT=image/png"
                link(.init(mediaType: MapFormat.png.name, path: path + "?" + query), &writer)
            }
        }
    }

    private func geographic(_ writer: inout XMLWriter, _ box: MapBox, _ version: WMSVersion) {
        switch version {
        case .v130:
            writer.element("EX_GeographicBoundingBox") { writer in
                writer.element("westBoundLongitude", text: "\(box.minX)")
                writer.element("eastBoundLongitude", text: "\(box.maxX)")
                writer.element("southBoundLatitude", text: "\(box.minY)")
                writer.element("northBoundLatitude", text: "\(box.maxY)")
            }
        case .v111:
            writer.element(
                "LatLonBoundingBox",
                ["minx": "\(box.minX)", "miny": "\(box.minY)", "maxx": "\(box.maxX)", "maxy": "\(box.maxY)"])
        }
    }

    private func boundingBox(_ writer: inout XMLWriter, _ box: SystemBox, _ version: WMSVersion) {
        guard version.knows(box.crs) else { return }
        let written = version == .v130 && box.isNorthFirst ? box.box.swapped : box.box
        writer.element(
            "BoundingBox",
            [
                version.crsParameter: box.crs, "minx": "\(written.minX)", "miny": "\(written.minY)",
                "maxx": "\(written.maxX)", "maxy": "\(written.maxY)",
            ])
    }
}

extension XMLWriter {
    /// An element with a text; nothing for nil.
    mutating func optional(_ name: String, _ text: String?) {
        if let text { element(name, text: text) }
    }
}
