internal import Maps
internal import PlanetaryFrames
internal import XML

/// The service metadata of a tile service (OGC 07-057r7, section 7.1.1.2).
public struct WMTSCapabilities: Sendable {
    /// Who offers the service.
    public var identity: ServiceIdentity
    /// The body, for titles and keywords.
    public var body: String
    /// Scheme and authority of the server, such as `http://127.0.0.1:8080`.
    public var root: String
    /// The path of the service below it, such as `/mars/wmts`.
    public var path: String
    /// The path of the map service, which draws the legends.
    public var legendPath: String
    /// The layers.
    public var layers: [TiledLayer]
    /// The number of this state of the document; a later state has a higher one.
    public var updateSequence: Int64

    /// A description of a service.
    public init(
        identity: ServiceIdentity, body: String, root: String, path: String, legendPath: String,
        layers: [TiledLayer], updateSequence: Int64
    ) {
        self.identity = identity
        self.body = body
        self.root = root
        self.path = path
        self.legendPath = legendPath
        self.layers = layers
        self.updateSequence = updateSequence
    }

    /// The answer to GetCapabilities: the parts that are wanted, and none of them when the client has the present document.
    /// - Throws: `InvalidUpdateSequence` when the client's document is a later one (OGC 06-121r3, section 7.3.4).
    public func answer(_ wish: WMTSDocumentParameters) throws(OGCException) -> OGCAnswer {
        var sections = wish.sections
        if let text = wish.updateSequence {
            guard let number = Int64(text), number <= updateSequence else {
                throw OGCException(
                    .invalidUpdateSequence, locator: "UPDATESEQUENCE",
                    "UPDATESEQUENCE is \(OGCException.quoted(text)); the present document has the number \(updateSequence)."
                )
            }
            if number == updateSequence { sections = [] }
        }
        return OGCAnswer(mediaType: wish.mediaType, body: document(sections))
    }

    /// The document with some of its sections.
    public func document(_ sections: Set<WMTSDocumentParameters.Section>) -> [UInt8] {
        var writer = XMLWriter()
        writer.element(
            "Capabilities",
            [
                "version": "1.0.0", "updateSequence": String(updateSequence),
                "xmlns": "http://www.opengis.net/wmts/1.0", "xmlns:ows": "http://www.opengis.net/ows/1.1",
                "xmlns:xlink": "http://www.w3.org/1999/xlink",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd",
            ]
        ) { writer in
            if sections.contains(.serviceIdentification) { identification(&writer) }
            if sections.contains(.serviceProvider) { provider(&writer) }
            if sections.contains(.operationsMetadata) { operations(&writer) }
            if sections.contains(.contents) { contents(&writer) }
            if !sections.isEmpty {
                writer.element(
                    "ServiceMetadataURL", ["xlink:href": address + "/1.0.0/WMTSCapabilities.xml"])
            }
        }
        return writer.bytes
    }

    /// The address of the service, without a question mark.
    private var address: String { root + path }

    private func identification(_ writer: inout XMLWriter) {
        let licences = layers.compactMap { layer in
            layer.description.licence.map { "\(layer.description.name): \($0)" }
        }
        writer.element("ows:ServiceIdentification") { writer in
            writer.element("ows:Title", text: identity.title.map { "\(body): \($0)" } ?? "Maps of \(body)")
            writer.element(
                "ows:Abstract",
                text: identity.abstract
                    ?? "Tiles of maps of \(body), drawn from HiPS in the planetary coordinate systems of the IAU."
            )
            keywords(&writer, [body, "planetary", "HiPS"] + identity.keywords)
            writer.element("ows:ServiceType", text: "OGC WMTS")
            writer.element("ows:ServiceTypeVersion", text: "1.0.0")
            writer.element("ows:Fees", text: identity.fees)
            writer.element(
                "ows:AccessConstraints",
                text: identity.accessConstraints
                    ?? (licences.isEmpty ? "none" : licences.joined(separator: "; ")))
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

    private func operations(_ writer: inout XMLWriter) {
        writer.element("ows:OperationsMetadata") { writer in
            for name in ["GetCapabilities", "GetTile", "GetFeatureInfo"] {
                writer.element("ows:Operation", ["name": name]) { writer in
                    writer.element("ows:DCP") { writer in
                        writer.element("ows:HTTP") { writer in
                            writer.element("ows:Get", ["xlink:href": address + "?"]) { writer in
                                writer.element("ows:Constraint", ["name": "GetEncoding"]) { writer in
                                    writer.element("ows:AllowedValues") {
                                        $0.element("ows:Value", text: "KVP")
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func keywords(_ writer: inout XMLWriter, _ words: [String]) {
        writer.element("ows:Keywords") { writer in
            for word in WMSCapabilities.unique(words) { writer.element("ows:Keyword", text: word) }
        }
    }
}

// What there is.
extension WMTSCapabilities {
    /// The sets, each with the deepest level that any layer has something new in.
    private var deepest: [TileMatrixSet: Int] {
        var deepest: [TileMatrixSet: Int] = [:]
        for part in layers.flatMap(\.parts) {
            deepest[part.set] = max(deepest[part.set] ?? 0, part.deepest)
        }
        return deepest
    }

    private func contents(_ writer: inout XMLWriter) {
        writer.element("Contents") { writer in
            let deepest = deepest
            for layer in layers {
                writer.element("Layer") { write(layer, deepest, &$0) }
            }
            for (set, level) in deepest.sorted(by: { $0.key.identifier < $1.key.identifier }) {
                writer.element("TileMatrixSet") { write(set, to: level, &$0) }
            }
        }
    }

    private func write(_ layer: TiledLayer, _ deepest: [TileMatrixSet: Int], _ writer: inout XMLWriter) {
        let description = layer.description
        writer.element("ows:Title", text: description.title)
        let credit = [description.credit, description.licence.map { "Licence: \($0)" }].compactMap { $0 }
        writer.optional(
            "ows:Abstract",
            [description.abstract, credit.isEmpty ? nil : credit.joined(separator: ". ")].compactMap { $0 }
                .joined(separator: "\n\n"))
        keywords(&writer, [body] + description.keywords)
        writer.element("ows:Identifier", text: description.name)
        for part in layer.parts { boundingBox(&writer, part.box, of: part.set) }
        if let coverage = description.coverage {
            writer.element(
                "ows:Metadata", ["xlink:href": root + coverage.path, "xlink:title": "Coverage (MOC)"])
        }
        if let data = description.data {
            writer.element(
                "ows:Metadata", ["xlink:href": root + data.path, "xlink:title": "Properties (HiPS)"])
        }
        for (index, style) in description.styles.enumerated() {
            write(style, of: description, isDefault: index == 0, &writer)
        }
        for format in MapFormat.tileFormats { writer.element("Format", text: format.mediaType) }
        for format in FeatureInfoFormat.allCases { writer.element("InfoFormat", text: format.rawValue) }
        for part in layer.parts {
            writer.element("TileMatrixSetLink") { writer in
                writer.element("TileMatrixSet", text: part.set.identifier)
                // Clients pass over the levels that limits do not name: where nothing is limited there are none, and where
                // other maps of the body are finer they say how deep this one goes.
                let isCoarser = part.deepest < deepest[part.set] ?? 0
                guard part.box != part.set.box || isCoarser, part.deepest > 0 else { return }
                writer.element("TileMatrixSetLimits") { limits(of: part, &$0) }
            }
        }
        let template =
            address + "/1.0.0/" + URLText.escaped(description.name)
            + "/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}"
        for format in MapFormat.tileFormats {
            writer.element(
                "ResourceURL",
                [
                    "format": format.mediaType, "resourceType": "tile",
                    "template": template + "." + format.tileExtension,
                ])
        }
        for format in FeatureInfoFormat.allCases {
            writer.element(
                "ResourceURL",
                [
                    "format": format.rawValue, "resourceType": "FeatureInfo",
                    "template": template + "/{J}/{I}." + format.fileExtension,
                ])
        }
    }

    private func write(
        _ style: ServiceLayer.Style, of layer: ServiceLayer, isDefault: Bool, _ writer: inout XMLWriter
    ) {
        writer.element("Style", ["isDefault": isDefault ? "true" : "false"]) { writer in
            writer.element("ows:Title", text: style.title)
            writer.optional("ows:Abstract", style.abstract)
            writer.element("ows:Identifier", text: style.name)
            guard let size = style.legend else { return }
            let query =
                "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=\(URLText.escaped(layer.name))"
                + "&STYLE=\(URLText.escaped(style.name))&FORMAT=image/png"
            writer.element(
                "LegendURL",
                [
                    "format": MapFormat.png.mediaType, "width": String(size.width),
                    "height": String(size.height),
                    "xlink:href": root + legendPath + "?" + query,
                ])
        }
    }

    /// The tiles of each level that show something of the layer; deeper levels would show nothing more.
    ///
    /// The schema wants the last row and column above 0, which level 0 does not have.
    private func limits(of part: TiledLayer.Part, _ writer: inout XMLWriter) {
        for level in 1...part.deepest {
            let (columns, rows) = part.set.tiles(in: part.box, level: level)
            writer.element("TileMatrixLimits") { writer in
                writer.element("TileMatrix", text: String(level))
                writer.element("MinTileRow", text: String(rows.lowerBound))
                writer.element("MaxTileRow", text: String(max(1, rows.upperBound)))
                writer.element("MinTileCol", text: String(columns.lowerBound))
                writer.element("MaxTileCol", text: String(max(1, columns.upperBound)))
            }
        }
    }

    private func write(_ set: TileMatrixSet, to deepest: Int, _ writer: inout XMLWriter) {
        writer.element("ows:Title", text: set.crs.title)
        writer.element("ows:Identifier", text: set.identifier)
        boundingBox(&writer, set.box, of: set)
        writer.element("ows:SupportedCRS", text: set.crs.identifier.text(for: .wmts))
        let corner = point(set.box.minX, set.box.maxY, of: set)
        for level in 0...deepest {
            let size = set.size(of: level)
            writer.element("TileMatrix") { writer in
                writer.element("ows:Identifier", text: String(level))
                writer.element("ScaleDenominator", text: "\(set.scaleDenominator(of: level))")
                writer.element("TopLeftCorner", text: corner)
                writer.element("TileWidth", text: String(TileMatrixSet.tileSize))
                writer.element("TileHeight", text: String(TileMatrixSet.tileSize))
                writer.element("MatrixWidth", text: String(size.columns))
                writer.element("MatrixHeight", text: String(size.rows))
            }
        }
    }

    private func boundingBox(_ writer: inout XMLWriter, _ box: MapBox, of set: TileMatrixSet) {
        writer.element("ows:BoundingBox", ["crs": set.crs.identifier.text(for: .wmts)]) { writer in
            writer.element("ows:LowerCorner", text: point(box.minX, box.minY, of: set))
            writer.element("ows:UpperCorner", text: point(box.maxX, box.maxY, of: set))
        }
    }

    /// A point in the order of the system's axes.
    private func point(_ x: Double, _ y: Double, of set: TileMatrixSet) -> String {
        set.crs.axisOrder.isNorthFirst ? "\(y) \(x)" : "\(x) \(y)"
    }
}
